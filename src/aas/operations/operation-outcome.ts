import type { HubError, HubErrorCode } from "../../core/errors.ts";
import { isoTime } from "../../core/time.ts";
import type { OperationVariable, SubmodelElement } from "../metamodel/types.ts";
import { valuesOnly } from "../value-only/value-only.ts";
import type { ArgumentContent } from "./read-request.ts";

/** IDTA-01002 v3.1.2, Message. */
export interface ResultMessage {
  readonly messageType: "Info" | "Warning" | "Error" | "Exception";
  readonly code: string;
  readonly correlationId: string;
  readonly timestamp: string;
  readonly text: string;
}

/** What became of an operation, as it is kept and as OperationResult is made from it. */
export interface OperationOutcome {
  readonly executionState: "Running" | "Completed" | "Failed" | "Timeout";
  readonly success?: boolean;
  readonly messages: readonly ResultMessage[];
  readonly inoutputArguments?: readonly OperationVariable[];
  readonly outputArguments?: readonly OperationVariable[];
}

/** What a device or the way to it may say once the operation has begun: told in the result, not as the request's error. */
const duringWork: ReadonlySet<HubErrorCode> = new Set([
  "device-refused",
  "device-timeout",
  "unreachable",
  "untrusted",
  "not-found",
  "unauthorized",
]);

export const isDuringWork = ({ code }: HubError): boolean => duringWork.has(code);

/** A failure, told with the device's own code; each problem behind it is a message of its own. */
export function failedOutcome(error: HubError, correlationId: string, at: number): OperationOutcome {
  const { code, deviceCode, problems } = error;
  const message = (text: string): ResultMessage => ({
    messageType: code === "internal" ? "Exception" : "Error",
    code: (deviceCode ?? code).slice(0, 32),
    correlationId: correlationId.slice(0, 128),
    timestamp: isoTime(at),
    text,
  });
  const text = code === "internal" ? "the operation failed; the hub's log says why" : error.message;
  return {
    executionState: code === "device-timeout" ? "Timeout" : "Failed",
    success: false,
    messages: [text, ...(code === "internal" ? [] : problems.map((problem) => problem.message))].map(message),
  };
}

/** OperationResult, or OperationResultValueOnly. */
export function operationResult(outcome: OperationOutcome, content: ArgumentContent): unknown {
  const { inoutputArguments, outputArguments, ...base } = outcome;
  const shown = (variables: readonly OperationVariable[] | undefined): unknown => {
    if (variables === undefined || content === "normal") return variables;
    const elements = variables.map(({ value }): SubmodelElement => value);
    return valuesOnly(elements, { level: "deep", extent: "withBlobValue" });
  };
  return { ...base, inoutputArguments: shown(inoutputArguments), outputArguments: shown(outputArguments) };
}
