import type { IncomingMessage } from "node:http";

/** How clients reach the hub from outside. */
export interface BaseUrlPolicy {
  /** From the configuration (`http.baseUrl`): what a proxy's clients see. Left out: what each request's `Host` says. */
  readonly configured?: string;
}

/** Scheme and authority by which this request came, whatever the configuration says. */
export function ownOrigin(incoming: IncomingMessage): string {
  return `${"encrypted" in incoming.socket ? "https" : "http"}://${incoming.headers.host ?? "localhost"}`;
}

/** Without a trailing slash. `X-Forwarded-*` is not believed: anybody can send it. */
export function externalBase(policy: BaseUrlPolicy, incoming: IncomingMessage): string {
  return policy.configured?.replace(/\/+$/, "") ?? ownOrigin(incoming);
}
