import { EnergyMeter, type MeterReading } from "./energy-meter.ts";
import { flowAgainst, type SystemCurve, solveHeader } from "./hydraulics.ts";
import { LevelControl } from "./level-control.ts";
import { Pump, type PumpDefects, type PumpReading } from "./pump.ts";
import { makePumpSpecs } from "./pump-spec.ts";
import { Random } from "./random.ts";
import { relax } from "./relax.ts";

/** Everything that can be known of the station at one moment. Units: s, °C, m³/h, m³, m and those of pumps and meter. */
export interface StationReading {
  /** Seconds of plant time since the start. */
  readonly time: number;
  readonly ambient: { readonly temperature: number; readonly humidity: number };
  /** Share of the high reservoir that is filled, 0..1. */
  readonly level: number;
  readonly demandFlow: number;
  readonly totalFlow: number;
  readonly headerHead: number;
  readonly pumps: readonly PumpReading[];
  readonly meter: MeterReading;
}

export interface StationOptions {
  readonly seed: number;
  readonly pumps: number;
}

const noDefects: PumpDefects = { wear: false, overheating: false, driveTrip: false };

/** s: longer steps are cut, so that ramps and protection see what happens in between. */
const longestStep = 1;

/**
 * A station that lifts water from a well through one rising main into a high reservoir. A pure model: it knows no clock
 * and no protocol, and the same seed and steps give the same numbers.
 */
export class Station {
  readonly pumps: readonly Pump[];
  readonly meter: EnergyMeter;
  readonly #random: Random;
  readonly #control = new LevelControl();
  readonly #defects = new Map<string, PumpDefects>();
  /** Size of the town behind the reservoir, so that any number of pumps has something to do. */
  readonly #scale: number;
  #time = 0;
  #volume: number;
  #demandNoise = 0;
  #demandFlow = 0;
  #totalFlow = 0;
  #headerHead: number;
  #humidity = 55;
  #ambient = 18;

  constructor({ seed, pumps }: StationOptions) {
    this.#random = new Random(seed);
    this.#scale = pumps / 4;
    this.#volume = this.#capacity * this.#random.between(0.66, 0.74);
    this.#headerHead = this.#system.staticHead;
    this.pumps = makePumpSpecs(pumps, this.#random.fork()).map(
      (spec) => new Pump(spec, this.#ambient, this.#waterTemperature(), this.#random.fork()),
    );
    this.meter = new EnergyMeter(this.#random.fork());
  }

  /** The pump of that name. */
  pump(name: string): Pump | undefined {
    return this.pumps.find((pump) => pump.spec.name === name);
  }

  /** What is wrong with a pump from now on. */
  setDefects(name: string, defects: PumpDefects): void {
    this.#defects.set(name, defects);
  }

  /** Lets the station live for `dt` seconds of plant time. */
  step(dt: number): void {
    if (!(dt > 0)) return;
    const parts = Math.ceil(dt / longestStep);
    for (let i = 0; i < parts; i++) this.#advance(dt / parts);
  }

  read(): StationReading {
    return {
      time: this.#time,
      ambient: { temperature: this.#ambient, humidity: this.#humidity },
      level: this.#volume / this.#capacity,
      demandFlow: this.#demandFlow,
      totalFlow: this.#totalFlow,
      headerHead: this.#headerHead,
      pumps: this.pumps.map((pump) => pump.read()),
      meter: this.meter.read(),
    };
  }

  /** The rising main; the fuller the reservoir, the higher the water must be lifted. */
  get #system(): SystemCurve {
    return { staticHead: 56.5 + (3 * this.#volume) / this.#capacity, friction: 0.00097 / this.#scale ** 2 };
  }

  get #capacity(): number {
    return 12 * this.#scale;
  }

  #advance(dt: number): void {
    this.#time += dt;
    this.#weather(dt);
    const level = this.#volume / this.#capacity;
    const { activePower: power, demandLimit } = this.meter;
    this.#control.step(this.pumps, { level, power, demandLimit }, dt);
    for (const pump of this.pumps) pump.drive(dt, this.#defectsOf(pump).driveTrip);

    const conditions = this.pumps.map((pump) => pump.condition);
    this.#headerHead = solveHeader(conditions, this.#system);
    const flows = conditions.map((condition) => flowAgainst(condition.spec, this.#headerHead, condition));
    const turning = conditions.filter((condition) => condition.speedRatio > 0).length;
    this.pumps.forEach((pump, index) => {
      pump.live(dt, {
        flow: flows[index] ?? 0,
        ambient: this.#ambient,
        water: this.#waterTemperature(),
        neighbours: turning - ((conditions[index]?.speedRatio ?? 0) > 0 ? 1 : 0),
        defects: this.#defectsOf(pump),
      });
    });

    this.#totalFlow = flows.reduce((sum, flow) => sum + flow, 0);
    this.#demandFlow = this.#demand(dt);
    const gained = ((this.#totalFlow - this.#demandFlow) * dt) / 3600;
    this.#volume = Math.min(this.#capacity, Math.max(0, this.#volume + gained));

    const readings = this.pumps.map((pump) => pump.read());
    const houseLoad = 1.8;
    const active = readings.reduce((sum, reading) => sum + reading.electricalPower, houseLoad);
    this.meter.step(
      active,
      readings.reduce((sum, reading) => sum + reading.reactivePower, 0.4),
      dt,
    );
  }

  /** What the town takes, m³/h: a daily wave, a half-hourly one, and people. */
  #demand(dt: number): number {
    this.#demandNoise = relax(this.#demandNoise, 0, 300, dt) + 0.6 * Math.sqrt(dt) * this.#random.normal();
    const day = 22 * Math.sin((2 * Math.PI * this.#time) / 86_400);
    const halfHour = 24 * Math.sin((2 * Math.PI * this.#time) / 1_800);
    return this.#scale * Math.max(5, 84 + day + halfHour + this.#demandNoise);
  }

  #weather(dt: number): void {
    const target = 18 + 5 * Math.sin((2 * Math.PI * this.#time) / 86_400);
    this.#ambient = relax(this.#ambient, target, 600, dt) + 0.01 * Math.sqrt(dt) * this.#random.normal();
    this.#humidity = relax(this.#humidity, 55, 1_800, dt) + 0.03 * Math.sqrt(dt) * this.#random.normal();
  }

  #waterTemperature(): number {
    return 12.5;
  }

  #defectsOf(pump: Pump): PumpDefects {
    return this.#defects.get(pump.spec.name) ?? noDefects;
  }
}
