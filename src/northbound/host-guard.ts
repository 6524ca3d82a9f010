import { isIP } from "node:net";
import { HubError } from "../core/errors.ts";

/** By which names the hub may be called, and from which pages. */
export interface HostPolicy {
  /** Names and addresses by which clients may call the hub, without port, lower case; `*.example.org` takes subdomains. */
  readonly hosts: ReadonlySet<string>;
  /** Whether any address may be written in place of a name: no foreign name can be made to mean that. */
  readonly anyAddress?: boolean;
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
  const bare = listen.replace(/^\[|\]$/g, "");
  const listened = isIP(bare) === 6 ? `[${bare}]` : bare;
  const hosts = new Set([...loopback, listened, ...own, ...allowed].map((host) => host.toLowerCase()));
  const anyAddress = bare === "0.0.0.0" || bare === "::";
  return { hosts, anyAddress, origins: new Set(origins.map((origin) => new URL(origin).origin)) };
}

/** A page elsewhere that rebinds its name to this machine is told no. @throws HubError `forbidden` */
export function checkHost(policy: HostPolicy, host: string | undefined): void {
  const name = host?.replace(/:\d*$/, "").toLowerCase();
  if (name !== undefined && isOwn(policy, name)) return;
  throw new HubError("forbidden", `the host ${host ?? "(none)"} is not one of this hub's: add it to http.allowedHosts`);
}

function isOwn({ hosts, anyAddress }: HostPolicy, name: string): boolean {
  if (hosts.has(name)) return true;
  if (anyAddress === true && isIP(name.replace(/^\[|\]$/g, "")) !== 0) return true;
  for (let dot = name.indexOf("."); dot !== -1; dot = name.indexOf(".", dot + 1)) {
    if (hosts.has(`*${name.slice(dot)}`)) return true;
  }
  return false;
}

/**
 * A browser says which page asks: only the hub's own and those allowed may. `null`, a page without an origin, is none.
 * @param own scheme and authority of the request itself, and the base URL under which clients reach the hub
 * @throws HubError `forbidden`
 */
export function checkOrigin(policy: HostPolicy, origin: string | undefined, own: readonly string[]): void {
  if (origin === undefined || policy.origins.has(origin)) return;
  if (own.some((url) => URL.parse(url)?.origin === origin)) return;
  throw new HubError("forbidden", `the origin ${origin} is not allowed: add it to http.corsOrigins`);
}

/** CORS headers for an allowed origin (Fetch standard); none for a request of the hub's own pages or of no browser. */
export function corsHeaders(policy: HostPolicy, origin: string | undefined): Record<string, string> {
  if (policy.origins.size === 0) return {};
  // Also without an origin: a cache must not hand a browser the answer that was made for none.
  if (origin === undefined || !policy.origins.has(origin)) return { vary: "origin" };
  return { "access-control-allow-origin": origin, "access-control-expose-headers": "*", vary: "origin" };
}

export function preflightHeaders(methods: readonly string[], requested: string | undefined): Record<string, string> {
  return {
    "access-control-allow-methods": methods.join(", "),
    "access-control-allow-headers": requested ?? "content-type, authorization",
    "access-control-max-age": "600",
  };
}
