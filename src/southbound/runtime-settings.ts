import type { BackoffSettings } from "./backoff.ts";
import { defaultIntakeSettings, type IntakeSettings } from "./intake.ts";

/** Times in ms. */
export interface RuntimeSettings {
  readonly backoff: BackoffSettings;
  /** A session that lived this long ends the back-off's growth. */
  readonly stableAfter: number;
  readonly connectTimeout: number;
  readonly closeTimeout: number;
  /** For client writes and reads, browse and facts. */
  readonly requestTimeout: number;
  /** For telling a session its points. */
  readonly subscribeTimeout: number;
  /** How often refused points are asked for again. */
  readonly problemRetry: number;
  /** Signs of life are passed on no more often. */
  readonly aliveEvery: number;
  readonly intake: IntakeSettings;
}

export const defaultRuntimeSettings: RuntimeSettings = {
  backoff: { first: 1_000, cap: 30_000 },
  stableAfter: 10_000,
  connectTimeout: 30_000,
  closeTimeout: 1_500,
  requestTimeout: 10_000,
  subscribeTimeout: 120_000,
  problemRetry: 60_000,
  aliveEvery: 1_000,
  intake: defaultIntakeSettings,
};
