import type { Origin } from "../core/change.ts";
import { HubError } from "../core/errors.ts";
import type { WritePolicy } from "../core/link.ts";
import { placeText } from "../core/place.ts";
import type { Reading } from "../core/reading.ts";
import type { Scope } from "../core/scope.ts";
import type { Clock } from "../core/time.ts";
import type { Value } from "../core/value.ts";
import { timeOf } from "./accept-reading.ts";
import type { DevicePort, LeafWrite, LeafWriteResult } from "./contract.ts";
import type { LinkIndex } from "./link-index.ts";
import type { LinkState } from "./link-state.ts";
import { type Draft, drafted, supersede } from "./pending-state.ts";
import type { SignalWriter } from "./signal-writer.ts";
import type { Turns } from "./turns.ts";
import { unstorableText } from "./unstorable-text.ts";

export interface LinkWriteParts {
  readonly index: () => LinkIndex;
  readonly devices: DevicePort;
  readonly writer: SignalWriter;
  /** By link: what the device took last is what is committed last. */
  readonly turns: Turns;
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
  for (const write of writes) {
    if (stopped) {
      results.push({ link: write.link, outcome: "not-tried" });
      continue;
    }
    const result = await inTurn(parts, scope, origin, write);
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
  if (write.when !== undefined && !isPermitted(write.when, state)) {
    return new HubError("conflict", `${link.point} cannot be written now: ${where} wants ${write.when.text}`);
  }
  try {
    return { state, value, encoded: state.link.tag === undefined ? undefined : write.encode(value) };
  } catch (thrown) {
    return HubError.from(thrown, "invalid");
  }
}

/** A machine is not moved on the word of a signal that is bad, nor where nobody can say whether it may be. */
function isPermitted({ holds }: NonNullable<WritePolicy["when"]>, { siblings }: LinkState): boolean {
  try {
    return holds((point) => {
      const signal = siblings.get(point)?.signal;
      return signal?.quality === "bad" ? undefined : signal?.value;
    });
  } catch (thrown) {
    if (HubError.from(thrown).code === "invalid") return false;
    throw thrown;
  }
}

function outOfRange(value: Value, min: number | undefined, max: number | undefined): string | undefined {
  if (typeof value !== "number" && typeof value !== "bigint") return undefined;
  if (typeof value === "number" && Number.isNaN(value) && (min !== undefined || max !== undefined)) return "a number";
  if (min !== undefined && value < min) return `${min} and more`;
  if (max !== undefined && value > max) return `${max} and less`;
  return undefined;
}

async function inTurn(parts: LinkWriteParts, scope: Scope, origin: Origin, write: LeafWrite): Promise<LeafWriteResult> {
  const { link } = write;
  try {
    return await parts.turns.take(link.key, scope.abort, async () => {
      // Other writes, and perhaps another plan, came before this turn.
      const order = check(parts.index(), write);
      return order instanceof HubError
        ? { link, outcome: "refused", error: order }
        : carryOut(parts, scope, origin, order);
    });
  } catch (thrown) {
    return { link, outcome: "refused", error: HubError.from(thrown) };
  }
}

/** @throws HubError what the device refused, or where its value cannot be committed */
async function carryOut(parts: LinkWriteParts, scope: Scope, origin: Origin, order: Order): Promise<LeafWriteResult> {
  const { link } = order.state;
  const { draft, takenAt, readBack } = await actuate(parts, scope.abort, order);
  // The device has it: it is committed even if who asked has gone by now. A plan may have been applied meanwhile.
  const state = parts.index().byKey.get(link.key) ?? order.state;
  const now = parts.clock.now();
  state.staleness = "fresh";
  state.seenAt = now;
  state.writtenAt = takenAt;
  state.raw = readBack;
  if (readBack !== undefined) state.newest = { at: timeOf(readBack), receivedAt: readBack.receivedTime };
  state.device = draft.code === undefined ? { quality: draft.quality } : { quality: draft.quality, code: draft.code };
  const unstorable = await parts.writer.write(origin, [supersede(state, draft, now)]);
  const signal = state.signal;
  if (unstorable !== undefined || signal === undefined) {
    const message = `the device took ${link.point}, but the store cannot keep its value`;
    throw new HubError("internal", message, { cause: unstorable?.error });
  }
  return { link, outcome: "written", signal };
}

interface Actuation {
  readonly draft: Draft;
  /** When the device had it; what was received before it is older. */
  readonly takenAt: number;
  readonly readBack?: Reading;
}

/** Sends the value to the device and says what the signal is afterwards. An equal value still actuates. */
async function actuate({ devices, clock }: LinkWriteParts, abort: AbortSignal, order: Order): Promise<Actuation> {
  const { tag, write, decode } = order.state.link;
  if (tag === undefined || order.encoded === undefined) {
    const now = clock.now();
    return { draft: drafted(order.value, "good", undefined, now, now), takenAt: now };
  }
  await devices.write(tag.source, tag.tag, order.encoded, abort);
  const takenAt = clock.now();
  if (write?.confirm !== "readback") {
    return { draft: drafted(order.value, "good", undefined, takenAt, takenAt), takenAt };
  }
  try {
    const readBack = await devices.read(tag.source, tag.tag, abort);
    const { quality, code, receivedTime } = readBack;
    const draft = drafted(decode(readBack.value), quality, code, timeOf(readBack), receivedTime);
    return { draft, takenAt, readBack };
  } catch (thrown) {
    // Taken but not confirmed: the value is what was sent, and says that nobody has seen it.
    const code = `Unconfirmed:${HubError.from(thrown).code}`;
    return { draft: drafted(order.value, "uncertain", code, takenAt, takenAt), takenAt };
  }
}
