import type { PumpSpec } from "./pump-spec.ts";

/** What the drive draws while the motor stands still, kW. */
const standby = 0.05;

/** Electrical power in kW for a shaft power in kW: iron and windage losses with the speed, copper losses with the load. */
export function motorPower(spec: PumpSpec, shaft: number, speedRatio: number): number {
  if (speedRatio <= 0) return standby;
  const load = shaft / spec.ratedPower;
  return standby + shaft + spec.ratedPower * (0.025 * speedRatio ** 2 + 0.05 * load ** 2);
}

/** Reactive power in kvar that motor and drive take from the grid. */
export function motorReactivePower(spec: PumpSpec, electrical: number, speedRatio: number): number {
  return speedRatio <= 0 ? 0.02 : 0.12 * spec.ratedPower * speedRatio + 0.18 * electrical;
}
