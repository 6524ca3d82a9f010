import { headAt, hydraulicPower, loadRatio, pressureOf, shaftPower } from "./hydraulics.ts";
import { motorPower, motorReactivePower } from "./motor.ts";
import { limits, type PumpSpec } from "./pump-spec.ts";
import type { CommandResult, PumpMode, PumpState, TripCause } from "./pump-state.ts";
import type { Random } from "./random.ts";
import { coldTemperatures, heatUp, type Temperatures } from "./temperatures.ts";
import { measureVibration, type Vibration, vibrationLevel } from "./vibration.ts";
import { wearRate } from "./wear.ts";

/** % of rated speed per second. */
const ramp = { up: 12, down: 15 };
/** s: coasting down without drive. */
const coastTime = 6;

/** The faults that change the pump itself, not what is told of it. */
export interface PumpDefects {
  readonly wear: boolean;
  readonly overheating: boolean;
  readonly driveTrip: boolean;
}

/** What the rest of the station does to the pump during one step. */
export interface PumpSurroundings {
  /** m³/h through this pump, from the common header. */
  readonly flow: number;
  /** °C */
  readonly ambient: number;
  readonly water: number;
  /** Other running pumps. */
  readonly neighbours: number;
  readonly defects: PumpDefects;
}

/** Everything that can be known of a pump at one moment. Units: %, 1/min, m³/h, m, bar, kW, kvar, °C, mm/s, h, m³. */
export interface PumpReading {
  readonly spec: PumpSpec;
  readonly state: PumpState;
  readonly mode: PumpMode;
  readonly trip: TripCause;
  readonly speedSetpoint: number;
  readonly speed: number;
  readonly flow: number;
  readonly head: number;
  readonly differentialPressure: number;
  readonly hydraulicPower: number;
  readonly shaftPower: number;
  readonly electricalPower: number;
  readonly reactivePower: number;
  /** % of the electrical power that arrives in the water. */
  readonly efficiency: number;
  readonly temperatures: Temperatures;
  readonly vibration: Vibration;
  readonly wear: number;
  readonly operatingHours: number;
  readonly starts: number;
  readonly volume: number;
}

/** One pump with its motor, drive and protection. */
export class Pump {
  readonly spec: PumpSpec;
  readonly #random: Random;
  #state: PumpState = "Idle";
  #mode: PumpMode = "Automatic";
  #trip: TripCause = "None";
  #manualRun = false;
  #automaticRun = false;
  #setpoint = 100;
  /** % of rated speed. */
  #speed = 0;
  #wear: number;
  #temperatures: Temperatures;
  #vibration: Vibration = { x: 0, y: 0, z: 0 };
  #secondsOverVibrationTrip = 0;
  #flow = 0;
  #operatingHours: number;
  #starts: number;
  #volume: number;
  #driveTripped = false;

  constructor(spec: PumpSpec, ambient: number, water: number, random: Random) {
    this.spec = spec;
    this.#random = random;
    this.#wear = random.between(0.02, 0.3);
    this.#temperatures = coldTemperatures(ambient, water);
    // A pump that is partly worn has a past: its counters agree with its wear.
    this.#operatingHours = Math.round(this.#wear * 16_000 * 10) / 10;
    this.#starts = Math.round(this.#operatingHours * random.between(0.5, 0.7));
    this.#volume = Math.round(this.#operatingHours * spec.ratedFlow);
  }

  get state(): PumpState {
    return this.#state;
  }

  get mode(): PumpMode {
    return this.#mode;
  }

  get operatingHours(): number {
    return this.#operatingHours;
  }

  /** % of rated speed. */
  get speedSetpoint(): number {
    return this.#setpoint;
  }

  /** Speed and wear, which the header's solution needs. */
  get condition(): { spec: PumpSpec; speedRatio: number; wear: number } {
    return { spec: this.spec, speedRatio: this.#speed / 100, wear: this.#wear };
  }

  /** Takes a speed in % of rated speed, 0 to 110; 0 stops the pump. */
  setSpeed(percent: number): CommandResult {
    if (!(percent >= limits.minimumSetpoint && percent <= limits.maximumSetpoint)) {
      return {
        accepted: false,
        reason: `the speed setpoint must be ${limits.minimumSetpoint} to ${limits.maximumSetpoint} %`,
      };
    }
    this.#setpoint = percent;
    return { accepted: true };
  }

  /** Runs the pump by hand, whatever the level control wants. */
  start(): CommandResult {
    if (this.#state === "Fault") return { accepted: false, reason: "the pump is in Fault; reset it first" };
    this.#mode = "Manual";
    this.#manualRun = true;
    return { accepted: true };
  }

  /** Stops the pump by hand; it stays stopped until Start or ReturnToAutomatic. */
  stop(): CommandResult {
    this.#mode = "Manual";
    this.#manualRun = false;
    return { accepted: true };
  }

  /** Gives the pump back to the level control. */
  returnToAutomatic(): CommandResult {
    this.#mode = "Automatic";
    this.#manualRun = false;
    return { accepted: true };
  }

  /** Leaves Fault, if what caused it is gone. */
  resetFault(): CommandResult {
    if (this.#state !== "Fault") return { accepted: false, reason: "the pump is not in Fault" };
    if (this.#driveTripped) return { accepted: false, reason: "the drive is still tripped" };
    if (this.#hottestBearing() > limits.bearingReset) {
      return { accepted: false, reason: `a bearing is still above ${limits.bearingReset} °C` };
    }
    if (this.#speed > 0) return { accepted: false, reason: "the pump still turns" };
    this.#state = "Idle";
    this.#trip = "None";
    return { accepted: true };
  }

  /** What the level control wants; has effect in Automatic only. */
  request(run: boolean): void {
    this.#automaticRun = run;
  }

  /** Moves state and speed by `dt` seconds; the hydraulics follow from the new speeds of all pumps. */
  drive(dt: number, driveTripped: boolean): void {
    this.#driveTripped = driveTripped;
    if (driveTripped && this.#state !== "Fault") this.#tripBy("DriveTrip");
    const wanted = (this.#mode === "Manual" ? this.#manualRun : this.#automaticRun) && this.#setpoint > 0;
    if (this.#state === "Fault") {
      this.#speed *= Math.exp(-dt / coastTime);
      if (this.#speed < 0.5) this.#speed = 0;
    } else if (wanted) {
      if (this.#state === "Idle") this.#starts += 1;
      this.#moveTowards(this.#setpoint, dt);
      const arrived = this.#speed === this.#setpoint;
      if (this.#state !== "Running" || arrived) this.#state = arrived ? "Running" : "Starting";
    } else {
      this.#moveTowards(0, dt);
      this.#state = this.#speed === 0 ? "Idle" : "Stopping";
    }
  }

  /** Lets heat, wear, vibration and the counters follow for `dt` seconds. */
  live(dt: number, around: PumpSurroundings): void {
    const { speedRatio } = this.condition;
    this.#flow = around.flow;
    const q = loadRatio(this.spec, around.flow, speedRatio);
    const shaft = shaftPower(this.spec, around.flow, this.condition);
    const head = speedRatio > 0 ? Math.max(0, headAt(this.spec, around.flow, this.condition)) : 0;
    this.#wear = Math.min(1, this.#wear + dt * wearRate({ speedRatio, loadRatio: q, abrasive: around.defects.wear }));
    this.#temperatures = heatUp(
      this.#temperatures,
      {
        ambient: around.ambient,
        water: around.water,
        speedRatio,
        wear: this.#wear,
        load: shaft / this.spec.ratedPower,
        hydraulicLoss: shaft - hydraulicPower(around.flow, head),
        flow: around.flow,
        dryBearings: around.defects.overheating,
      },
      dt,
    );
    const cause = { speedRatio, loadRatio: q, wear: this.#wear, neighbours: around.neighbours };
    this.#vibration = measureVibration(cause, this.#random);
    if (speedRatio > 0) {
      this.#operatingHours += dt / 3600;
      this.#volume += (around.flow * dt) / 3600;
    }
    this.#protect(dt, vibrationLevel(cause));
  }

  read(): PumpReading {
    const { speedRatio } = this.condition;
    const head = speedRatio > 0 ? Math.max(0, headAt(this.spec, this.#flow, this.condition)) : 0;
    const shaft = shaftPower(this.spec, this.#flow, this.condition);
    const electrical = motorPower(this.spec, shaft, speedRatio);
    const hydraulic = hydraulicPower(this.#flow, head);
    return {
      spec: this.spec,
      state: this.#state,
      mode: this.#mode,
      trip: this.#trip,
      speedSetpoint: this.#setpoint,
      speed: speedRatio * this.spec.ratedSpeed,
      flow: this.#flow,
      head,
      differentialPressure: pressureOf(head),
      hydraulicPower: hydraulic,
      shaftPower: shaft,
      electricalPower: electrical,
      reactivePower: motorReactivePower(this.spec, electrical, speedRatio),
      efficiency: (100 * hydraulic) / electrical,
      temperatures: this.#temperatures,
      vibration: this.#vibration,
      wear: this.#wear,
      operatingHours: this.#operatingHours,
      starts: this.#starts,
      volume: this.#volume,
    };
  }

  #protect(dt: number, vibration: number): void {
    this.#secondsOverVibrationTrip = vibration > limits.vibrationTrip ? this.#secondsOverVibrationTrip + dt : 0;
    if (this.#state === "Fault") return;
    if (this.#hottestBearing() > limits.bearingTrip) this.#tripBy("BearingOvertemperature");
    else if (this.#secondsOverVibrationTrip > limits.vibrationTripDelay) this.#tripBy("Vibration");
  }

  #tripBy(cause: TripCause): void {
    this.#state = "Fault";
    this.#trip = cause;
    this.#manualRun = false;
  }

  #hottestBearing(): number {
    return Math.max(this.#temperatures.bearingDriveEnd, this.#temperatures.bearingNonDriveEnd);
  }

  #moveTowards(target: number, dt: number): void {
    const change = target - this.#speed;
    const most = (change > 0 ? ramp.up : ramp.down) * dt;
    this.#speed = Math.abs(change) <= most ? target : this.#speed + Math.sign(change) * most;
  }
}
