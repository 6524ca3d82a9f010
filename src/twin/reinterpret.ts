import { interpret, isSame } from "./accept-reading.ts";
import { deriveAll } from "./derive.ts";
import type { LinkIndex } from "./link-index.ts";
import type { LinkState } from "./link-state.ts";
import { drafted, type PendingState, supersede } from "./pending-state.ts";

/**
 * What a plan that was just swapped in makes of the readings that are there: another scale, unit or expression must not
 * leave a value of the old one standing until the device happens to speak.
 */
export function reinterpretReadings({ states }: LinkIndex, now: number): readonly PendingState[] {
  return states.flatMap((state) => reinterpret(state, now) ?? []);
}

/** Likewise for derived points; to be called once the readings' own changes are accepted. */
export function reinterpretDerived({ states }: LinkIndex, now: number): readonly PendingState[] {
  return deriveAll(states, now)
    .filter(({ state, draft }) => !isSame(state.accepted?.value, draft.value))
    .map(({ state, draft }) => supersede(state, draft, now));
}

function reinterpret(state: LinkState, now: number): PendingState | undefined {
  const { raw, link, accepted } = state;
  if (raw === undefined || accepted === undefined) return undefined;
  const { value, quality, code, failure } = interpret(link, raw);
  if (failure !== undefined) {
    if (accepted.code === code) return undefined;
    state.device = code === undefined ? { quality } : { quality, code };
    return supersede(state, drafted(accepted.value, quality, code, accepted.at, accepted.receivedAt), now);
  }
  if (value === undefined || isSame(accepted.value, value)) return undefined;
  // A transform that works again makes its signal as good as its reading; what is stale stays stale.
  state.device = code === undefined ? { quality } : { quality, code };
  const shown = state.staleness === "fresh" ? { quality, code } : accepted;
  return supersede(state, drafted(value, shown.quality, shown.code, accepted.at, accepted.receivedAt), now);
}
