import type { BrowseNode } from "../../core/browse.ts";
import type { HubError } from "../../core/errors.ts";
import type { Value } from "../../core/value.ts";
import { type BrowsePattern, parseBrowsePattern } from "./browse-pattern.ts";
import type { MqttSettings } from "./config.ts";
import { parseExactJson } from "./exact-json.ts";
import { openSession } from "./session.ts";

/** Silence after which no more retained messages are expected, and the longest that a look takes. */
const QUIET_MS = 500;
const LONGEST_MS = 3000;
const MAX_FIELDS = 64;
const MAX_FIELD_TEXT = 256;

/** What a look shows of one topic. */
export type Glimpse = (topic: string, payload: Buffer) => "new" | "known" | "enough";

/**
 * Shows what is retained and what comes meanwhile under some filters. In a clean session of its own: the source's
 * session keeps its subscriptions, and its points no repeated messages.
 */
export async function look(
  settings: MqttSettings,
  clientId: string,
  filters: readonly string[],
  glimpse: Glimpse,
  abort: AbortSignal,
): Promise<void> {
  const done = Promise.withResolvers<HubError | undefined>();
  const longest = setTimeout(() => done.resolve(undefined), LONGEST_MS + settings.timeout);
  let quiet = longest;
  const wait = (): void => {
    clearTimeout(quiet);
    quiet = setTimeout(() => done.resolve(undefined), QUIET_MS);
  };
  const request = { settings, clientId, clean: true, prepare: () => undefined };
  const session = await openSession(request, abort).catch((error: unknown) => {
    clearTimeout(longest);
    throw error;
  });
  const stop = (): void => done.resolve(undefined);
  abort.addEventListener("abort", stop, { once: true });
  const limit = setTimeout(stop, LONGEST_MS);
  try {
    session.client.on("message", (topic, payload) => {
      const seen = glimpse(topic, payload);
      if (seen === "enough") stop();
      if (seen === "new") wait();
    });
    await Promise.race([session.client.subscribeAsync([...filters], { qos: 0 }), session.lost, done.promise]);
    wait();
    const reason = await Promise.race([done.promise, session.lost]);
    if (reason) throw reason;
  } finally {
    for (const timer of [longest, quiet, limit]) clearTimeout(timer);
    abort.removeEventListener("abort", stop);
    await session.end();
  }
}

/** One node for each distinct match of the pattern's wildcards, in the order of their addresses. */
export async function browseTopics(
  settings: MqttSettings,
  clientId: string,
  text: string,
  limit: number,
  abort: AbortSignal,
): Promise<readonly BrowseNode[]> {
  const pattern = parseBrowsePattern(text);
  const found = new Map<string, BrowseNode>();
  const glimpse: Glimpse = (topic, payload) => {
    const match = pattern.match(topic);
    if (!match) return "known";
    const known = found.get(match.prefix);
    if (known?.kind === "variable" || (known && topic !== match.prefix)) return "known";
    if (!known && found.size >= limit) return "enough";
    found.set(match.prefix, node(pattern, match, topic === match.prefix ? payload : undefined));
    return "new";
  };
  await look(settings, clientId, [pattern.filter], glimpse, abort);
  return [...found.values()].sort((a, b) => (a.address < b.address ? -1 : 1));
}

function node(
  pattern: BrowsePattern,
  { prefix, levels }: { readonly prefix: string; readonly levels: readonly string[] },
  payload: Buffer | undefined,
): BrowseNode {
  const fields: Record<string, string> = payload === undefined ? {} : scalarFields(payload);
  for (const [at, level] of levels.entries()) {
    fields[`level${at + 1}`] = level;
    const name = pattern.names[at];
    if (name !== undefined) fields[name] = level;
  }
  const name = levels.at(-1) ?? prefix.slice(prefix.lastIndexOf("/") + 1);
  return { address: prefix, name, path: prefix, kind: payload === undefined ? "folder" : "variable", fields };
}

/** The scalars right inside a JSON object; of anything else nothing. */
function scalarFields(payload: Buffer): Record<string, string> {
  let json: Value;
  try {
    json = parseExactJson(payload.toString("utf8"));
  } catch {
    return {}; // not JSON: a topic without fields
  }
  if (json === null || typeof json !== "object" || Array.isArray(json)) return {};
  const scalars = Object.entries(json).filter(([, value]) => value !== null && typeof value !== "object");
  return Object.fromEntries(
    scalars.slice(0, MAX_FIELDS).map(([name, value]) => [name, String(value).slice(0, MAX_FIELD_TEXT)]),
  );
}
