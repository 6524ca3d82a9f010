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

interface Entry extends FetchedContext {
  readonly etag: string | undefined;
  readonly bytes: number;
}

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

  async #refresh(url: string, known: Entry | undefined): Promise<Entry> {
    let entry: Entry;
    try {
      entry = await this.#ask(url, known);
    } catch (thrown) {
      const error = HubError.from(thrown, "context-unavailable");
      if (known === undefined || error.code !== "context-unavailable") throw error;
      entry = { ...known, freshUntil: this.#clock.now() + LEAST_FRESH_MS };
    }
    this.#forget(url);
    this.#entries.set(url, entry);
    this.#bytes += entry.bytes;
    for (const oldest of this.#entries.keys()) {
      if (this.#entries.size <= this.#bound && this.#bytes <= KEPT_BYTES) break;
      this.#forget(oldest);
    }
    return entry;
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
    const freshUntil = this.#clock.now() + freshness(answer.headers["cache-control"]);
    if (answer.status === 304 && known !== undefined) return { ...known, freshUntil };
    if (answer.status !== 200) {
      throw new HubError(
        "context-unavailable",
        `the @context ${url} cannot be fetched: its server answered ${answer.status}`,
      );
    }
    const bytes = answer.body.length;
    if (bytes > MOST_BYTES) throw new HubError("invalid", `the @context ${url} is larger than ${MOST_BYTES} bytes`);
    return { context: contextOf(url, answer.body), freshUntil, etag: answer.headers.etag, bytes };
  }
}

function freshness(cacheControl: string | undefined): number {
  if (cacheControl === undefined) return DEFAULT_FRESH_MS;
  if (/\bno-(?:store|cache)\b/.test(cacheControl)) return LEAST_FRESH_MS;
  const age = /\bmax-age=(\d+)/.exec(cacheControl)?.[1];
  if (age === undefined) return DEFAULT_FRESH_MS;
  return Math.min(Math.max(Number(age) * 1000, LEAST_FRESH_MS), MOST_FRESH_MS);
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
