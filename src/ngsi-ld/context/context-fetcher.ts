import { randomUUID } from "node:crypto";
import { HubError } from "../../core/errors.ts";
import type { Clock } from "../../core/time.ts";
import { isObject, type Json, parseJson } from "../json/json.ts";

/** The part of an HTTP client that contexts need; the hub gives one that obeys its egress policy. */
export interface HttpGet {
  get(
    url: string,
    options: { readonly headers: Readonly<Record<string, string>>; readonly abort: AbortSignal },
  ): Promise<{
    readonly status: number;
    readonly headers: Readonly<Record<string, string | undefined>>;
    readonly body: Uint8Array;
  }>;
}

export interface FetchedContext {
  readonly context: Json;
  /** Milliseconds since the epoch until which it need not be asked for again. */
  readonly freshUntil: number;
}

/** The copy of a context that somebody else serves (CIM 009 5.13.1, kind Cached). Times in ms since the epoch. */
export interface CachedContext extends FetchedContext {
  readonly id: string;
  readonly url: string;
  /** When this copy was fetched. */
  readonly createdAt: number;
  /** How often it was found here, and when last; since the hub's start. */
  readonly hits: number;
  readonly lastUsage: number | undefined;
}

interface Entry extends CachedContext {
  readonly etag: string | undefined;
  readonly bytes: number;
}

/** Where the server says nothing (6.3.16). */
const DEFAULT_FRESH_MS = 300_000;
const LEAST_FRESH_MS = 10_000;
const MOST_FRESH_MS = 86_400_000;
const FETCH_TIMEOUT_MS = 10_000;
/** The largest context, and all that are kept; published ones have under 2 MiB. */
const MOST_BYTES = 2 * 1024 * 1024;
const KEPT_BYTES = 32 * 1024 * 1024;
/** Contexts that are fetched at the same time. */
const MOST_UNDER_WAY = 64;

/** Contexts by URL behind a bounded HTTP cache: max-age, ETag revalidation, the old copy while a server is away. */
export class ContextFetcher {
  readonly #http: HttpGet;
  readonly #clock: Clock;
  readonly #bound: number;
  readonly #entries = new Map<string, Entry>();
  readonly #underWay = new Map<string, Promise<Entry>>();
  #bytes = 0;

  constructor(http: HttpGet, clock: Clock, bound = 200) {
    this.#http = http;
    this.#clock = clock;
    this.#bound = bound;
  }

  /** Throws HubError `context-unavailable` (unreachable, refused), `invalid` (no JSON, no `@context`, too large), `overloaded`. */
  async fetch(url: string): Promise<FetchedContext> {
    const known = this.#entries.get(url);
    if (known !== undefined && known.freshUntil > this.#clock.now()) return known;
    const running = this.#underWay.get(url);
    if (running !== undefined) return running;
    if (this.#underWay.size >= MOST_UNDER_WAY) {
      throw new HubError("overloaded", `${MOST_UNDER_WAY} contexts are being fetched already`, { retryAfter: 1 });
    }
    const fetching = this.#refresh(url, known).finally(() => this.#underWay.delete(url));
    this.#underWay.set(url, fetching);
    return fetching;
  }

  list(): readonly CachedContext[] {
    return [...this.#entries.values()];
  }

  /** By its local id or the URL that it came from (5.13.5.3). */
  find(idOrUrl: string): CachedContext | undefined {
    return this.#entries.get(idOrUrl) ?? this.list().find(({ id }) => id === idOrUrl);
  }

  /** It was found for somebody: counts (5.13.3.5). */
  use(url: string): void {
    const entry = this.#entries.get(url);
    if (entry !== undefined) {
      this.#entries.set(url, { ...entry, hits: entry.hits + 1, lastUsage: this.#clock.now() });
    }
  }

  /** 5.13.5.4. False: it is not there. */
  remove(url: string): boolean {
    const known = this.#entries.has(url);
    this.#forget(url);
    return known;
  }

  /** Fetches a copy in the place of the one that is there, which stays where that fails: `context-unavailable` (5.13.5.4). */
  async reload(url: string): Promise<void> {
    try {
      this.#keep(await this.#ask(url, undefined));
    } catch (thrown) {
      const error = HubError.from(thrown, "context-unavailable");
      if (error.code !== "invalid") throw error;
      throw new HubError("context-unavailable", error.message, { cause: error });
    }
  }

  async #refresh(url: string, known: Entry | undefined): Promise<Entry> {
    let entry: Entry;
    try {
      entry = await this.#ask(url, known);
    } catch (thrown) {
      const error = HubError.from(thrown, "context-unavailable");
      if (known === undefined || error.code !== "context-unavailable") throw error;
      entry = { ...known, freshUntil: this.#clock.now() + LEAST_FRESH_MS };
    }
    this.#keep(entry);
    return entry;
  }

  #keep(entry: Entry): void {
    const { url } = entry;
    this.#forget(url);
    this.#entries.set(url, entry);
    this.#bytes += entry.bytes;
    for (const oldest of this.#entries.keys()) {
      if (this.#entries.size <= this.#bound && this.#bytes <= KEPT_BYTES) break;
      this.#forget(oldest);
    }
  }

  #forget(url: string): void {
    this.#bytes -= this.#entries.get(url)?.bytes ?? 0;
    this.#entries.delete(url);
  }

  async #ask(url: string, known: Entry | undefined): Promise<Entry> {
    const headers: Record<string, string> = { accept: "application/ld+json, application/json;q=0.9" };
    if (known?.etag !== undefined) headers["if-none-match"] = known.etag;
    const answer = await this.#http
      .get(url, { headers, abort: AbortSignal.timeout(FETCH_TIMEOUT_MS) })
      .catch((cause) => {
        throw new HubError(
          "context-unavailable",
          `the @context ${url} cannot be fetched: ${HubError.from(cause).message}`,
          { cause },
        );
      });
    const now = this.#clock.now();
    const freshUntil = now + freshness(answer.headers, now);
    if (answer.status === 304 && known !== undefined) return { ...known, freshUntil };
    if (answer.status !== 200) {
      throw new HubError(
        "context-unavailable",
        `the @context ${url} cannot be fetched: its server answered ${answer.status}`,
      );
    }
    const bytes = answer.body.length;
    if (bytes > MOST_BYTES) throw new HubError("invalid", `the @context ${url} is larger than ${MOST_BYTES} bytes`);
    const old = this.#entries.get(url);
    return {
      id: old?.id ?? randomUUID(),
      url,
      context: contextOf(url, answer.body),
      createdAt: now,
      freshUntil,
      hits: old?.hits ?? 0,
      lastUsage: old?.lastUsage,
      etag: answer.headers.etag,
      bytes,
    };
  }
}

/** Milliseconds by `s-maxage`, `max-age` or `Expires`, in this order (6.3.16; RFC 9111, 4.2.1). */
function freshness(headers: Readonly<Record<string, string | undefined>>, now: number): number {
  const control = headers["cache-control"] ?? "";
  if (/\bno-(?:store|cache)\b/.test(control)) return LEAST_FRESH_MS;
  const age = (/\bs-maxage=(\d+)/.exec(control) ?? /\bmax-age=(\d+)/.exec(control))?.[1];
  const expires = headers.expires === undefined ? Number.NaN : Date.parse(headers.expires) - now;
  const ms = age === undefined ? expires : Number(age) * 1000;
  return Number.isNaN(ms) ? DEFAULT_FRESH_MS : Math.min(Math.max(ms, LEAST_FRESH_MS), MOST_FRESH_MS);
}

function contextOf(url: string, body: Uint8Array): Json {
  let document: Json;
  try {
    document = parseJson(new TextDecoder().decode(body));
  } catch (cause) {
    throw new HubError("invalid", `what ${url} gives is not JSON`, { cause });
  }
  if (isObject(document) && document["@context"] !== undefined) return document["@context"];
  throw new HubError("invalid", `what ${url} gives has no member "@context"`);
}
