import type { IncomingMessage } from "node:http";

/**
 * Brings the request target into origin form, `/path?query`: clients that take the hub for their proxy send a whole URL
 * (RFC 9112, 3.2.2), whose authority stands in for `Host` then; `OPTIONS *` is asked of the root.
 */
export function toOriginForm(incoming: IncomingMessage): void {
  const target = incoming.url ?? "/";
  if (target.startsWith("/")) return;
  const absolute = /^https?:\/\/([^/?#]*)([^#]*)/i.exec(target);
  const [, authority = "", rest = ""] = absolute ?? [];
  if (absolute !== null) incoming.headers.host = authority;
  incoming.url = rest.startsWith("/") ? rest : `/${rest}`;
}
