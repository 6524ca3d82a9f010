import { HubError } from "../../core/errors.ts";
import type { Scope } from "../../core/scope.ts";
import type { Clock } from "../../core/time.ts";
import type { Twin } from "../../twin/contract.ts";
import type { SubmodelElement } from "../metamodel/types.ts";
import { type ResultArguments, resultArguments, valuesOf } from "../operations/argument-values.ts";
import {
  failedOutcome,
  isDuringWork,
  type OperationOutcome,
  operationResult,
} from "../operations/operation-outcome.ts";
import { type ArgumentContent, type OperationRequest, readRequest } from "../operations/read-request.ts";
import { withinTime } from "../operations/within-time.ts";
import type { OwnOperations } from "../time-series/series-operations.ts";
import type { AsyncHandles } from "./async-handles.ts";
import type { SubmodelReader } from "./submodel-reader.ts";

/** IDTA-01002 v3.1.2, InvokeOperationSync to GetOperationAsyncResult. */
export interface OperationService {
  /**
   * Carries the operation out and gives what became of it; a device that refuses is an outcome.
   * @param body OperationRequest or OperationRequestValueOnly (from `parseExactJson`)
   * @throws HubError `method-not-allowed` for what is no Operation, `invalid` with all that is wrong with the arguments,
   * `unsupported` where no mapping binds it, `conflict` where the guard of a point forbids it now, `aborted`
   */
  invoke(
    scope: Scope,
    submodel: string,
    path: string,
    body: unknown,
    content: ArgumentContent,
  ): Promise<OperationOutcome>;
  /** The same, begun: gives the handle. What can be told of the request at once is thrown. @throws also `overloaded` */
  start(scope: Scope, submodel: string, path: string, body: unknown, content: ArgumentContent): Promise<string>;
  /** @throws HubError `not-found` for a handle that this operation does not have, or no longer */
  state(submodel: string, path: string, handle: string): Promise<InvocationState>;
}

export interface InvocationState {
  readonly outcome: OperationOutcome;
  /** The format in which it was invoked. */
  readonly content: ArgumentContent;
}

export interface OperationTimes {
  /** ms that an operation may take where its client says nothing. */
  readonly timeout: number;
  /** The most that a client may give it. */
  readonly maxTimeout: number;
  /** Sync invocations at one time. */
  readonly maxRunning: number;
}

export const defaultOperationTimes: OperationTimes = { timeout: 10_000, maxTimeout: 600_000, maxRunning: 1_000 };

export interface OperationServiceParts {
  readonly reader: SubmodelReader;
  readonly twin: Pick<Twin, "operation" | "invoke">;
  readonly handles: AsyncHandles;
  readonly clock: Clock;
  readonly times: OperationTimes;
  /** What the hub does itself, without a device. */
  readonly own: OwnOperations;
  /** Told when an operation begins and ends. */
  readonly told?: (event: InvocationEvent) => void;
}

export interface InvocationEvent {
  readonly type: "invoked" | "finished";
  readonly submodel: string;
  readonly path: string;
  /** Arguments as they came, or what became of it. */
  readonly data: unknown;
}

/** An invocation of which everything is right as far as the hub can tell. */
interface Prepared {
  readonly tell: (type: InvocationEvent["type"], data: unknown) => void;
  /** As they came, as elements. */
  readonly given: Pick<OperationRequest, "inputs" | "inoutputs">;
  /** Carries it out; gives the arguments of the result. */
  readonly run: (scope: Scope) => Promise<ResultArguments>;
}

interface Outcome {
  readonly told: OperationOutcome;
  readonly error: HubError | undefined;
}

export function createOperationService(parts: OperationServiceParts): OperationService {
  const { reader, twin, handles, clock, times, told = () => {} } = parts;
  let running = 0;

  async function prepared(
    submodel: string,
    path: string,
    body: unknown,
    content: ArgumentContent,
    isAsync: boolean,
  ): Promise<Prepared> {
    const { stored } = await reader.element(submodel, path);
    if (stored.modelType !== "Operation") {
      throw new HubError("method-not-allowed", `${path} is a ${stored.modelType}: only an Operation can be invoked`);
    }
    const request = readRequest(stored, body, content, isAsync);
    const begun = {
      tell: (type: InvocationEvent["type"], data: unknown) => told({ type, submodel, path, data }),
      given: request,
    };
    const timeout = Math.min(request.timeout ?? times.timeout, times.maxTimeout);
    const bound = twin.operation("submodel", submodel, path);
    if (bound === undefined) {
      const own = await parts.own.find(submodel, path);
      if (own === undefined) throw unbound(path);
      return {
        ...begun,
        run: async ({ abort }) => {
          const outputs = await withinTime(timeout, abort, (either) => own(request.inputs, either));
          return { outputArguments: outputs.map((value) => ({ value })), inoutputArguments: [] };
        },
      };
    }
    const invocation = { inputs: valuesOf(bound, request), timeout };
    return {
      ...begun,
      run: async (scope) => resultArguments(stored, await twin.invoke(scope, "aas", bound, invocation)),
    };
  }

  /** What became of it, failed or not. */
  async function outcomeOf(scope: Scope, { run, tell, given }: Prepared): Promise<Outcome> {
    const variables = (elements: readonly SubmodelElement[]) => elements.map((value) => ({ value }));
    tell("invoked", { inputArguments: variables(given.inputs), inoutputArguments: variables(given.inoutputs) });
    let outcome: Outcome;
    try {
      const result = await run(scope);
      outcome = { told: { executionState: "Completed", success: true, messages: [], ...result }, error: undefined };
    } catch (thrown) {
      const error = HubError.from(thrown);
      outcome = { told: failedOutcome(error, scope.requestId, clock.now()), error };
    }
    tell("finished", operationResult(outcome.told, "normal"));
    return outcome;
  }

  return {
    async invoke(scope, submodel, path, body, content) {
      const ready = await prepared(submodel, path, body, content, false);
      if (running >= times.maxRunning) {
        throw new HubError("overloaded", `${running} operations are running already`, { retryAfter: 1 });
      }
      running += 1;
      const outcome = await outcomeOf(scope, ready).finally(() => {
        running -= 1;
      });
      if (outcome.error !== undefined && !isDuringWork(outcome.error)) throw outcome.error;
      return outcome.told;
    },
    async start(scope, submodel, path, body, content) {
      const ready = await prepared(submodel, path, body, content, true);
      return await handles.start(topicOf(submodel, path), async (abort): Promise<InvocationState> => {
        // The request is over by now: the hub alone ends it.
        return { content, outcome: (await outcomeOf({ ...scope, abort }, ready)).told };
      });
    },
    async state(submodel, path, handle) {
      const job = await handles.job(topicOf(submodel, path), handle);
      switch (job.state) {
        case "running":
          return { content: "normal", outcome: { executionState: "Running", messages: [] } };
        case "completed":
          return job.result as InvocationState;
        case "failed":
          return { content: "normal", outcome: failedOutcome(job.error, handle, clock.now()) };
      }
    },
  };
}

const topicOf = (submodel: string, path: string): string => `operation\n${submodel}\n${path}`;

function unbound(path: string): HubError {
  const message = `no mapping binds the Operation ${path}`;
  const expected = `operations: { …: { aas: <submodel>.${path}, call: <method of the device> } } in a mapping file`;
  return new HubError("unsupported", message, { problems: [{ place: "idShortPath", message, expected }] });
}
