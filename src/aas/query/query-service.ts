import { RE2JS } from "re2js";
import type { PatternPort } from "../../core/comparison.ts";
import type { Collection, DocumentRow } from "../../core/document.ts";
import { HubError } from "../../core/errors.ts";
import type { Filter } from "../../core/filter.ts";
import type { Clock } from "../../core/time.ts";
import type { DocumentPort } from "../../store/contract.ts";
import type { Descriptor } from "../registry/descriptor.ts";
import type { EntryRoots } from "../registry/entry-roots.ts";
import type { Registries } from "../registry/registries.ts";
import { cursorPlace, cursorText, type PageOf, type PageWish } from "../services/paging.ts";
import { compileCondition } from "./compile-query.ts";
import { compileEvaluation } from "./evaluate-condition.ts";
import { necessaryFilter } from "./index-hints.ts";
import { parseQuery } from "./parse-query.ts";

/** A page of what a query found: whole, or (`$select: id`) identifiers alone. */
export interface QueryPage<T> extends PageOf<T> {
  readonly select: "id" | undefined;
}

/**
 * The AAS Query Language over one tenant. Every query is checked whole before it runs: `invalid` with all problems,
 * `too-complex`. A page that has to look at too much ends early, with a cursor and fewer items than asked for.
 */
export interface QueryService {
  shells(body: unknown, page: PageWish): Promise<QueryPage<DocumentRow>>;
  /** Heads: whoever shows them reads their elements by id. */
  submodels(body: unknown, page: PageWish): Promise<QueryPage<DocumentRow>>;
  concepts(body: unknown, page: PageWish): Promise<QueryPage<DocumentRow>>;
  /** Of what this hub holds, and what was posted of what lies elsewhere. */
  shellDescriptors(body: unknown, roots: EntryRoots, page: PageWish): Promise<QueryPage<Descriptor>>;
  submodelDescriptors(body: unknown, roots: EntryRoots, page: PageWish): Promise<QueryPage<Descriptor>>;
}

export interface QueryParts {
  readonly documents: DocumentPort;
  readonly registry: Pick<Registries, "shells" | "submodels">;
  readonly clock: Clock;
}

/** Milliseconds for which one page may search. */
const patience = 300;
/** Descriptors that are made at once. */
const descriptorsAtOnce = 200;

export function createQueryService({ documents, registry, clock }: QueryParts): QueryService {
  const stored =
    (collection: Collection & ("shell" | "submodel" | "concept")) =>
    async (body: unknown, { limit, cursor }: PageWish): Promise<QueryPage<DocumentRow>> => {
      const { condition, select } = parseQuery(body, collection);
      const after = cursor === undefined ? {} : { after: cursorPlace(cursor) };
      const filter = compileCondition(condition, collection);
      const { items, next } = await documents.list(collection, filter, { limit, patience, ...after });
      return next === undefined ? { items, select } : { items, select, cursor: cursorText(next) };
    };

  const described =
    (target: "shellDescriptor" | "submodelDescriptor", list: ListDescriptors) =>
    async (body: unknown, roots: EntryRoots, { limit, cursor }: PageWish): Promise<QueryPage<Descriptor>> => {
      const { condition, select } = parseQuery(body, target);
      const passes = compileEvaluation(condition, patternPort());
      const filter = necessaryFilter(condition);
      const until = clock.now() + patience;
      const found: Descriptor[] = [];
      let place = descriptorPlace(cursor);
      for (;;) {
        const wish = { limit: descriptorsAtOnce, ...(place.page === "" ? {} : { cursor: place.page }) };
        const page = await list(roots, filter, wish);
        for (const [index, descriptor] of page.items.entries()) {
          if (index < place.index || passes(descriptor) !== true) continue;
          if (found.length === limit) return { items: found, select, cursor: `${place.page}.${index}` };
          found.push(descriptor);
        }
        if (page.cursor === undefined) return { items: found, select };
        place = { page: page.cursor, index: 0 };
        if (clock.now() > until) return { items: found, select, cursor: `${place.page}.0` };
      }
    };

  return {
    shells: stored("shell"),
    submodels: stored("submodel"),
    concepts: stored("concept"),
    shellDescriptors: described("shellDescriptor", (...asked) => registry.shells.list(...asked)),
    submodelDescriptors: described("submodelDescriptor", (...asked) => registry.submodels.list(...asked)),
  };
}

type ListDescriptors = (roots: EntryRoots, filter: Filter | undefined, page: PageWish) => Promise<PageOf<Descriptor>>;

/** A page of descriptors may end within a page of the registry. @throws HubError `malformed` */
function descriptorPlace(cursor: string | undefined): { readonly page: string; readonly index: number } {
  if (cursor === undefined) return { page: "", index: 0 };
  const [, page = "", index] = /^([\w-]*)\.(\d{1,9})$/.exec(cursor) ?? [];
  if (index !== undefined) return { page, index: Number(index) };
  throw new HubError("malformed", "the cursor is none of this server's", {
    problems: [{ place: "cursor", message: "unknown cursor", expected: "the cursor of the page before, or none" }],
  });
}

/** Patterns of one query, compiled once; a text of a document that is none has no answer. */
function patternPort(): PatternPort {
  const known = new Map<string, ReturnType<PatternPort>>();
  return (pattern) => {
    if (!known.has(pattern)) known.set(pattern, compiled(pattern));
    return known.get(pattern);
  };
}

function compiled(pattern: string): ReturnType<PatternPort> {
  try {
    const expression = RE2JS.compile(pattern);
    return (text) => expression.test(text);
  } catch {
    return undefined;
  }
}
