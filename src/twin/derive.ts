import { HubError } from "../core/errors.ts";
import { worse } from "../core/quality.ts";
import { isHeldBack, isSame } from "./accept-reading.ts";
import type { LinkState } from "./link-state.ts";
import { type Draft, drafted } from "./pending-state.ts";

interface Derived {
  readonly state: LinkState;
  readonly draft: Draft;
}

/**
 * New states of the derived links that the given ones feed, in an order in which inputs come before what is made of
 * them (mapping files allow no rings). A derived signal is as old as its newest input and as bad as its worst one.
 */
export function deriveAll(changed: readonly LinkState[], now: number): readonly Derived[] {
  if (!changed.some((state) => state.feeds.length > 0)) return [];
  const results = new Map<LinkState, Draft>();
  for (const state of inOrder(changed)) {
    const draft = evaluate(state, results, now);
    if (!isKnown(state, draft, now)) results.set(state, draft);
  }
  return [...results].map(([state, draft]) => ({ state, draft }));
}

function isKnown(state: LinkState, draft: Draft, now: number): boolean {
  const last = state.accepted;
  if (last === undefined || last.quality !== draft.quality || last.code !== draft.code) return false;
  if (draft.value === undefined || draft.quality === "bad") return isSame(last.value, draft.value);
  return isHeldBack(state, draft.value, now);
}

/** Depth first, reversed: a topological order of all that is downstream. */
function inOrder(changed: readonly LinkState[]): readonly LinkState[] {
  const seen = new Set<LinkState>();
  const order: LinkState[] = [];
  const visit = (state: LinkState): void => {
    if (seen.has(state)) return;
    seen.add(state);
    for (const next of state.feeds) visit(next);
    order.push(state);
  };
  for (const state of changed) for (const next of state.feeds) visit(next);
  return order.reverse();
}

function evaluate(state: LinkState, results: ReadonlyMap<LinkState, Draft>, now: number): Draft {
  const { derive } = state.link;
  const current = (point: string): Draft | undefined => {
    const input = state.siblings.get(point);
    return input === undefined ? undefined : (results.get(input) ?? input.accepted);
  };
  const inputs = (derive?.inputs ?? []).map(current);
  let at = 0;
  let quality: Draft["quality"] = "good";
  let code: string | undefined;
  for (const input of inputs) {
    at = Math.max(at, input?.at ?? 0);
    const next = worse(quality, input?.value === undefined ? "bad" : input.quality);
    if (next !== quality) code = input?.code ?? (input?.value === undefined ? "NoValueYet" : undefined);
    quality = next;
  }
  const last = state.accepted;
  if (derive === undefined || inputs.some((input) => input?.value === undefined)) {
    return drafted(last?.value, "bad", code, last?.at ?? at, now);
  }
  try {
    return drafted(
      derive.evaluate((point) => current(point)?.value),
      quality,
      code,
      at,
      now,
    );
  } catch (thrown) {
    // What an expression cannot work out is a bad signal, never a good old one.
    return drafted(
      last?.value,
      "bad",
      HubError.from(thrown).code === "invalid" ? "BadTransform" : "BadExpression",
      at,
      now,
    );
  }
}
