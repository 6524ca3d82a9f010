import { HubError } from "../../core/errors.ts";
import type { Clock } from "../../core/time.ts";
import { isArray, isObject, type Json, type JsonObject, stringifyJson } from "../json/json.ts";
import { CORE_CONTEXT_URL, DEFAULT_VOCAB } from "../vocabulary.ts";
import type { ContextFetcher } from "./context-fetcher.ts";
import { type ContextLibrary, isCoreUrl } from "./context-library.ts";
import { TermDefiner } from "./define-terms.ts";
import type { HostedContexts } from "./hosted-contexts.ts";
import { TermTable } from "./term-table.ts";

/** A user's context with the core context over it, compiled. */
export interface Context {
  /** What a client gave, without the core context: what an ld+json answer carries; the core's URL where nothing is left. */
  readonly reference: Json;
  /** Equal for equal contexts. */
  readonly key: string;
  /** Where it can be fetched, for Link headers; undefined for one that has no URL of its own. */
  readonly url: string | undefined;
  readonly table: TermTable;
}

interface Compiled {
  readonly context: Context;
  readonly freshUntil: number;
}

const MAX_DOCUMENTS = 32;
const MAX_NESTING = 8;
/** Entries of arrays, over all documents. */
const MAX_ENTRIES = 1_000;
const REMEMBERED = 256;
/** How much of compiled contexts is remembered: characters of what was written, and a guess for each term. */
const REMEMBERED_SIZE = 64 * 1024 * 1024;
const TERM_SIZE = 256;
const MAX_BASES = 16;

export interface ContextsOptions {
  readonly library: ContextLibrary;
  readonly fetcher: ContextFetcher;
  readonly clock: Clock;
  /** What clients put there to be served beside the library. */
  readonly hosted?: Pick<HostedContexts, "use">;
  /** The URL under which the hub serves its own contexts: `https://twins.example.org/ngsi-ld/v1/jsonldContexts/`. */
  readonly ownBase: string;
}

/** Turns what clients and mappings write as `@context` into term tables (CIM 009 4.4, 5.5.5, 5.5.7). */
export class Contexts {
  readonly #options: ContextsOptions;
  readonly #core: JsonObject;
  readonly #otherBases: string[] = [];
  readonly #compiled = new Map<string, Promise<Compiled>>();
  readonly #sizes = new Map<string, number>();
  #size = 0;
  /** Used where a request names no context: the core context (5.5.5). */
  readonly default: Context;

  constructor(options: ContextsOptions) {
    this.#options = options;
    const core = options.library.core(CORE_CONTEXT_URL);
    if (core === undefined) throw new HubError("config", "the core context is missing");
    this.#core = core;
    this.default = this.#build(CORE_CONTEXT_URL, []);
  }

  get library(): ContextLibrary {
    return this.#options.library;
  }

  /** The hub is reached under this base too (a request's own host): its contexts are not fetched there. */
  alsoServedAt(base: string): void {
    if (this.#otherBases.length < MAX_BASES && !this.#otherBases.includes(base)) this.#otherBases.push(base);
  }

  /** Where a file of the library is served. */
  urlOf(name: string): string {
    return this.#options.ownBase + encodeURIComponent(name);
  }

  /**
   * Throws HubError `context-unavailable` (LdContextNotAvailable) where a context cannot be had, `invalid`
   * (BadRequestData) where it is none or uses what NGSI-LD forbids.
   */
  async resolve(written: Json): Promise<Context> {
    const key = stringifyJson(written);
    const known = this.#compiled.get(key);
    if (known !== undefined) {
      const compiled = await known;
      if (compiled.freshUntil > this.#options.clock.now()) return compiled.context;
    }
    const compiling = this.#compile(written);
    this.#remember(key, compiling);
    try {
      const { context } = await compiling;
      this.#weigh(key, compiling, key.length + context.table.size * TERM_SIZE);
      return context;
    } catch (error) {
      if (this.#compiled.get(key) === compiling) this.#forget(key);
      throw HubError.from(error);
    }
  }

  /** A context that was served is there no more: nothing compiled from it may stay. */
  forget(): void {
    this.#compiled.clear();
  }

  #remember(key: string, compiling: Promise<Compiled>): void {
    this.#forget(key);
    this.#compiled.set(key, compiling);
    const oldest = this.#compiled.keys().next().value;
    if (this.#compiled.size > REMEMBERED && oldest !== undefined) this.#forget(oldest);
  }

  #weigh(key: string, compiling: Promise<Compiled>, size: number): void {
    if (this.#compiled.get(key) !== compiling) return;
    this.#sizes.set(key, size);
    this.#size += size;
    for (const oldest of this.#compiled.keys()) {
      if (this.#size <= REMEMBERED_SIZE) return;
      this.#forget(oldest);
    }
  }

  #forget(key: string): void {
    this.#size -= this.#sizes.get(key) ?? 0;
    this.#sizes.delete(key);
    this.#compiled.delete(key);
  }

  async #compile(written: Json): Promise<Compiled> {
    const objects: JsonObject[] = [];
    const found = { documents: 0, entries: 0, freshUntil: Number.POSITIVE_INFINITY };
    await this.#collect(written, undefined, 0, objects, found);
    return { context: this.#build(withoutCore(written), objects), freshUntil: found.freshUntil };
  }

  #build(reference: Json, objects: readonly JsonObject[]): Context {
    const definer = new TermDefiner();
    for (const object of objects) definer.add(object);
    definer.add(this.#core, true);
    const url = typeof reference === "string" ? reference : undefined;
    return {
      reference,
      key: stringifyJson(reference),
      url,
      table: new TermTable(definer, definer.vocab ?? DEFAULT_VOCAB),
    };
  }

  async #collect(
    context: Json,
    base: string | undefined,
    depth: number,
    into: JsonObject[],
    found: { documents: number; entries: number; freshUntil: number },
  ): Promise<void> {
    found.entries += 1;
    if (found.entries > MAX_ENTRIES) throw new HubError("invalid", `the @context has more than ${MAX_ENTRIES} entries`);
    if (context === null) {
      into.length = 0;
    } else if (isArray(context)) {
      for (const item of context) await this.#collect(item, base, depth, into, found);
    } else if (typeof context === "string") {
      found.documents += 1;
      if (depth >= MAX_NESTING || found.documents > MAX_DOCUMENTS) {
        throw new HubError("invalid", `the @context refers to more than ${MAX_DOCUMENTS} others, or to itself`);
      }
      const url = absolute(context, base);
      if (isCoreUrl(url)) return;
      const document = await this.#load(url);
      found.freshUntil = Math.min(found.freshUntil, document.freshUntil);
      await this.#collect(document.context, url, depth + 1, into, found);
    } else if (isObject(context)) {
      const imported = context["@import"];
      if (typeof imported === "string") await this.#collect(imported, base, depth, into, found);
      into.push(context);
    } else {
      throw new HubError("invalid", "an @context must be a URL, an object, or an array of them");
    }
  }

  async #load(url: string): Promise<{ readonly context: Json; readonly freshUntil: number }> {
    const { library, fetcher, hosted } = this.#options;
    const ownBase = [this.#options.ownBase, ...this.#otherBases].find((base) => url.startsWith(base));
    if (ownBase !== undefined) {
      const name = decoded(url.slice(ownBase.length)) ?? "";
      const own = library.file(name) ?? hosted?.use(name);
      if (own === undefined) throw new HubError("context-unavailable", `the hub has no context ${url}`);
      return { context: own, freshUntil: Number.POSITIVE_INFINITY };
    }
    return fetcher.fetch(url);
  }
}

function absolute(reference: string, base: string | undefined): string {
  const url = URL.parse(reference, base);
  if (url === null || (url.protocol !== "http:" && url.protocol !== "https:")) {
    throw new HubError("invalid", `"${reference}" is not the URL of an @context`);
  }
  return url.href;
}

function decoded(text: string): string | undefined {
  try {
    return decodeURIComponent(text);
  } catch (thrown) {
    if (thrown instanceof URIError) return undefined;
    throw thrown;
  }
}

/** What is left of a context when the core context goes without saying. */
function withoutCore(written: Json): Json {
  const left = (isArray(written) ? written : [written]).filter((item) => typeof item !== "string" || !isCoreUrl(item));
  return left.length === 0 ? CORE_CONTEXT_URL : left.length === 1 ? (left[0] as Json) : left;
}
