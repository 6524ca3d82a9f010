/** Running hours after which a pump that always runs at its best point and rated speed is worn out. */
const life = 16_000;

/** How much faster abrasive water wears the pump while the fault `wear` is injected: half a life in an hour. */
const abrasion = 8_000;

export interface WearCause {
  readonly speedRatio: number;
  readonly loadRatio: number;
  readonly abrasive: boolean;
}

/** Wear (0 new, 1 worn out) gained per second of running. */
export function wearRate({ speedRatio, loadRatio, abrasive }: WearCause): number {
  if (speedRatio <= 0) return 0;
  return (speedRatio ** 2 * (1 + 6 * (loadRatio - 1) ** 2) * (abrasive ? abrasion : 1)) / (life * 3600);
}
