import type { PumpReading } from "../model/pump.ts";
import { pumpModes, pumpStates, tripCauses } from "../model/pump-state.ts";
import { type EngineeringUnit, units } from "./engineering-unit.ts";

/** What a value comes from: it decides which faults reach it. */
export type Instrument =
  | "transmitter" // flow and pressure: `sensor-failure` hits them
  | "derived" // calculated from transmitters
  | "drive" // told by the frequency converter, which stops telling when the pump is in Fault
  | "controller"; // the pump's own memory, always there

export type Scalar = "Double" | "Float" | "UInt32" | "Int64" | "Boolean" | "String";
export type PumpEnumeration = "PumpState" | "PumpMode" | "TripCause";

/** The enumerations of the address space, in the order of their values. */
export const pumpEnumerations: Readonly<Record<PumpEnumeration, readonly string[]>> = {
  PumpState: pumpStates,
  PumpMode: pumpModes,
  TripCause: tripCauses,
};

/** One variable of PumpType that changes while the plant runs. */
export interface PumpVariable {
  readonly group: "Operational" | "Measurements" | "Control" | "Maintenance";
  readonly name: string;
  readonly description: string;
  readonly type: Scalar | PumpEnumeration;
  readonly instrument: Instrument;
  /** With a unit it is an AnalogUnitRangeType variable with EngineeringUnits and EURange. */
  readonly unit?: EngineeringUnit;
  readonly range?: readonly [low: number, high: number];
  readonly value: (pump: PumpReading) => number | bigint | boolean | string;
}

/** Name of the one variable that a client may write. */
export const setpointName = "SpeedSetpoint";

const measurement = (
  name: string,
  type: "Double" | "Float",
  instrument: Instrument,
  unit: EngineeringUnit,
  range: readonly [number, number],
  description: string,
  value: (pump: PumpReading) => number,
): PumpVariable => ({ group: "Measurements", name, type, instrument, unit, range, description, value });

/** The address space of a pump as data: the object type is built from it, and every tick's values are read through it. */
export const pumpVariables: readonly PumpVariable[] = [
  measurement("Speed", "Float", "drive", units.revolutionsPerMinute, [0, 3300], "Speed of the shaft", (p) => p.speed),
  measurement(
    "VolumeFlow",
    "Double",
    "transmitter",
    units.cubicMetrePerHour,
    [0, 130],
    "Flow at the outlet",
    (p) => p.flow,
  ),
  measurement(
    "DifferentialPressure",
    "Double",
    "transmitter",
    units.bar,
    [0, 16],
    "Pressure at the outlet less pressure at the inlet",
    (p) => p.differentialPressure,
  ),
  measurement("Head", "Double", "derived", units.metre, [0, 130], "Total head of all stages", (p) => p.head),
  measurement(
    "PumpPowerOutput",
    "Double",
    "derived",
    units.kilowatt,
    [0, 30],
    "Hydraulic power given to the water",
    (p) => p.hydraulicPower,
  ),
  measurement("PumpPowerInput", "Double", "drive", units.kilowatt, [0, 30], "Power at the shaft", (p) => p.shaftPower),
  measurement(
    "DriverPowerInput",
    "Double",
    "drive",
    units.kilowatt,
    [0, 30],
    "Electrical power of motor and drive",
    (p) => p.electricalPower,
  ),
  measurement(
    "PumpEfficiency",
    "Double",
    "derived",
    units.percent,
    [0, 100],
    "Hydraulic power over electrical power",
    (p) => p.efficiency,
  ),
  measurement(
    "BearingTemperature",
    "Float",
    "controller",
    units.celsius,
    [-20, 150],
    "Bearing at the drive end; above 95 °C the pump trips",
    (p) => p.temperatures.bearingDriveEnd,
  ),
  measurement(
    "MotorTemperature",
    "Float",
    "drive",
    units.celsius,
    [-20, 200],
    "Hottest winding of the motor",
    (p) => p.temperatures.motorWinding,
  ),
  measurement(
    "FluidTemperature",
    "Double",
    "controller",
    units.celsius,
    [-20, 150],
    "Water in the casing",
    (p) => p.temperatures.fluid,
  ),
  {
    group: "Measurements",
    name: "NumberOfStarts",
    type: "UInt32",
    instrument: "controller",
    description: "Starts since commissioning",
    value: (p) => p.starts,
  },
  {
    group: "Measurements",
    name: "TotalVolume",
    type: "Int64",
    instrument: "controller",
    unit: units.litre,
    range: [0, 1e12],
    description: "Water lifted since commissioning",
    value: (p) => BigInt(Math.floor(p.volume * 1000)),
  },
  {
    group: "Maintenance",
    name: "OperatingHours",
    type: "Double",
    instrument: "controller",
    unit: units.hour,
    range: [0, 200_000],
    description: "Hours of running since commissioning",
    value: (p) => p.operatingHours,
  },
  {
    group: "Maintenance",
    name: "WearIndex",
    type: "Double",
    instrument: "derived",
    unit: units.percent,
    range: [0, 100],
    description: "Condition monitoring's estimate: 0 is new, 100 worn out",
    value: (p) => 100 * p.wear,
  },
  {
    group: "Operational",
    name: "State",
    type: "PumpState",
    instrument: "controller",
    description: "What the pump does",
    value: (p) => pumpStates.indexOf(p.state),
  },
  {
    group: "Operational",
    name: "StateText",
    type: "String",
    instrument: "controller",
    description: "The state as a word, for clients that read no enumerations",
    value: (p) => p.state,
  },
  {
    group: "Operational",
    name: "Running",
    type: "Boolean",
    instrument: "controller",
    description: "The shaft turns",
    value: (p) => p.speed > 0,
  },
  {
    group: "Operational",
    name: "Mode",
    type: "PumpMode",
    instrument: "controller",
    description: "Who decides whether the pump runs",
    value: (p) => pumpModes.indexOf(p.mode),
  },
  {
    group: "Operational",
    name: "TripCause",
    type: "TripCause",
    instrument: "controller",
    description: "Why the pump is in Fault",
    value: (p) => tripCauses.indexOf(p.trip),
  },
  {
    group: "Control",
    name: setpointName,
    type: "Double",
    instrument: "controller",
    unit: units.percent,
    range: [0, 110],
    description: "Wanted speed in % of rated speed; 0 stops the pump; refused outside the range",
    value: (p) => p.speedSetpoint,
  },
];
