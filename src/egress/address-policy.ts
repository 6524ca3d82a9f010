import { BlockList, isIP } from "node:net";
import { HubError } from "../core/errors.ts";
import type { EgressSettings } from "./egress-settings.ts";

/** Ranges that are not the public internet (IANA special-purpose registries). */
const SPECIAL_V4 = [
  "0.0.0.0/8",
  "10.0.0.0/8",
  "100.64.0.0/10",
  "127.0.0.0/8",
  "169.254.0.0/16",
  "172.16.0.0/12",
  "192.0.0.0/24",
  "192.0.2.0/24",
  "192.168.0.0/16",
  "198.18.0.0/15",
  "198.51.100.0/24",
  "203.0.113.0/24",
  "224.0.0.0/4",
  "240.0.0.0/4",
];
const SPECIAL_V6 = [
  "::/96",
  "64:ff9b::/96",
  "64:ff9b:1::/48",
  "100::/64",
  "2001::/23",
  "2001:db8::/32",
  "2002::/16",
  "3fff::/20",
  "5f00::/16",
  "fc00::/7",
  "fe80::/10",
  "fec0::/10",
  "ff00::/8",
];

/** Decides about hosts by name and about addresses when a connection is made, so that a changed DNS answer gains nothing. */
export interface AddressPolicy {
  /** Throws HubError `denied-by-egress`. */
  checkUrl(url: URL): void;
  /** The same for an MQTT broker, whose URL may carry credentials (CIM 009 7.2); `mqtt:` is plain as `http:` is. */
  checkBroker(url: URL): void;
  /** Whether an address that `host` resolved to may be connected to. */
  permits(host: string, address: string): boolean;
}

export function createAddressPolicy(settings: EgressSettings): AddressPolicy {
  const special = listOf([...SPECIAL_V4, ...SPECIAL_V6]);
  const allowed = settings.allowedHosts.map((pattern) => pattern.toLowerCase());
  const permits = (host: string, address: string): boolean =>
    settings.allowPrivate || allowed.some((pattern) => fits(pattern, host)) || !holds(special, unmapped(address));
  const checkHost = (url: URL): void => {
    const host = plainHost(url.hostname);
    if (isIP(host) !== 0 && !permits(host, host)) throw denied(url, PRIVATE);
  };
  return {
    permits,
    checkBroker(url) {
      if (url.protocol !== "mqtts:" && !(settings.allowHttp && url.protocol === "mqtt:")) {
        throw denied(url, `only ${settings.allowHttp ? "mqtts: and mqtt:" : "mqtts:"} is allowed`);
      }
      checkHost(url);
    },
    checkUrl(url) {
      const schemes = settings.allowHttp ? ["https:", "http:"] : ["https:"];
      if (!schemes.includes(url.protocol)) throw denied(url, `only ${schemes.join(" and ")} is allowed`);
      if (url.username !== "" || url.password !== "") throw denied(url, "the URL carries credentials");
      checkHost(url);
    },
  };
}

export const PRIVATE = "its address is private (egress.allowPrivate and egress.allowedHosts say what may be reached)";
const plainHost = (hostname: string): string => hostname.replace(/^\[|\]$/g, "").replace(/\.$/, "");

function denied(url: URL, reason: string): HubError {
  return new HubError("denied-by-egress", `the hub may not reach ${url.protocol}//${url.host}: ${reason}`);
}

function fits(pattern: string, host: string): boolean {
  return pattern.startsWith("*.") ? host.endsWith(pattern.slice(1)) : plainHost(host) === pattern;
}

function listOf(ranges: readonly string[]): BlockList {
  const list = new BlockList();
  for (const range of ranges) {
    const [address = "", prefix] = range.split("/");
    list.addSubnet(address, Number(prefix), isIP(address) === 6 ? "ipv6" : "ipv4");
  }
  return list;
}

const holds = (list: BlockList, address: string): boolean => list.check(address, isIP(address) === 6 ? "ipv6" : "ipv4");

/** An IPv4 address in IPv6 clothes is judged as what it is. */
function unmapped(address: string): string {
  const dotted = /^::ffff:(\d+\.\d+\.\d+\.\d+)$/i.exec(address)?.[1];
  if (dotted !== undefined) return dotted;
  const hex = /^::ffff:([0-9a-f]{1,4}):([0-9a-f]{1,4})$/i.exec(address);
  if (hex === null) return address;
  const high = Number.parseInt(hex[1] ?? "0", 16);
  const low = Number.parseInt(hex[2] ?? "0", 16);
  return `${high >> 8}.${high & 255}.${low >> 8}.${low & 255}`;
}
