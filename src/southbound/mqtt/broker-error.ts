import { HubError } from "../../core/errors.ts";

/** CONNACK codes of 3.1.1 (3.2.2.3) and 5.0 (3.2.2.2) that say that user or password are wrong, or not allowed. */
const unauthorized = new Set([4, 5, 134, 135]);
/** What Node says of a certificate that it does not accept. */
const tlsErrors = /^(CERT_|ERR_TLS_CERT|UNABLE_TO_|SELF_SIGNED_|DEPTH_ZERO_|HOSTNAME_MISMATCH|CRL_)/;

/** Why there is no session (any more). `target` is the broker's address, without a password. */
export function brokerError(thrown: unknown, target: string): HubError {
  if (thrown instanceof HubError) return thrown;
  const message = thrown instanceof Error && thrown.message !== "" ? thrown.message : "the connection was closed";
  const code = thrown instanceof Error && "code" in thrown ? thrown.code : undefined;
  const details = { cause: thrown };
  if (typeof code === "number" && unauthorized.has(code)) {
    return new HubError("unauthorized", `${target} refused user and password: ${message}`, details);
  }
  if (typeof code === "string" && tlsErrors.test(code)) {
    return new HubError("untrusted", `the certificate of ${target} is not accepted: ${message} (${code})`, details);
  }
  return new HubError("unreachable", `${target}: ${message}`, details);
}
