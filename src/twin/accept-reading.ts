import { HubError } from "../core/errors.ts";
import type { Reading } from "../core/reading.ts";
import type { Value } from "../core/value.ts";
import type { LinkState } from "./link-state.ts";
import { type Draft, drafted } from "./pending-state.ts";
import { storableText, unstorableText } from "./unstorable-text.ts";

export type Acceptance =
  /** Becomes the current signal. */
  | { readonly kind: "live"; readonly draft: Draft; readonly failure?: HubError }
  /** Older than what is there: history only. */
  | { readonly kind: "late"; readonly draft: Draft }
  /** Held back by the deadband, or known already: liveness only. */
  | { readonly kind: "held" };

const held: Acceptance = { kind: "held" };

/**
 * What a reading means for its link: transform, quality policy, deadband, heartbeat, order in time (rules 3, 8, 9).
 * @param now the hub's clock, to tell a late reading from a clock that was set back
 */
export function acceptReading(state: LinkState, reading: Reading, now: number): Acceptance {
  const { accepted, link } = state;
  const at = timeOf(reading);
  const { value, quality, code, failure } = interpret(link, reading);
  const fresh = state.staleness === "fresh";
  const late = accepted !== undefined && fresh && isLate(state, reading, at, now);
  if (value === undefined || (quality === "bad" && link.quality.bad === "hold")) {
    if (late) return { kind: "late", draft: drafted(undefined, quality, code, at, reading.receivedTime) };
    // The value and its time are held; only the quality speaks (rule 8).
    const draft = drafted(accepted?.value, quality, code, accepted?.at ?? at, reading.receivedTime);
    if (fresh && accepted?.quality === quality && accepted.code === code && failure === undefined) return held;
    return failure === undefined ? { kind: "live", draft } : { kind: "live", draft, failure };
  }
  const draft = drafted(value, quality, code, at, reading.receivedTime);
  if (late) return { kind: "late", draft };
  if (accepted !== undefined && fresh && accepted.quality === quality) {
    const isKnown = accepted.at === at && accepted.code === code && isSame(accepted.value, value);
    if (isKnown || isHeldBack(state, value, reading.receivedTime)) return held;
  }
  return { kind: "live", draft };
}

/** The source's time; a clock that runs ahead would hold every later value back (rule 7: future clocks are clamped). */
export function timeOf({ sourceTime, receivedTime }: Reading): number {
  if (sourceTime === undefined || !Number.isFinite(sourceTime)) return receivedTime;
  return Math.min(sourceTime, receivedTime);
}

/** Value, quality and code that a reading means for a link, apart from what was there before. */
export function interpret(
  link: LinkState["link"],
  reading: Reading,
): Pick<Draft, "value" | "quality" | "code"> & { readonly failure?: HubError } {
  const { quality } = reading;
  const code = reading.code === undefined ? undefined : storableText(reading.code);
  const base = code === undefined ? { quality } : { quality, code };
  if (quality === "bad" && (link.quality.bad === "hold" || reading.value === null))
    return { value: undefined, ...base };
  try {
    const value = link.decode(reading.value);
    const unstorable = unstorableText(value);
    if (unstorable === undefined) return { value, ...base };
    const failure = new HubError("invalid", `${link.point}: ${unstorable}`);
    return { value: undefined, quality: "bad", code: "BadEncoding", failure };
  } catch (thrown) {
    return { value: undefined, quality: "bad", code: "BadTransform", failure: HubError.from(thrown, "invalid") };
  }
}

/** Only what the device itself said has an order in time: the time of a client's write is the hub's own. */
function isLate({ newest, writtenAt, link }: LinkState, reading: Reading, at: number, now: number): boolean {
  const { receivedTime } = reading;
  if (receivedTime < writtenAt && writtenAt <= now) return true;
  if (newest === undefined || at >= newest.at) return false;
  // What was received in the future was received before the clock was set back; a source's own clock may be, too.
  return newest.receivedAt <= now && receivedTime - newest.receivedAt < link.quality.staleAfter;
}

/** Whether a good value is too close to the last reported one to count, and no heartbeat is due (rule 8). */
export function isHeldBack(state: LinkState, value: Value, now: number): boolean {
  const { deadband, heartbeat } = state.link.report;
  if (deadband === undefined) return false;
  if (heartbeat !== undefined && (now - state.reportedAt >= heartbeat || now < state.reportedAt)) return false;
  const last = state.accepted?.value;
  if (isSame(last, value)) return true;
  if (typeof last === "bigint" && typeof value === "bigint") return distance(last, value) <= deadband;
  return isNumeric(last) && isNumeric(value) && Math.abs(Number(value) - Number(last)) <= deadband;
}

const isNumeric = (value: Value | undefined): value is number | bigint =>
  typeof value === "number" || typeof value === "bigint";

const distance = (a: bigint, b: bigint): bigint => (a > b ? a - b : b - a);

/** Whether two values are one, member by member; NaN is NaN. */
export function isSame(a: Value | undefined, b: Value | undefined): boolean {
  if (typeof a !== "object" || typeof b !== "object" || a === null || b === null) return Object.is(a, b);
  if (Array.isArray(a) !== Array.isArray(b)) return false;
  const members = Object.entries(a);
  if (members.length !== Object.keys(b).length) return false;
  const other = b as Readonly<Record<string, Value>>;
  return members.every(([key, member]) => Object.hasOwn(other, key) && isSame(member, other[key]));
}
