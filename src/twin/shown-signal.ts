import type { Signal } from "../core/signal.ts";
import type { Clock } from "../core/time.ts";
import type { LinkState } from "./link-state.ts";

/**
 * What readers see. While the store refuses nothing new can be shown, however lively the source is: what is there
 * is uncertain, and bad once it could have aged (rule 8: never silently good).
 * @param refusedSince when the store began to refuse
 */
export function shownSignal(state: LinkState, refusedSince: number | undefined, clock: Clock): Signal | undefined {
  const { signal, link } = state;
  if (refusedSince === undefined || signal === undefined || signal.quality === "bad") return signal;
  const quality = clock.now() - refusedSince >= link.quality.staleAfter ? "bad" : "uncertain";
  return { ...signal, quality, code: "StoreRefuses" };
}
