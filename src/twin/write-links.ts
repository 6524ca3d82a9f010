import type { Origin } from "../core/change.ts";
import { HubError } from "../core/errors.ts";
import { placeText } from "../core/place.ts";
import type { Scope } from "../core/scope.ts";
import type { Clock } from "../core/time.ts";
import type { Value } from "../core/value.ts";
import { type Draft, drafted } from "./accept-reading.ts";
import type { DevicePort, LeafWrite, LeafWriteResult } from "./contract.ts";
import type { LinkIndex } from "./link-index.ts";
import type { LinkState } from "./link-state.ts";
import type { SignalWriter } from "./signal-writer.ts";
import { unstorableText } from "./unstorable-text.ts";

export interface LinkWriteParts {
  readonly index: () => LinkIndex;
  readonly devices: DevicePort;
  readonly writer: SignalWriter;
  readonly clock: Clock;
}

interface Order {
  readonly state: LinkState;
  readonly value: Value;
  /** In the device's own terms; `undefined` where the link has no device. */
  readonly encoded: Value | undefined;
}

/** Rule 4: all validated, then the device first, leaf by leaf, stopped at the first refusal; what devices took is committed. */
export async function writeLinks(
  parts: LinkWriteParts,
  scope: Scope,
  origin: Origin,
  writes: readonly LeafWrite[],
): Promise<readonly LeafWriteResult[]> {
  const checked = writes.map((write) => check(parts.index(), write));
  if (checked.some((outcome) => outcome instanceof HubError)) {
    return writes.map(({ link }, i) => {
      const outcome = checked[i];
      return outcome instanceof HubError
        ? { link, outcome: "refused", error: outcome }
        : { link, outcome: "not-tried" };
    });
  }
  const results: LeafWriteResult[] = [];
  let stopped = false;
  for (const [i, { link }] of writes.entries()) {
    const order = checked[i];
    if (stopped || order === undefined || order instanceof HubError) {
      results.push({ link, outcome: "not-tried" });
      continue;
    }
    const result = await carryOut(parts, scope, origin, order);
    results.push(result);
    stopped = result.outcome === "refused";
  }
  return results;
}

function check(index: LinkIndex, { link, value }: LeafWrite): Order | HubError {
  const where = placeText(link.place);
  const state = index.byKey.get(link.key);
  if (state === undefined)
    return new HubError("conflict", `the mapping ${where} no longer has the point ${link.point}`);
  const { write } = state.link;
  if (write === undefined)
    return new HubError("read-only", `${link.point} cannot be written: ${where} maps it without \`write\``);
  const unstorable = unstorableText(value);
  if (unstorable !== undefined) return new HubError("invalid", `${link.point} cannot take this: ${unstorable}`);
  const problem = outOfRange(value, write.min, write.max);
  if (problem !== undefined) {
    return new HubError("invalid", `${link.point} cannot take ${String(value)}: ${where} allows ${problem}`);
  }
  if (write.when?.holds((point) => state.siblings.get(point)?.signal?.value) === false) {
    return new HubError("conflict", `${link.point} cannot be written now: ${where} wants ${write.when.text}`);
  }
  try {
    return { state, value, encoded: state.link.tag === undefined ? undefined : write.encode(value) };
  } catch (thrown) {
    return HubError.from(thrown, "invalid");
  }
}

function outOfRange(value: Value, min: number | undefined, max: number | undefined): string | undefined {
  if (typeof value !== "number" && typeof value !== "bigint") return undefined;
  if (typeof value === "number" && Number.isNaN(value) && (min !== undefined || max !== undefined)) return "a number";
  if (min !== undefined && value < min) return `${min} and more`;
  if (max !== undefined && value > max) return `${max} and less`;
  return undefined;
}

async function carryOut(parts: LinkWriteParts, scope: Scope, origin: Origin, order: Order): Promise<LeafWriteResult> {
  const { link } = order.state;
  let draft: Draft;
  try {
    draft = await actuate(parts, scope.abort, order);
  } catch (thrown) {
    return { link, outcome: "refused", error: HubError.from(thrown) };
  }
  // The device has it: it is committed even if who asked has gone by now. A plan may have been applied meanwhile.
  const state = parts.index().byKey.get(link.key) ?? order.state;
  const before = state.accepted;
  state.staleness = "fresh";
  state.seenAt = parts.clock.now();
  state.device = draft.code === undefined ? { quality: draft.quality } : { quality: draft.quality, code: draft.code };
  await parts.writer.write(origin, [{ state, draft, live: true, before }]);
  const signal = state.signal;
  if (signal === undefined) throw new HubError("internal", `${link.point} was written but shows nothing`);
  return { link, outcome: "written", signal };
}

/** Sends the value to the device and says what the signal is afterwards. An equal value still actuates. */
async function actuate({ devices, clock }: LinkWriteParts, abort: AbortSignal, order: Order): Promise<Draft> {
  const { tag, write, decode } = order.state.link;
  if (tag === undefined || order.encoded === undefined) {
    const now = clock.now();
    return drafted(order.value, "good", undefined, now, now);
  }
  await devices.write(tag.source, tag.tag, order.encoded, abort);
  const now = clock.now();
  if (write?.confirm !== "readback") return drafted(order.value, "good", undefined, now, now);
  try {
    const reading = await devices.read(tag.source, tag.tag, abort);
    const at = Math.min(reading.sourceTime ?? reading.receivedTime, reading.receivedTime);
    return drafted(decode(reading.value), reading.quality, reading.code, at, reading.receivedTime);
  } catch (thrown) {
    // Taken but not confirmed: the value is what was sent, and says that nobody has seen it.
    return drafted(order.value, "uncertain", `Unconfirmed:${HubError.from(thrown).code}`, now, now);
  }
}
