import { createHash } from "node:crypto";
import type { DocumentRow } from "../../core/document.ts";
import { HubError } from "../../core/errors.ts";
import type { Filter } from "../../core/filter.ts";
import type { Mutation, Precondition } from "../../core/mutation.ts";
import type { Scope } from "../../core/scope.ts";
import { checkExpected, commitDecided, type Expected, type ServiceParts, unchanged } from "../services/commit.ts";
import type { PageOf, PageWish } from "../services/paging.ts";
import { checkId } from "../services/submodel-service.ts";
import type { Descriptor } from "./descriptor.ts";
import type { DescriptorKind } from "./descriptor-kinds.ts";
import type { EntryRoots } from "./entry-roots.ts";
import { listBoth } from "./held-and-posted.ts";

/**
 * A registry: views of what the repository holds, and descriptors that were posted of what lies elsewhere. Entries of
 * what is held are read-only: `conflict` says so.
 */
export interface RegistryService<T extends Descriptor> {
  /** @throws HubError `not-found` */
  get(roots: EntryRoots, id: string): Promise<{ readonly descriptor: T; readonly etag: string }>;
  /** What is held first, then what was posted, each in order of creation; no id twice. */
  list(roots: EntryRoots, filter: Filter | undefined, page: PageWish): Promise<PageOf<T>>;
  /** @throws HubError `already-exists`, `conflict` */
  create(scope: Scope, body: unknown): Promise<T>;
  /** Creates or replaces; true: it is new. @throws HubError `conflict` */
  put(scope: Scope, id: string, body: unknown, expected: Expected): Promise<boolean>;
  /** Changes a posted descriptor. @throws HubError `not-found`, `conflict` */
  change(scope: Scope, id: string, expected: Expected, next: (before: T) => T): Promise<void>;
  /** @throws HubError `not-found`, `conflict` */
  delete(scope: Scope, id: string, expected: Expected): Promise<void>;
}

export function createRegistryService<T extends Descriptor>(
  parts: ServiceParts,
  kind: DescriptorKind<T>,
): RegistryService<T> {
  const { documents } = parts;
  const { held, posted, what } = kind;

  const notHeld = (id: string): Precondition => ({ collection: held, id, must: "be-absent" });

  async function checkNotHeld(id: string): Promise<void> {
    if ((await documents.get(held, id)) !== undefined) throw heldHere(kind.what, id);
  }

  /** The posted descriptor of what is not held here. */
  async function find(id: string): Promise<DocumentRow | undefined> {
    await checkNotHeld(id);
    return await documents.get(posted, id);
  }

  async function existing(id: string): Promise<DocumentRow> {
    const row = await find(id);
    if (row === undefined) throw noEntry(what, id);
    return row;
  }

  return {
    async get(roots, id) {
      const row = await documents.get(held, id);
      if (row !== undefined) {
        const [descriptor] = await kind.render(documents, [row], roots);
        if (descriptor !== undefined) return { descriptor, etag: `"${row.version}-${digestOf(descriptor)}"` };
      }
      const entry = await documents.get(posted, id);
      if (entry === undefined) throw noEntry(what, id);
      return { descriptor: JSON.parse(entry.body) as T, etag: `"${entry.version}"` };
    },
    async list(roots, filter, page) {
      const both = await listBoth(documents, kind, filter, page);
      const rendered = await kind.render(documents, both.held, roots);
      const items = [...rendered, ...both.posted.map(({ body }) => JSON.parse(body) as T)];
      return both.cursor === undefined ? { items } : { items, cursor: both.cursor };
    },
    async create(scope, body) {
      const descriptor = kind.validate(body);
      const { id } = descriptor;
      await commitDecided(parts, scope, async () => {
        if ((await find(id)) !== undefined) throw alreadyThere(what, id);
        return { unit: { preconditions: absent(id), mutations: [putOf(kind, descriptor)] }, result: undefined };
      });
      return descriptor;
    },
    async put(scope, id, body, expected) {
      const descriptor = kind.validate(body);
      checkId(descriptor.id, id);
      return await commitDecided(parts, scope, async () => {
        const row = await find(id);
        checkExpected(expected, row?.version, "the descriptor");
        const preconditions = row === undefined ? absent(id) : [unchanged(posted, id, row.version), notHeld(id)];
        return { unit: { preconditions, mutations: [putOf(kind, descriptor)] }, result: row === undefined };
      });
    },
    async change(scope, id, expected, next) {
      await commitDecided(parts, scope, async () => {
        const row = await existing(id);
        checkExpected(expected, row.version, "the descriptor");
        const descriptor = next(JSON.parse(row.body) as T);
        const preconditions = [unchanged(posted, id, row.version), notHeld(id)];
        return { unit: { preconditions, mutations: [putOf(kind, descriptor)] }, result: undefined };
      });
    },
    async delete(scope, id, expected) {
      await commitDecided(parts, scope, async () => {
        const row = await existing(id);
        checkExpected(expected, row.version, "the descriptor");
        const mutations: readonly Mutation[] = [{ kind: "document.delete", collection: posted, id }];
        return { unit: { preconditions: [unchanged(posted, id, row.version)], mutations }, result: undefined };
      });
    },
  };

  function absent(id: string): readonly Precondition[] {
    return [{ collection: posted, id, must: "be-absent" }, notHeld(id)];
  }
}

export function putOf<T extends Descriptor>({ posted, keys }: DescriptorKind<T>, descriptor: T): Mutation {
  const document = { id: descriptor.id, body: JSON.stringify(descriptor), keys: keys(descriptor) };
  return { kind: "document.put", collection: posted, document, parts: [] };
}

/** A held descriptor changes with what it names and with the base URL, not with its document's version alone. */
export function digestOf(descriptor: unknown): string {
  return createHash("sha256").update(JSON.stringify(descriptor)).digest("base64url").slice(0, 16);
}

export function heldHere(what: string, id: string): HubError {
  const name = JSON.stringify(id.slice(0, 200));
  return new HubError(
    "conflict",
    `this hub holds the ${what} ${name}: its entry is made of it; change or delete the ${what}`,
  );
}

export function noEntry(what: string, id: string): HubError {
  return new HubError("not-found", `there is no descriptor of a ${what} ${JSON.stringify(id.slice(0, 200))}`);
}

export function alreadyThere(what: string, id: string): HubError {
  const name = JSON.stringify(id.slice(0, 200));
  return new HubError("already-exists", `there is a descriptor of the ${what} ${name} already`);
}
