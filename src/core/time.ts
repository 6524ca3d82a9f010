/** The hub's clock, a parameter so that tests and simulations can own time. Milliseconds since the epoch. */
export interface Clock {
  now(): number;
}

export const systemClock: Clock = { now: () => Date.now() };

/** ISO 8601 in UTC with `Z`, the one form that both standards take. */
export function isoTime(ms: number): string {
  return new Date(ms).toISOString();
}
