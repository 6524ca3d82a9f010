import type { Random } from "./random.ts";

/** Velocity, mm/s RMS, of the bearing housing: two radial directions and the axial one. */
export interface Vibration {
  readonly x: number;
  readonly y: number;
  readonly z: number;
}

export interface VibrationCause {
  readonly speedRatio: number;
  /** Flow relative to the best efficiency point. */
  readonly loadRatio: number;
  readonly wear: number;
  /** Other pumps that run on the same foundation. */
  readonly neighbours: number;
}

/** The expected overall level, mm/s RMS: grows with speed, with wear and with the distance from the best point. */
export function vibrationLevel({ speedRatio, loadRatio, wear, neighbours }: VibrationCause): number {
  const floor = 0.06 + 0.03 * neighbours;
  if (speedRatio <= 0) return floor;
  const own = 1.2 * speedRatio ** 1.5 * (1 + 2.5 * wear + 3 * wear ** 2) * (1 + 1.5 * (loadRatio - 1) ** 2);
  return Math.hypot(own, floor);
}

/** One measurement of it, with the scatter of a real one. */
export function measureVibration(cause: VibrationCause, random: Random): Vibration {
  const level = vibrationLevel(cause);
  const scatter = () => Math.max(0.7, 1 + 0.04 * random.normal());
  return { x: level * scatter(), y: level * 0.85 * scatter(), z: level * 0.55 * scatter() };
}
