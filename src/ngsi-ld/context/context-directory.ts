import { HubError } from "../../core/errors.ts";
import { isoTime } from "../../core/time.ts";
import type { Json, JsonObject } from "../json/json.ts";
import type { CachedContext } from "./context-fetcher.ts";
import { coreFileName, coreMinors, coreUrl } from "./context-library.ts";
import type { Contexts } from "./contexts.ts";
import type { HostedContext, HostedContexts } from "./hosted-contexts.ts";

export const CONTEXT_KINDS = ["Hosted", "Cached", "ImplicitlyCreated"] as const;
export type ContextKind = (typeof CONTEXT_KINDS)[number];

/** One stored context, wherever the hub has it from. */
interface Entry {
  readonly id: string;
  readonly kind: ContextKind;
  readonly url: string;
  /** Undefined: it is a copy, served by its owner alone. */
  readonly context: Json | undefined;
  readonly details: JsonObject;
  /** Counts that it was found (5.13.3.5). */
  use(): void;
  remove(reload: boolean): Promise<void>;
}

/**
 * Everything that is listed, served and deleted as a stored context (CIM 009 5.13): files of the hub's folders and
 * contexts of the tenant's clients (Hosted), contexts that came without a URL (ImplicitlyCreated), and copies of what
 * others serve, the core contexts among them (Cached). Copies are the hub's: the same for all tenants.
 */
export class ContextDirectory {
  readonly #contexts: Contexts;
  readonly #hosted: HostedContexts;

  constructor(contexts: Contexts, hosted: HostedContexts) {
    this.#contexts = contexts;
    this.#hosted = hosted;
  }

  /** 5.13.3. `base`: where the hub serves them, with a slash at the end. */
  list(tenant: string, base: string, kind?: ContextKind): readonly Pick<Entry, "url" | "details">[] {
    const { library, cached } = this.#contexts;
    const entries = [
      ...library.names.map((name) => this.#file(name, base)),
      ...this.#hosted.list(tenant).map((one) => this.#kept(one, base)),
      ...coreMinors.map((minor) => this.#core(minor)),
      ...cached.list().map((copy) => this.#copy(copy)),
    ];
    return kind === undefined ? entries : entries.filter((entry) => entry.kind === kind);
  }

  /** 5.13.4 with details. Throws HubError `not-found`. */
  details(tenant: string, id: string, base: string): JsonObject {
    const entry = this.#find(tenant, id, base);
    const { details } = entry;
    entry.use();
    return details;
  }

  /** 5.13.4, to anybody who knows its URL. Throws HubError `not-found`, for a copy `unsupported`. */
  serve(id: string, base: string): Json {
    const entry = this.#find(undefined, id, base);
    entry.use();
    if (entry.context !== undefined) return entry.context;
    throw new HubError(
      "unsupported",
      `${entry.url} is served by its owner: the hub only has a copy (CIM 009 5.13.4.4)`,
    );
  }

  /**
   * 5.13.5: removes a context, or (`reload`) fetches a copy anew. Throws HubError `not-found`, `invalid` where the one or
   * the other cannot be, `context-unavailable`.
   */
  async remove(tenant: string, id: string, base: string, reload: boolean): Promise<void> {
    const entry = this.#find(tenant, id, base);
    if (reload && entry.kind !== "Cached") {
      throw new HubError("invalid", "only a context of the kind Cached can be loaded anew (CIM 009 5.13.5.4)");
    }
    await entry.remove(reload);
    this.#contexts.forget();
  }

  #find(tenant: string | undefined, id: string, base: string): Entry {
    const { library, cached } = this.#contexts;
    if (library.file(id) !== undefined) return this.#file(id, base);
    const hosted = this.#hosted.find(id);
    if (hosted !== undefined && (tenant === undefined || hosted.tenant === tenant)) return this.#kept(hosted, base);
    const minor = coreMinors.find((one) => coreUrl(one) === id);
    if (minor !== undefined) return this.#core(minor);
    const copy = cached.find(id);
    if (copy !== undefined) return this.#copy(copy);
    throw new HubError("not-found", `the hub has no context ${id}`);
  }

  #file(name: string, base: string): Entry {
    const url = base + encodeURIComponent(name);
    return {
      id: name,
      kind: "Hosted",
      url,
      context: this.#contexts.library.file(name),
      details: { URL: url, localId: name, kind: "Hosted", createdAt: isoTime(this.#hosted.since) },
      use: () => {},
      remove: () => refuse(`${name} is a file of the hub's folders: no client deletes it`),
    };
  }

  #kept({ id, kind, context, createdAt, hits, lastUsage }: HostedContext, base: string): Entry {
    const url = base + encodeURIComponent(id);
    const used = { numberOfHits: hits, ...(lastUsage === undefined ? {} : { lastUsage: isoTime(lastUsage) }) };
    return {
      id,
      kind,
      url,
      context,
      details: { URL: url, localId: id, kind, createdAt: isoTime(createdAt), ...used },
      use: () => this.#hosted.use(id),
      remove: async () => {
        await this.#hosted.delete(id);
      },
    };
  }

  #copy({ id, url, createdAt, freshUntil, hits, lastUsage }: CachedContext): Entry {
    const { cached } = this.#contexts;
    const times = { createdAt: isoTime(createdAt), expiresAt: isoTime(freshUntil) };
    const used = { numberOfHits: hits, ...(lastUsage === undefined ? {} : { lastUsage: isoTime(lastUsage) }) };
    return {
      id,
      kind: "Cached",
      url,
      context: undefined,
      details: { URL: url, localId: id, kind: "Cached", ...times, ...used },
      use: () => cached.use(url),
      remove: async (reload) => {
        if (reload) await cached.reload(url);
        else cached.remove(url);
      },
    };
  }

  /** It came with the build and never changes (4.4), so loading it anew is done at once. */
  #core(minor: number): Entry {
    const url = coreUrl(minor);
    const extraInfo = { servedAs: coreFileName(minor) };
    return {
      id: url,
      kind: "Cached",
      url,
      context: undefined,
      details: { URL: url, localId: url, kind: "Cached", createdAt: isoTime(this.#hosted.since), extraInfo },
      use: () => {},
      remove: async (reload) => {
        if (!reload) await refuse("the core context is a part of the hub: no client deletes it (CIM 009 4.4)");
      },
    };
  }
}

const refuse = (message: string): Promise<never> => Promise.reject(new HubError("invalid", message));
