import type { Mutation } from "../../core/mutation.ts";
import type { DocumentPort } from "../../store/contract.ts";
import { assetLinksOf } from "../discovery/discovery-service.ts";
import type { Shell } from "../metamodel/types.ts";
import type { EntryRoots } from "./entry-roots.ts";
import { heldShellDescriptors, heldSubmodelDescriptors } from "./held-descriptors.ts";
import type { EntryKind } from "./outside-client.ts";

export interface OutsideEntry {
  readonly kind: EntryKind;
  readonly id: string;
}

/** Shells looked at in one read. */
const pageSize = 100;

/** What an entry says now, as JSON text; `undefined`: this hub does not hold it (any more). */
export async function entryText(
  documents: DocumentPort,
  { kind, id }: OutsideEntry,
  roots: EntryRoots,
): Promise<string | undefined> {
  const row = await documents.get(kind === "submodel" ? "submodel" : "shell", id);
  if (row === undefined) return undefined;
  if (kind === "links") return JSON.stringify(assetLinksOf(JSON.parse(row.body) as Shell));
  const [descriptor] =
    kind === "shell" ? await heldShellDescriptors(documents, [row], roots) : heldSubmodelDescriptors([row], roots);
  return JSON.stringify(descriptor);
}

/** All entries of what a tenant holds, a page at a time. */
export async function* heldEntries(documents: DocumentPort): AsyncIterable<readonly OutsideEntry[]> {
  for (const collection of ["submodel", "shell"] as const) {
    let after = 0;
    for (;;) {
      const page = await documents.list(collection, undefined, { limit: pageSize, after });
      yield page.items.flatMap(({ id }): readonly OutsideEntry[] =>
        collection === "submodel" ? [{ kind: "submodel", id }] : shellEntries(id),
      );
      if (page.next === undefined) break;
      after = page.next;
    }
  }
}

/** Those of a shell or submodel that this hub does not hold. */
export async function goneOf(
  documents: DocumentPort,
  entries: readonly OutsideEntry[],
): Promise<readonly OutsideEntry[]> {
  const held = new Set<string>();
  for (const collection of ["submodel", "shell"] as const) {
    const ids = entries.filter(({ kind }) => (kind === "submodel") === (collection === "submodel")).map(({ id }) => id);
    for (let start = 0; start < ids.length; start += pageSize) {
      const filter = { kind: "id", in: ids.slice(start, start + pageSize) } as const;
      const { items } = await documents.list(collection, filter, { limit: pageSize });
      for (const { id } of items) held.add(`${collection}\n${id}`);
    }
  }
  return entries.filter(({ kind, id }) => !held.has(`${kind === "submodel" ? "submodel" : "shell"}\n${id}`));
}

/** The entries that one change touches, and the submodels whose shells name them. */
export function touchedBy(mutation: Mutation): {
  readonly entries: readonly OutsideEntry[];
  readonly submodel?: string;
} {
  if (!mutation.kind.startsWith("document.")) return { entries: [] };
  const id = mutation.kind === "document.put" ? mutation.document.id : "id" in mutation ? mutation.id : "";
  if (mutation.collection === "shell") return { entries: shellEntries(id) };
  if (mutation.collection === "submodel") return { entries: [{ kind: "submodel", id }], submodel: id };
  return mutation.collection === "submodelDescriptor" ? { entries: [], submodel: id } : { entries: [] };
}

/** The shells that name a submodel, which their descriptors show. */
export async function shellsNaming(documents: DocumentPort, submodel: string): Promise<readonly OutsideEntry[]> {
  const entries: OutsideEntry[] = [];
  let after = 0;
  for (;;) {
    const filter = { kind: "key", name: "submodel", in: [submodel] } as const;
    const page = await documents.list("shell", filter, { limit: pageSize, after });
    entries.push(...page.items.map(({ id }): OutsideEntry => ({ kind: "shell", id })));
    if (page.next === undefined) return entries;
    after = page.next;
  }
}

const shellEntries = (id: string): readonly OutsideEntry[] => [
  { kind: "shell", id },
  { kind: "links", id },
];
