import type { Random } from "./random.ts";
import { relax } from "./relax.ts";

/** s: the demand is a sliding mean as a utility bills it, approximated by a lag. */
const demandTime = 900;

/** A value for each phase. */
export type Phases = readonly [number, number, number];

/** What the meter at the station's feeder shows. Units: V, A, kW, kvar, kVA, Hz, kWh. */
export interface MeterReading {
  readonly voltage: Phases;
  readonly current: Phases;
  readonly activePower: number;
  readonly reactivePower: number;
  readonly apparentPower: number;
  readonly powerFactor: number;
  readonly frequency: number;
  readonly energy: number;
  readonly reactiveEnergy: number;
  readonly demand: number;
  readonly peakDemand: number;
  /** kW, set by the operator. */
  readonly demandLimit: number;
}

/** The station's energy meter: sums the motors and adds the house load. */
export class EnergyMeter {
  readonly #random: Random;
  #frequency = 50;
  #sag = 0;
  #energy: number;
  #reactiveEnergy: number;
  #demand = 0;
  #peakDemand = 0;
  #demandLimit = 90;
  #active = 0;
  #reactive = 0;
  #noise: Phases = [0, 0, 0];

  constructor(random: Random) {
    this.#random = random;
    this.#energy = Math.round(random.between(1.1e6, 1.4e6));
    this.#reactiveEnergy = Math.round(this.#energy * 0.31);
  }

  get demandLimit(): number {
    return this.#demandLimit;
  }

  /** kW drawn in the last step. */
  get activePower(): number {
    return this.#active;
  }

  /** Takes a limit in whole kW, 0 to 1000; false when it is outside. */
  setDemandLimit(kilowatts: number): boolean {
    if (!Number.isInteger(kilowatts) || kilowatts < 0 || kilowatts > 1000) return false;
    this.#demandLimit = kilowatts;
    return true;
  }

  /** Takes the motors' active and reactive power, kW and kvar, for `dt` seconds. */
  step(active: number, reactive: number, dt: number): void {
    this.#active = active;
    this.#reactive = reactive;
    this.#frequency = relax(this.#frequency, 50, 60, dt) + 0.004 * Math.sqrt(Math.min(dt, 1)) * this.#random.normal();
    this.#sag = 0.02 * active;
    this.#noise = [this.#random.normal(), this.#random.normal(), this.#random.normal()];
    this.#energy += (active * dt) / 3600;
    this.#reactiveEnergy += (reactive * dt) / 3600;
    this.#demand = relax(this.#demand, active, demandTime, dt);
    this.#peakDemand = Math.max(this.#peakDemand, this.#demand);
  }

  read(): MeterReading {
    const apparent = Math.hypot(this.#active, this.#reactive);
    const voltage = this.#phases((phase) => 231 + 0.6 * (phase - 1) - this.#sag + 0.3 * (this.#noise[phase] ?? 0));
    return {
      voltage,
      current: this.#phases((phase) => (1000 * apparent * (1 + 0.01 * (phase - 1))) / 3 / (voltage[phase] ?? 230)),
      activePower: this.#active,
      reactivePower: this.#reactive,
      apparentPower: apparent,
      powerFactor: apparent === 0 ? 1 : this.#active / apparent,
      frequency: this.#frequency,
      energy: this.#energy,
      reactiveEnergy: this.#reactiveEnergy,
      demand: this.#demand,
      peakDemand: this.#peakDemand,
      demandLimit: this.#demandLimit,
    };
  }

  #phases(of: (phase: number) => number): Phases {
    return [of(0), of(1), of(2)];
  }
}
