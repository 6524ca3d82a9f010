import { HubError, type HubErrorCode } from "../../core/errors.ts";

/** What is wrong with a package, with the place in it. */
export function packageError(
  code: Extract<HubErrorCode, "malformed" | "invalid" | "too-large" | "unsupported">,
  place: string,
  message: string,
  expected: string,
  cause?: unknown,
): HubError {
  const shown = place.slice(0, 200).replace(/\p{C}/gu, "\uFFFD");
  const problems = [{ place: shown, message, expected }];
  return new HubError(code, `the AASX package cannot be read: ${shown}: ${message}`, { problems, cause });
}
