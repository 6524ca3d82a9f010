import type { StatusCode } from "node-opcua-client";
import { HubError, type HubErrorCode } from "../../core/errors.ts";
import { codeName } from "./status.ts";

const CODES: Readonly<Record<string, HubErrorCode>> = {
  BadUserAccessDenied: "unauthorized",
  BadIdentityTokenRejected: "unauthorized",
  BadIdentityTokenInvalid: "unauthorized",
  BadUserSignatureInvalid: "unauthorized",
  BadTimeout: "device-timeout",
  BadRequestTimeout: "device-timeout",
  BadNodeIdUnknown: "not-found",
  BadNoMatch: "not-found",
  BadNodeIdInvalid: "not-found",
  BadSessionClosed: "unreachable",
  BadSessionIdInvalid: "unreachable",
  BadSecureChannelClosed: "unreachable",
  BadSecureChannelIdInvalid: "unreachable",
  BadConnectionClosed: "unreachable",
  BadCommunicationError: "unreachable",
  BadNotConnected: "unreachable",
  BadServerHalted: "unreachable",
  BadShutdown: "unreachable",
  BadNoSubscription: "unreachable",
  BadSubscriptionIdInvalid: "unreachable",
  BadTooManySessions: "overloaded",
  BadTooManyOperations: "overloaded",
  BadTooManyMonitoredItems: "overloaded",
  BadTooManySubscriptions: "overloaded",
};

const MAX_REASON = 400;

/** A refusal of the server, with the name of its code. */
export function refused(what: string, status: StatusCode): HubError {
  const name = codeName(status) ?? "Good";
  const code = CODES[name] ?? "device-refused";
  return new HubError(code, `${what}: ${name} (${status.description})`, { deviceCode: name });
}

/** The code of a ServiceFault that the library has wrapped into an error; `undefined` for other errors. */
export function faultStatus(thrown: unknown): StatusCode | undefined {
  if (typeof thrown !== "object" || thrown === null) return undefined;
  const { response, statusCode } = thrown as {
    response?: { responseHeader?: { serviceResult?: StatusCode } };
    statusCode?: StatusCode;
  };
  return response?.responseHeader?.serviceResult ?? statusCode;
}

/** Anything that a call of the library throws. Without an answer of the server it is `fallback`. */
export function translate(what: string, thrown: unknown, fallback: HubErrorCode = "unreachable"): HubError {
  if (thrown instanceof HubError) return thrown;
  if (thrown instanceof Error && thrown.name === "AbortError") return HubError.from(thrown);
  const status = faultStatus(thrown);
  if (status !== undefined && status.value !== undefined) return refused(what, status);
  const reason = thrown instanceof Error ? oneLine(thrown.message) : String(thrown);
  return new HubError(fallback, `${what}: ${reason}`, { cause: thrown });
}

/** The library's messages go on for lines, with the cause in the last one. */
function oneLine(text: string): string {
  return text.replace(/\s+/g, " ").trim().slice(0, MAX_REASON);
}
