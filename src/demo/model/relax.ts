/** First-order lag solved exactly: stable for any step, however fast the plant's time runs. All times in seconds. */
export function relax(value: number, target: number, timeConstant: number, dt: number): number {
  return target + (value - target) * Math.exp(-dt / timeConstant);
}
