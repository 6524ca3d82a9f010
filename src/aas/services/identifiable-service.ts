import type { Collection, DocumentKeys, DocumentRow } from "../../core/document.ts";
import type { HubError } from "../../core/errors.ts";
import type { Filter } from "../../core/filter.ts";
import type { Mutation } from "../../core/mutation.ts";
import type { Scope } from "../../core/scope.ts";
import type { DocumentUnit } from "../../twin/contract.ts";
import { checkExpected, commitDecided, commitUnit, type Expected, type ServiceParts, unchanged } from "./commit.ts";
import { cursorPlace, cursorText, type PageOf, type PageWish } from "./paging.ts";
import { checkId } from "./submodel-service.ts";

/** A document that is stored whole, without parts: a shell or a concept description. */
export interface IdentifiableService<T> {
  /** @throws HubError `not-found` */
  get(id: string): Promise<{ readonly row: DocumentRow; readonly value: T }>;
  list(filter: Filter | undefined, page: PageWish): Promise<PageOf<T>>;
  /** The same as JSON texts, which is how they are stored. */
  texts(filter: Filter | undefined, page: PageWish): Promise<PageOf<string>>;
  /** @throws HubError `already-exists` */
  create(scope: Scope, body: unknown): Promise<T>;
  /** Creates or replaces; true: it is new. */
  put(scope: Scope, id: string, body: unknown, expected: Expected): Promise<boolean>;
  /** Reads, changes, commits. @throws HubError `not-found` */
  change(scope: Scope, id: string, expected: Expected, next: (before: T) => T): Promise<T>;
  /** Puts `value` in the place of what was read, for commits that change more than it. */
  replacement(row: DocumentRow, value: T): DocumentUnit;
  delete(scope: Scope, id: string, expected: Expected): Promise<void>;
}

export interface IdentifiableKind<T> {
  readonly collection: Collection;
  validate(body: unknown): T;
  keys(value: T): DocumentKeys;
  notFound(id: string): HubError;
}

export function createIdentifiableService<T extends { readonly id: string }>(
  parts: ServiceParts,
  { collection, validate, keys, notFound }: IdentifiableKind<T>,
): IdentifiableService<T> {
  const { documents } = parts;

  async function existing(id: string): Promise<DocumentRow> {
    const row = await documents.get(collection, id);
    if (row === undefined) throw notFound(id);
    return row;
  }

  async function texts(filter: Filter | undefined, { limit, cursor }: PageWish): Promise<PageOf<string>> {
    const after = cursor === undefined ? {} : { after: cursorPlace(cursor) };
    const page = await documents.list(collection, filter, { limit, ...after });
    const items = page.items.map((row) => row.body);
    return page.next === undefined ? { items } : { items, cursor: cursorText(page.next) };
  }

  function put(value: T, was?: DocumentRow): Mutation {
    const document = { id: value.id, body: JSON.stringify(value), keys: keys(value) };
    return {
      kind: "document.put",
      collection,
      document: was?.owner === undefined ? document : { ...document, owner: was.owner },
      parts: [],
      ...(was === undefined ? {} : { was: { createdAt: was.createdAt, modifiedAt: was.modifiedAt } }),
    };
  }

  return {
    replacement: (row, value) => ({
      preconditions: [unchanged(collection, row.id, row.version)],
      mutations: [put(value, row)],
    }),
    async get(id) {
      const row = await existing(id);
      return { row, value: JSON.parse(row.body) as T };
    },
    texts,
    async list(filter, page) {
      const { items, ...rest } = await texts(filter, page);
      return { ...rest, items: items.map((text) => JSON.parse(text) as T) };
    },
    async create(scope, body) {
      const value = validate(body);
      await commitUnit(parts, scope, {
        preconditions: [{ collection, id: value.id, must: "be-absent" }],
        mutations: [put(value)],
      });
      return value;
    },
    async put(scope, id, body, expected) {
      const value = validate(body);
      checkId(value.id, id);
      return await commitDecided(parts, scope, async () => {
        const row = await documents.get(collection, id);
        checkExpected(expected, row?.version, "the document");
        const precondition =
          row === undefined ? ({ collection, id, must: "be-absent" } as const) : unchanged(collection, id, row.version);
        return {
          unit: { preconditions: [precondition], mutations: [put(value, row)] },
          result: row === undefined,
        };
      });
    },
    async change(scope, id, expected, next) {
      return await commitDecided(parts, scope, async () => {
        const row = await existing(id);
        checkExpected(expected, row.version, "the document");
        const value = next(JSON.parse(row.body) as T);
        return {
          unit: { preconditions: [unchanged(collection, id, row.version)], mutations: [put(value, row)] },
          result: value,
        };
      });
    },
    async delete(scope, id, expected) {
      await commitDecided(parts, scope, async () => {
        const row = await existing(id);
        checkExpected(expected, row.version, "the document");
        const mutations: readonly Mutation[] = [{ kind: "document.delete", collection, id }];
        return { unit: { preconditions: [unchanged(collection, id, row.version)], mutations }, result: undefined };
      });
    },
  };
}
