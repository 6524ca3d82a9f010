import { isIP, isIPv4 } from "node:net";
import type { Problem } from "../core/errors.ts";
import type { Draft } from "./draft.ts";
import type { Settings } from "./schema.ts";

/** Whether an address to listen on can be reached from this machine alone. */
export function isLoopback(host: string): boolean {
  return host === "localhost" || host === "::1" || host === "[::1]" || (isIPv4(host) && host.startsWith("127."));
}

/** What has to hold between settings, and no schema can say. */
export function brokenRules(settings: Settings, draft: Draft): Problem[] {
  return [
    ...exposure(settings, draft),
    ...apiKeys(settings, draft),
    ...baseUrl(settings, draft),
    ...registries(settings, draft),
    ...proxies(settings, draft),
  ];
}

function exposure({ http, security }: Settings, draft: Draft): Problem[] {
  if (isLoopback(http.host) || security.apiKeys.length > 0) return [];
  return [
    {
      place: draft.markOf("/http/host").place,
      message: `http.host ${http.host} can be reached from other machines, and nobody would have to say who they are`,
      expected: "at least one key in security.apiKeys, or a loopback address such as 127.0.0.1",
    },
  ];
}

function apiKeys({ security }: Settings, draft: Draft): Problem[] {
  const problems: Problem[] = [];
  const names = new Set<string>();
  for (const [index, { name, key, hash }] of security.apiKeys.entries()) {
    const at = `/security/apiKeys/${index}`;
    if ((key === undefined) === (hash === undefined)) {
      const message = `the API key "${name}" has ${key === undefined ? "neither a key nor a hash" : "both a key and a hash"}`;
      problems.push({ place: draft.markOf(at).place, message, expected: "either `key` or `hash`" });
    }
    if (names.has(name)) {
      const place = draft.markOf(`${at}/name`).place;
      problems.push({ place, message: `there are two API keys named "${name}"`, expected: "a name for each" });
    }
    names.add(name);
  }
  return problems;
}

function baseUrl({ http }: Settings, draft: Draft): Problem[] {
  if (http.baseUrl === undefined) return [];
  const url = URL.parse(http.baseUrl);
  if (url !== null && url.search === "" && url.hash === "" && url.username === "") return [];
  const expected = "a URL such as https://twins.example.org, without user, query or fragment";
  return [{ place: draft.markOf("/http/baseUrl").place, message: "http.baseUrl is no base of URLs", expected }];
}

function registries({ registries }: Settings, draft: Draft): Problem[] {
  return Object.entries(registries).flatMap(([name, { shells, submodels, discovery }]) => {
    if ((shells ?? submodels ?? discovery) !== undefined) return [];
    const place = draft.markOf(`/registries/${name}`).place;
    return [
      { place, message: `the registry "${name}" is nowhere`, expected: "shells, submodels or discovery, a URL each" },
    ];
  });
}

function proxies({ http }: Settings, draft: Draft): Problem[] {
  return (http.trustedProxies ?? []).flatMap((range, index) => {
    const [address = "", bits] = range.split("/");
    const family = isIP(address);
    if (family !== 0 && Number(bits ?? 0) <= (family === 6 ? 128 : 32)) return [];
    const place = draft.markOf(`/http/trustedProxies/${index}`).place;
    return [{ place, message: `${range} is no address`, expected: "an IP address, or a range such as 10.0.0.0/8" }];
  });
}
