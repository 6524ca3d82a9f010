import type { BoundOperation } from "../core/bound-operation.ts";
import type { ArgumentValues } from "../core/browse.ts";
import type { Origin } from "../core/change.ts";
import { HubError, type HubErrorCode, type Problem } from "../core/errors.ts";
import type { Logger } from "../core/logger.ts";
import { placeText } from "../core/place.ts";
import type { Scope } from "../core/scope.ts";
import type { Clock } from "../core/time.ts";
import type { DevicePort, Invocation, LeafWrite, LeafWriteResult } from "./contract.ts";
import type { LinkIndex } from "./link-index.ts";

export interface InvokeParts {
  readonly index: () => LinkIndex;
  readonly devices: DevicePort;
  /** Writes by rule 4. */
  readonly write: (scope: Scope, writes: readonly LeafWrite[]) => Promise<readonly LeafWriteResult[]>;
  readonly clock: Clock;
  readonly log: Logger;
}

/** Carries an operation out, within its time; whatever becomes of it stands in the log with who wanted it. */
export async function invokeOperation(
  parts: InvokeParts,
  scope: Scope,
  origin: Origin,
  operation: BoundOperation,
  invocation: Invocation,
): Promise<ArgumentValues> {
  const { clock, log } = parts;
  const started = clock.now();
  const audit = (outcome: HubErrorCode | "done", reason?: string): void =>
    log.info("an operation was invoked", {
      actor: scope.actor.name,
      tenant: scope.tenant,
      operation: operation.key,
      outcome,
      ms: clock.now() - started,
      origin,
      requestId: scope.requestId,
      ...(reason === undefined ? {} : { reason }),
    });
  try {
    const { work } = operation;
    const outputs = await (work.kind === "call"
      ? callMethod(parts.devices, scope, work, invocation)
      : setPoints(parts, scope, operation, work, invocation));
    audit("done");
    return outputs;
  } catch (thrown) {
    const error = HubError.from(thrown);
    audit(error.code, error.message);
    throw error;
  }
}

type Work<Kind> = Extract<BoundOperation["work"], { readonly kind: Kind }>;

async function callMethod(
  devices: DevicePort,
  { abort }: Scope,
  { source, method, inputs, outputs }: Work<"call">,
  { inputs: given, timeout }: Invocation,
): Promise<ArgumentValues> {
  const results = await devices.call(source, method, inputs(given), timeout, abort);
  try {
    return outputs(results);
  } catch (thrown) {
    // The device has done its work: what it gave is no mistake of the client.
    const message = `${method} was carried out, but its result does not fit: ${HubError.from(thrown).message}`;
    throw new HubError("device-refused", message, { cause: thrown });
  }
}

/** All values first, then the writes in their order, stopped at the first refusal. */
async function setPoints(
  parts: InvokeParts,
  scope: Scope,
  operation: BoundOperation,
  { writes: wanted }: Work<"set">,
  { inputs: given, timeout }: Invocation,
): Promise<ArgumentValues> {
  const { byKey } = parts.index();
  const writes = wanted.map(({ link: key, point, value }): LeafWrite => {
    const link = byKey.get(key)?.link;
    if (link !== undefined) return { link, value: value(given) };
    throw new HubError("conflict", `${placeText(operation.place)}: there is no point ${point} any more`);
  });
  const late = new AbortController();
  const timer = setTimeout(() => {
    late.abort(new HubError("device-timeout", `${operation.name} did not finish within ${timeout} ms`));
  }, timeout);
  try {
    const abort = AbortSignal.any([scope.abort, late.signal]);
    const results = await parts.write({ ...scope, abort }, writes);
    throwRefusal(results, late.signal);
  } finally {
    clearTimeout(timer);
  }
  return Object.fromEntries(
    operation.arguments.filter(({ direction }) => direction === "inout").map(({ name }) => [name, given[name] ?? null]),
  );
}

/** The first refusal, with what became of each point where there are several. */
function throwRefusal(results: readonly LeafWriteResult[], late: AbortSignal): void {
  const refused = results.find((result) => result.outcome === "refused");
  if (refused === undefined) return;
  const error = refused.error.code === "aborted" && late.aborted ? HubError.from(late.reason) : refused.error;
  const { message, deviceCode } = error;
  // Where a device has taken something already, the guard of a later point is no error of the request any more.
  const begun = results.some(({ outcome }) => outcome === "written");
  const code = begun && (error.code === "conflict" || error.code === "invalid") ? "device-refused" : error.code;
  const problems = results.map(({ link, outcome }): Problem => {
    const what =
      outcome === "written" ? "was written" : outcome === "refused" ? `was refused: ${message}` : "was not tried";
    return { place: link.point, message: `${link.point} ${what}`, rule: placeText(link.place) };
  });
  throw new HubError(code, message, {
    problems: results.length > 1 ? problems : error.problems,
    cause: error,
    ...(deviceCode === undefined ? {} : { deviceCode }),
  });
}
