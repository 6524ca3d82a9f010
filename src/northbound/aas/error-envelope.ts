import type { HubError, Problem } from "../../core/errors.ts";
import { isoTime, systemClock } from "../../core/time.ts";
import type { ApiResponse } from "../operation-types.ts";
import { statusOf } from "../status-of.ts";

/** IDTA-01002 v3.1.2, Result and Message: `code` up to 32 characters, `correlationId` up to 128, `timestamp` in UTC. */
export function renderError(error: HubError, { requestId }: { readonly requestId: string }): ApiResponse {
  const status = statusOf[error.code];
  const hidden = error.code === "internal";
  const message = (text: string): Record<string, string> => ({
    messageType: status >= 500 ? "Exception" : "Error",
    code: String(status),
    correlationId: requestId.slice(0, 128),
    timestamp: isoTime(systemClock.now()),
    text,
  });
  const texts = hidden ? ["the request failed; the hub's log says why"] : textsOf(error);
  return {
    status,
    type: "application/json",
    body: JSON.stringify({ messages: texts.map(message) }),
  };
}

/** The headline, unless the one problem behind it says the same in more words. */
function textsOf({ message, problems }: HubError): readonly string[] {
  const [only, ...others] = problems;
  if (only !== undefined && others.length === 0 && message.endsWith(only.message)) return [problemText(only)];
  return [message, ...problems.map(problemText)];
}

/** Place, what is wrong, what would be right, and which rule says so. */
function problemText({ place, message, expected, rule }: Problem): string {
  const where = place === "" ? "" : `${place}: `;
  const right = expected === undefined ? "" : `; expected ${expected}`;
  return `${where}${message}${right}${rule === undefined ? "" : ` [${rule}]`}`;
}
