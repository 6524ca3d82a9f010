import type { IncomingMessage } from "node:http";
import { BlockList, isIP } from "node:net";

/** How clients reach the hub from outside. */
export interface BaseUrlPolicy {
  /** From the configuration (`http.baseUrl`): what a proxy's clients see. Left out: what each request says. */
  readonly configured?: string;
  /** Whether a peer is a proxy of the operator's, whose word on the outside address counts. Left out: none is. */
  readonly trusts?: (address: string) => boolean;
}

const hostForm = /^(?:[A-Za-z0-9.-]+|\[[0-9A-Fa-f:.]+\])(?::\d{1,5})?$/;
const prefixForm = /^(?:\/[\w.~-]+)*\/?$/;

/** @param addresses IP addresses and ranges such as `10.0.0.0/8` */
export function trustOf(addresses: readonly string[]): (address: string) => boolean {
  const list = new BlockList();
  for (const range of addresses) {
    const [address = "", bits] = range.split("/");
    const family = isIP(address) === 6 ? "ipv6" : "ipv4";
    if (bits === undefined) list.addAddress(address, family);
    else list.addSubnet(address, Number(bits), family);
  }
  return (address) => {
    const plain = address.replace(/^::ffff:(?=\d+\.)/i, "");
    return list.check(plain, isIP(plain) === 6 ? "ipv6" : "ipv4");
  };
}

/** Scheme and authority by which this request came, whatever the configuration says. */
export function ownOrigin(incoming: IncomingMessage): string {
  return `${"encrypted" in incoming.socket ? "https" : "http"}://${incoming.headers.host ?? "localhost"}`;
}

/** Without a trailing slash. `X-Forwarded-*` is believed of trusted proxies alone: anybody can send it. */
export function externalBase({ configured, trusts }: BaseUrlPolicy, incoming: IncomingMessage): string {
  if (configured !== undefined) return configured.replace(/\/+$/, "");
  const peer = incoming.socket.remoteAddress;
  return trusts !== undefined && peer !== undefined && trusts(peer) ? forwardedBase(incoming) : ownOrigin(incoming);
}

/** What the nearest proxy wrote: the last value of each field, since one before it may be the client's own invention. */
function forwardedBase(incoming: IncomingMessage): string {
  const said = (name: string): string | undefined => {
    const lines = incoming.headersDistinct[name];
    return lines?.join(",").split(",").at(-1)?.trim();
  };
  const own = new URL(ownOrigin(incoming));
  const scheme = said("x-forwarded-proto")?.toLowerCase();
  const host = said("x-forwarded-host") ?? "";
  const prefix = said("x-forwarded-prefix") ?? "";
  const protocol = scheme === "https" || scheme === "http" ? `${scheme}:` : own.protocol;
  const authority = hostForm.test(host) ? host : own.host;
  return `${protocol}//${authority}${prefixForm.test(prefix) ? prefix.replace(/\/$/, "") : ""}`;
}
