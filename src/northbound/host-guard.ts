import { HubError } from "../core/errors.ts";

export interface HostPolicy {
  /** Names and addresses by which clients may call the hub, without port, lower case. */
  readonly hosts: ReadonlySet<string>;
  /** Origins of pages in browsers that may call it: `https://ui.example.org`. */
  readonly origins: ReadonlySet<string>;
}

const loopback = ["localhost", "127.0.0.1", "[::1]"];

/**
 * @param listen the address that the hub listens on
 * @param allowed further names from the configuration
 */
export function hostPolicy(
  listen: string,
  baseUrl: string | undefined,
  allowed: readonly string[],
  origins: readonly string[],
): HostPolicy {
  const own = baseUrl === undefined ? [] : [new URL(baseUrl).hostname];
  const hosts = new Set([...loopback, listen, ...own, ...allowed].map((host) => host.toLowerCase()));
  return { hosts, origins: new Set(origins) };
}

/** A page elsewhere that rebinds its name to this machine is told no. @throws HubError `forbidden` */
export function checkHost(policy: HostPolicy, host: string | undefined): void {
  const name = host?.replace(/:\d+$/, "").toLowerCase();
  if (name !== undefined && policy.hosts.has(name)) return;
  throw new HubError("forbidden", `the host ${host ?? "(none)"} is not one of this hub's: add it to http.allowedHosts`);
}

/**
 * A browser says which page asks: only the hub's own and those allowed may.
 * @param self scheme and authority of the request itself
 * @throws HubError `forbidden`
 */
export function checkOrigin(policy: HostPolicy, origin: string | undefined, self: string): void {
  if (origin === undefined || origin === self || policy.origins.has(origin)) return;
  throw new HubError("forbidden", `the origin ${origin} is not allowed: add it to http.corsOrigins`);
}

/** CORS headers for an allowed origin (Fetch standard); none for a request of the hub's own pages or of no browser. */
export function corsHeaders(policy: HostPolicy, origin: string | undefined): Record<string, string> {
  if (origin === undefined || !policy.origins.has(origin)) return {};
  return {
    "access-control-allow-origin": origin,
    "access-control-expose-headers": "*",
    vary: "origin",
  };
}

export function preflightHeaders(methods: readonly string[], requested: string | undefined): Record<string, string> {
  return {
    "access-control-allow-methods": methods.join(", "),
    "access-control-allow-headers": requested ?? "content-type, authorization",
    "access-control-max-age": "600",
  };
}
