/**
 * Units of UN/ECE Recommendation 20 by dimension, one a line: `CODE symbol alias alias = factor + offset`, where
 * base = value × factor + offset. Factors are exact by definition where there is one (inch, pound, psi, calorie, Btu).
 */
export const dimensions: Readonly<Record<string, string>> = {
  temperature: `
    KEL K kelvin = 1
    CEL °C Cel degC celsius = 1 + 273.15
    FAH °F [degF] degF fahrenheit = 5/9 + 459.67*5/9
    A48 °Ra [degRa] rankine = 5/9`,
  "temperature rate": `
    H14 °C/s Cel/s K/s = 1
    H13 °C/min Cel/min K/min = 1/60
    H12 °C/h Cel/h K/h = 1/3600`,
  pressure: `
    PAL Pa pascal = 1
    74 mPa = 0.001
    A97 hPa = 100
    KPA kPa = 1000
    MPA MPa = 1e6
    A89 GPa = 1e9
    BAR bar = 1e5
    MBR mbar = 100
    PS psi [psi] lbf/in² = 4.4482216152605/0.00064516
    ATM atm = 101325
    ATT at att = 98066.5
    UA Torr torr = 101325/760
    HN mmHg mm[Hg] = 133.322387415
    F79 inHg [in_i'Hg] = 3386.38864034
    HP mmH2O mm[H2O] = 9.80665
    F78 inH2O [in_i'H2O] = 249.08891`,
  length: `
    MTR m metre meter = 1
    KMT km = 1000
    DMT dm = 0.1
    CMT cm = 0.01
    MMT mm = 0.001
    4H µm um micron = 1e-6
    C45 nm = 1e-9
    INH in [in_i] inch = 0.0254
    FOT ft [ft_i] foot = 0.3048
    YRD yd [yd_i] = 0.9144
    SMI mile [mi_i] mi = 1609.344
    NMI NM [nmi_i] = 1852`,
  area: `
    MTK m² m2 = 1
    KMK km² km2 = 1e6
    DMK dm² dm2 = 0.01
    CMK cm² cm2 = 1e-4
    MMK mm² mm2 = 1e-6
    HAR ha = 1e4
    INK in² in2 [sin_i] = 0.00064516
    FTK ft² ft2 [sft_i] = 0.09290304
    ACR acre = 4046.8564224`,
  volume: `
    MTQ m³ m3 = 1
    DMQ dm³ dm3 = 0.001
    CMQ cm³ cm3 = 1e-6
    MMQ mm³ mm3 = 1e-9
    LTR l L litre liter = 0.001
    HLT hl hL = 0.1
    DLT dl dL = 1e-4
    CLT cl cL = 1e-5
    MLT ml mL = 1e-6
    4G µl uL ul = 1e-9
    K6 kl kL = 1
    FTQ ft³ ft3 [cft_i] = 0.028316846592
    INQ in³ in3 [cin_i] = 1.6387064e-5
    GLL gal [gal_us] = 0.003785411784
    GLI gal_uk [gal_br] = 0.00454609
    BLL bbl [bbl_us] = 0.158987294928`,
  mass: `
    KGM kg = 1
    GRM g = 0.001
    MGM mg = 1e-6
    MC µg ug = 1e-9
    TNE t tonne = 1000
    DTN dt = 100
    LBR lb [lb_av] = 0.45359237
    ONZ oz [oz_av] = 0.028349523125
    STN ton_us [ston_av] = 907.18474
    LTN ton_uk [lton_av] = 1016.0469088`,
  time: `
    SEC s sec = 1
    C26 ms = 0.001
    B98 µs us = 1e-6
    C47 ns = 1e-9
    MIN min = 60
    HUR h hr hour = 3600
    DAY d day = 86400
    WEE wk week = 604800`,
  frequency: `
    HTZ Hz = 1
    KHZ kHz = 1000
    MHZ MHz = 1e6
    A86 GHz = 1e9
    C97 1/s s⁻¹ /s = 1
    C94 1/min min⁻¹ /min = 1/60
    H10 1/h h⁻¹ /h = 1/3600`,
  "rotational speed": `
    2A rad/s = 1
    RPS r/s rps rev/s = 2π
    RPM r/min rpm rev/min U/min = 2π/60
    E96 °/s deg/s = 2π/360`,
  angle: `
    C81 rad = 1
    C25 mrad = 0.001
    DD ° deg degree = 2π/360
    D61 ' arcmin = 2π/21600
    D62 '' arcsec = 2π/1296000
    A91 gon = 2π/400`,
  speed: `
    MTS m/s = 1
    2M cm/s = 0.01
    C16 mm/s = 0.001
    2X m/min = 1/60
    KMH km/h = 1/3.6
    FS ft/s [ft_i]/s = 0.3048
    HM mile/h mph [mi_i]/h = 0.44704
    KNT kn [kn_i] knot = 1852/3600`,
  acceleration: `
    MSK m/s² m/s2 = 1
    K40 gn [g] g_n = 9.80665`,
  force: `
    NEW N = 1
    C20 mN = 0.001
    B47 kN = 1000
    B73 MN = 1e6
    B37 kgf = 9.80665
    C78 lbf [lbf_av] = 4.4482216152605`,
  torque: `
    NU N·m N.m Nm = 1
    D83 mN·m mN.m = 0.001
    F88 N·cm N.cm = 0.01
    B48 kN·m kN.m kNm = 1000
    B74 MN·m MN.m = 1e6`,
  energy: `
    JOU J = 1
    C15 mJ = 0.001
    KJO kJ = 1000
    3B MJ = 1e6
    GV GJ = 1e9
    WHR W·h Wh W.h = 3600
    KWH kW·h kWh kW.h = 3.6e6
    MWH MW·h MWh MW.h = 3.6e9
    GWH GW·h GWh GW.h = 3.6e12
    D32 TW·h TWh TW.h = 3.6e15
    E14 kcal kcal_IT = 4186.8
    BTU Btu [Btu_IT] = 1055.05585262
    A53 eV = 1.602176634e-19`,
  power: `
    WTT W watt = 1
    C31 mW = 0.001
    D80 µW uW = 1e-6
    KWT kW = 1000
    MAW MW = 1e6
    A90 GW = 1e9
    HJ PS_metric hp_metric = 735.49875
    BHP hp bhp [HP] = 745.69987158227022`,
  "apparent power": `
    D46 V·A VA V.A = 1
    KVA kV·A kVA kV.A = 1000
    MVA MV·A MV.A = 1e6`,
  "reactive power": `
    D44 var = 1
    KVR kvar = 1000
    MAR Mvar = 1e6`,
  "apparent energy": "C79 kV·A·h kVAh kV.A.h = 1",
  "reactive energy": "K3 kvar·h kvarh kvar.h = 1",
  "electric current": `
    AMP A = 1
    4K mA = 0.001
    B84 µA uA = 1e-6
    B22 kA = 1000`,
  voltage: `
    VLT V = 1
    2Z mV = 0.001
    D82 µV uV = 1e-6
    KVT kV = 1000
    B78 MV = 1e6`,
  resistance: `
    OHM Ω Ohm ohm = 1
    E45 mΩ mOhm = 0.001
    B49 kΩ kOhm = 1000
    B75 MΩ MOhm = 1e6`,
  conductance: `
    SIE S = 1
    C27 mS = 0.001
    B99 µS uS = 1e-6`,
  conductivity: `
    D10 S/m = 1
    H61 mS/cm = 0.1
    G42 µS/cm uS/cm = 1e-4`,
  capacitance: `
    FAR F = 1
    4O µF uF = 1e-6
    C41 nF = 1e-9
    4T pF = 1e-12`,
  inductance: `
    81 H = 1
    C14 mH = 0.001`,
  "electric charge": `
    COU C = 1
    AMH A·h Ah A.h = 3600
    E09 mA·h mAh mA.h = 3.6`,
  "magnetic flux density": `
    D33 T = 1
    C29 mT = 0.001`,
  "volume flow": `
    MQS m³/s m3/s = 1
    MQH m³/h m3/h = 1/3600
    G52 m³/d m3/d = 1/86400
    G51 l/s L/s = 0.001
    L2 l/min L/min lpm = 0.001/60
    E32 l/h L/h = 0.001/3600
    LD l/d L/d = 0.001/86400
    40 ml/s mL/s = 1e-6
    41 ml/min mL/min = 1e-6/60
    G54 ml/h mL/h = 1e-6/3600
    G2 gal/min gpm [gal_us]/min = 0.003785411784/60
    G3 gal_uk/min [gal_br]/min = 0.00454609/60
    E17 ft³/s ft3/s [cft_i]/s = 0.028316846592
    2L ft³/min ft3/min cfm [cft_i]/min = 0.028316846592/60
    2K ft³/h ft3/h [cft_i]/h = 0.028316846592/3600`,
  "mass flow": `
    KGS kg/s = 1
    F31 kg/min = 1/60
    E93 kg/h = 1/3600
    F30 kg/d = 1/86400
    F29 g/s = 0.001
    F28 g/min = 0.001/60
    F27 g/h = 0.001/3600
    E18 t/h = 1000/3600`,
  density: `
    KMQ kg/m³ kg/m3 = 1
    23 g/cm³ g/cm3 = 1000
    B35 kg/l kg/L = 1000
    GL g/l g/L = 1
    M1 mg/l mg/L = 0.001
    H29 µg/l ug/L ug/l = 1e-6
    GP mg/m³ mg/m3 = 1e-6
    GQ µg/m³ ug/m3 = 1e-9`,
  "dynamic viscosity": `
    C65 Pa·s Pa.s = 1
    C24 mPa·s mPa.s = 0.001
    89 P poise = 0.1
    C7 cP = 0.001`,
  "kinematic viscosity": `
    S4 m²/s m2/s = 1
    C17 mm²/s mm2/s = 1e-6
    4C cSt = 1e-6`,
  "amount of substance": "C34 mol = 1",
  "amount concentration": `
    C36 mol/m³ mol/m3 = 1
    C38 mol/l mol/L = 1000
    M33 mmol/l mmol/L = 1`,
  illuminance: "LUX lx = 1",
  "luminous flux": "LUM lm = 1",
  "luminous intensity": "CDL cd = 1",
  irradiance: "D54 W/m² W/m2 = 1",
  "specific energy": `
    J2 J/kg = 1
    B42 kJ/kg = 1000`,
  "energy per volume": "E46 kW·h/m³ kWh/m3 kW.h/m3 = 1",
  "data size": `
    AD byte B By = 1
    A99 bit = 1/8
    2P kB kbyte = 1000
    4L MB Mbyte = 1e6
    E34 GB Gbyte = 1e9`,
  "data rate": `
    B10 bit/s = 1
    C74 kbit/s = 1000
    E20 Mbit/s = 1e6
    B80 Gbit/s = 1e9
    P93 byte/s B/s = 8`,
  "sound level": "2N dB = 1",
  acidity: "Q30 pH [pH] = 1",
  ratio: `
    C62 1 one = 1
    P1 % percent = 0.01
    NX ‰ [ppth] = 0.001
    59 ppm [ppm] = 1e-6
    61 ppb [ppb] = 1e-9`,
  count: "H87 piece pcs pc = 1",
};
