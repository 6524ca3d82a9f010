import { HubError } from "../../core/errors.ts";
import type { Clock } from "../../core/time.ts";
import { isArray, isObject, type Json, type JsonObject, stringifyJson } from "../json/json.ts";
import { CORE_CONTEXT_URL, DEFAULT_VOCAB } from "../vocabulary.ts";
import type { ContextFetcher } from "./context-fetcher.ts";
import { type ContextLibrary, isCoreUrl } from "./context-library.ts";
import { TermDefiner } from "./define-terms.ts";
import { definitionsByJsonld, isPlainContext } from "./definitions-by-jsonld.ts";
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
  /** Counts a use of each context at whose URL a part of it was found (5.13.3.5). */
  readonly uses: readonly (() => void)[];
}

/** What is found on the way through all that a context refers to. */
interface Found {
  documents: number;
  entries: number;
  freshUntil: number;
  readonly uses: (() => void)[];
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
    this.default = this.#build(CORE_CONTEXT_URL, new TermDefiner());
  }

  get library(): ContextLibrary {
    return this.#options.library;
  }

  /** The copies of what others serve (5.13.1). */
  get cached(): ContextFetcher {
    return this.#options.fetcher;
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
      if (compiled.freshUntil > this.#options.clock.now()) {
        for (const use of compiled.uses) use();
        return compiled.context;
      }
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
    const found: Found = { documents: 0, entries: 0, freshUntil: Number.POSITIVE_INFINITY, uses: [] };
    await this.#collect(written, undefined, 0, objects, found);
    const definer = new TermDefiner();
    if (objects.every(isPlainContext)) for (const object of objects) definer.add(object);
    else definer.adopt(await definitionsByJsonld(objects));
    const context = this.#build(withoutCore(written), definer);
    return { context, freshUntil: found.freshUntil, uses: found.uses };
  }

  #build(reference: Json, definer: TermDefiner): Context {
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
    found: Found,
  ): Promise<void> {
    found.entries += 1;
    if (found.entries > MAX_ENTRIES) throw new HubError("invalid", `the @context has more than ${MAX_ENTRIES} entries`);
    if (context === null) {
      into.length = 0;
    } else if (isArray(context)) {
      for (const item of context) await this.#collect(item, base, depth, into, found);
    } else if (typeof context === "string") {
      const url = absolute(context, base);
      if (isCoreUrl(url)) return;
      await this.#collect(await this.#follow(url, depth, found), url, depth + 1, into, found);
    } else if (isObject(context)) {
      into.push(await this.#imported(context, base, depth, found));
    } else {
      throw new HubError("invalid", "an @context must be a URL, an object, or an array of them");
    }
  }

  /** A context object with what it imports below its own terms (JSON-LD 1.1 API, 4.1.2, step 5.6). */
  async #imported(context: JsonObject, base: string | undefined, depth: number, found: Found): Promise<JsonObject> {
    const { "@import": imported, ...own } = context;
    if (imported === undefined) return context;
    if (typeof imported !== "string") throw new HubError("invalid", "@import must be the URL of an @context");
    const other = await this.#follow(absolute(imported, base), depth, found);
    if (isObject(other) && other["@import"] === undefined) return { ...other, ...own };
    throw new HubError("invalid", `the @context ${imported} is no single object, so it cannot be imported`);
  }

  async #follow(url: string, depth: number, found: Found): Promise<Json> {
    found.documents += 1;
    if (depth >= MAX_NESTING || found.documents > MAX_DOCUMENTS) {
      throw new HubError("invalid", `the @context refers to more than ${MAX_DOCUMENTS} others, or to itself`);
    }
    const document = await this.#load(url, found);
    found.freshUntil = Math.min(found.freshUntil, document.freshUntil);
    return document.context;
  }

  async #load(url: string, { uses }: Found): Promise<{ readonly context: Json; readonly freshUntil: number }> {
    const { library, fetcher, hosted } = this.#options;
    const ownBase = [this.#options.ownBase, ...this.#otherBases].find((base) => url.startsWith(base));
    if (ownBase !== undefined) {
      const name = decoded(url.slice(ownBase.length)) ?? "";
      const own = library.file(name) ?? hosted?.use(name);
      if (own === undefined) throw new HubError("context-unavailable", `the hub has no context ${url}`);
      uses.push(() => hosted?.use(name));
      return { context: own, freshUntil: Number.POSITIVE_INFINITY };
    }
    const fetched = await fetcher.fetch(url);
    fetcher.use(url);
    uses.push(() => fetcher.use(url));
    return fetched;
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
