import { relax } from "./relax.ts";

/** °C */
export interface Temperatures {
  readonly bearingDriveEnd: number;
  readonly bearingNonDriveEnd: number;
  readonly motorWinding: number;
  readonly fluid: number;
}

export interface Heat {
  readonly ambient: number;
  readonly water: number;
  readonly speedRatio: number;
  readonly wear: number;
  /** Shaft power relative to the motor's rated power. */
  readonly load: number;
  /** kW that the pump turns into heat instead of head. */
  readonly hydraulicLoss: number;
  /** m³/h */
  readonly flow: number;
  /** The fault `overheating`: the bearings have lost their lubrication. */
  readonly dryBearings: boolean;
}

/** Rises at rated speed in K and time constants in s. */
const driveEnd = { rise: 32, time: 420 };
const nonDriveEnd = { rise: 26, time: 540 };
const winding = { rise: 55, time: 900 };
const dryFactor = 3.6;

/** Everything at ambient, as after a long stand. */
export function coldTemperatures(ambient: number, water: number): Temperatures {
  return { bearingDriveEnd: ambient, bearingNonDriveEnd: ambient, motorWinding: ambient, fluid: water };
}

/** The temperatures `dt` seconds later. */
export function heatUp(now: Temperatures, heat: Heat, dt: number): Temperatures {
  const friction = heat.speedRatio ** 2 * (1 + 1.2 * heat.wear) * (heat.dryBearings ? dryFactor : 1);
  const towards = (value: number, part: { rise: number; time: number }, cause: number) =>
    relax(value, heat.ambient + part.rise * cause, part.time, dt);
  // Water carries the loss away (1.16 kW per m³/h and K); at a closed valve only the casing does, slowly.
  const carried = 1.16 * heat.flow + 0.25;
  return {
    bearingDriveEnd: towards(now.bearingDriveEnd, driveEnd, friction),
    bearingNonDriveEnd: towards(now.bearingNonDriveEnd, nonDriveEnd, friction),
    motorWinding: towards(now.motorWinding, winding, 0.2 * heat.speedRatio ** 2 + 0.8 * heat.load ** 2),
    fluid: relax(now.fluid, heat.water + heat.hydraulicLoss / carried, 30 + 300 / (1 + heat.flow), dt),
  };
}
