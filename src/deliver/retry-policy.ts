export interface RetryPolicy {
  /** Milliseconds before the second try; doubled for each one after. */
  readonly first: number;
  readonly longest: number;
  /** Tries before a delivery becomes a dead letter. */
  readonly tries: number;
}

export const defaultRetry: RetryPolicy = { first: 500, longest: 60_000, tries: 12 };

/** Exponential, with jitter between half and the whole, so that receivers that come back are not met by a herd. */
export function retryDelay(policy: RetryPolicy, attempts: number, random: () => number): number {
  const whole = Math.min(policy.first * 2 ** Math.max(0, attempts - 1), policy.longest);
  return Math.round(whole * (0.5 + random() / 2));
}
