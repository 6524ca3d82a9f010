import { HubError } from "../core/errors.ts";
import type { Reading } from "../core/reading.ts";
import type { Signal } from "../core/signal.ts";
import type { Value } from "../core/value.ts";
import type { LinkState } from "./link-state.ts";
import { storableText, unstorableText } from "./unstorable-text.ts";

/** A new state of a link, before its commit gives it the commit's time. */
export type Draft = Omit<Signal, "modifiedAt" | "createdAt">;

export type Acceptance =
  /** Becomes the current signal. */
  | { readonly kind: "live"; readonly draft: Draft; readonly failure?: HubError }
  /** Older than what is there: history only. */
  | { readonly kind: "late"; readonly draft: Draft }
  /** Held back by the deadband: liveness only. */
  | { readonly kind: "held" };

const held: Acceptance = { kind: "held" };

/** What a reading means for its link: transform, quality policy, deadband, heartbeat, order in time (rules 3, 8, 9). */
export function acceptReading(state: LinkState, reading: Reading): Acceptance {
  const { accepted, link } = state;
  // A clock that runs ahead would hold every later value back (rule 7: future clocks are clamped).
  const at = Math.min(reading.sourceTime ?? reading.receivedTime, reading.receivedTime);
  let value: Value | undefined;
  let quality = reading.quality;
  let code = reading.code === undefined ? undefined : storableText(reading.code);
  let failure: HubError | undefined;
  if (quality !== "bad" || (link.quality.bad === "take" && reading.value !== null)) {
    try {
      value = link.decode(reading.value);
    } catch (thrown) {
      failure = HubError.from(thrown, "invalid");
      quality = "bad";
      code = "BadTransform";
    }
    const unstorable = unstorableText(value);
    if (unstorable !== undefined) {
      failure = new HubError("invalid", `${link.point}: ${unstorable}`);
      value = undefined;
      quality = "bad";
      code = "BadEncoding";
    }
  }
  if (value === undefined || (quality === "bad" && link.quality.bad === "hold")) {
    // The value and its time are held; only the quality speaks (rule 8).
    const draft = drafted(accepted?.value, quality, code, accepted?.at ?? at, reading.receivedTime);
    if (accepted !== undefined && accepted.quality === quality && accepted.code === code && failure === undefined)
      return held;
    return failure === undefined ? { kind: "live", draft } : { kind: "live", draft, failure };
  }
  const draft = drafted(value, quality, code, at, reading.receivedTime);
  if (accepted === undefined) return { kind: "live", draft };
  if (
    at < accepted.at &&
    reading.receivedTime - accepted.receivedAt < link.quality.staleAfter &&
    state.staleness === "fresh"
  ) {
    return { kind: "late", draft };
  }
  if (accepted.quality === quality && state.staleness === "fresh" && isHeldBack(state, value, reading.receivedTime))
    return held;
  return { kind: "live", draft };
}

export function drafted(
  value: Value | undefined,
  quality: Draft["quality"],
  code: string | undefined,
  at: number,
  receivedAt: number,
): Draft {
  return code === undefined ? { value, quality, at, receivedAt } : { value, quality, code, at, receivedAt };
}

/** Whether a good value is too close to the last reported one to count, and no heartbeat is due (rule 8). */
export function isHeldBack(state: LinkState, value: Value, now: number): boolean {
  const { deadband, heartbeat } = state.link.report;
  if (deadband === undefined) return false;
  if (heartbeat !== undefined && now - state.reportedAt >= heartbeat) return false;
  const last = state.accepted?.value;
  if (typeof last === "number" && typeof value === "number") {
    return Object.is(last, value) || Math.abs(value - last) <= deadband;
  }
  if (typeof last === "object" || typeof value === "object") return JSON.stringify(last) === JSON.stringify(value);
  return last === value;
}
