import type { NewPart } from "../../core/document.ts";
import type { Mutation } from "../../core/mutation.ts";
import type { DocumentPort } from "../../store/contract.ts";
import type { DocumentUnit } from "../../twin/contract.ts";
import { isAtOrBelow } from "../id-short-path.ts";
import { filesNamedBy, holdsFiles, namesFiles, thumbnailNamedBy } from "./named-files.ts";

/**
 * The unit with what it gives up: a file that no element, and no thumbnail, of its document names any more goes in the
 * same commit. Looks at no more than what the unit touches, unless that named a file.
 */
export async function withoutUnnamedFiles(documents: DocumentPort, unit: DocumentUnit): Promise<DocumentUnit> {
  const byDocument = Map.groupBy(unit.mutations, (mutation) => `${mutation.collection} ${idOf(mutation)}`);
  const given: Mutation[] = [];
  for (const mutations of byDocument.values()) given.push(...(await givenUp(documents, mutations)));
  return given.length === 0 ? unit : { ...unit, mutations: [...unit.mutations, ...given] };
}

async function givenUp(documents: DocumentPort, mutations: readonly Mutation[]): Promise<readonly Mutation[]> {
  const [first] = mutations;
  // What is deleted takes its files along.
  if (first === undefined || mutations.some(({ kind }) => kind === "document.delete")) return [];
  const { collection } = first;
  if (!namesFiles(collection) || !mutations.some(mayGiveUp)) return [];
  const id = idOf(first);
  const mine = new Set((await documents.files(collection, id)).map(({ name }) => name));
  for (const mutation of mutations) {
    if (mutation.kind === "file.delete") mine.delete(mutation.name);
    if (mutation.kind === "file.put") mine.delete(mutation.file.name);
  }
  if (mine.size === 0) return [];
  const before = collection === "shell" ? mine : await touched(documents, id, mutations);
  if (mine.isDisjointFrom(before)) return [];
  // With those that a mapping left behind, which knows nothing of files.
  const named = collection === "shell" ? inShell(mutations) : await inSubmodel(documents, id, mutations);
  if (named === undefined) return [];
  const unnamed = [...mine].filter((name) => !named.has(name));
  return unnamed.map((name) => ({ kind: "file.delete", collection, id, name }));
}

/** Another value of a Property, and an element that is new, cost no look at the files. */
function mayGiveUp(mutation: Mutation): boolean {
  switch (mutation.kind) {
    case "part.put":
      return mutation.how === "value" ? holdsFiles(mutation.part.kind) : mutation.how !== "created";
    case "document.put":
    case "document.patch":
    case "part.delete":
      return true;
    default:
      return false;
  }
}

/** The files that the touched elements name now. */
async function touched(
  documents: DocumentPort,
  id: string,
  mutations: readonly Mutation[],
): Promise<ReadonlySet<string>> {
  const names = new Set<string>();
  const add = (part: Pick<NewPart, "kind" | "body">): void => {
    for (const name of filesNamedBy(part)) names.add(name);
  };
  for (const mutation of mutations) {
    if (mutation.kind === "document.put") for (const part of await documents.parts("submodel", id)) add(part);
    else if (mutation.kind === "part.delete") {
      for (const part of await documents.parts("submodel", id, mutation.key)) add(part);
    } else if (mutation.kind === "part.put") {
      const part = await documents.part("submodel", id, mutation.part.key);
      if (part !== undefined) add(part);
    }
  }
  return names;
}

/** The files that the submodel's elements name once the mutations are carried out. */
async function inSubmodel(
  documents: DocumentPort,
  id: string,
  mutations: readonly Mutation[],
): Promise<ReadonlySet<string>> {
  const elements = new Map<string, readonly string[]>();
  const put = (part: Pick<NewPart, "key" | "kind" | "body">): void => {
    const names = filesNamedBy(part);
    if (names.length > 0) elements.set(part.key, names);
    else elements.delete(part.key);
  };
  if (!mutations.some(({ kind }) => kind === "document.put")) {
    for (const part of await documents.parts("submodel", id)) put(part);
  }
  for (const mutation of mutations) {
    if (mutation.kind === "document.put") for (const part of mutation.parts) put(part);
    else if (mutation.kind === "part.put") put(mutation.part);
    else if (mutation.kind === "part.delete") {
      for (const key of elements.keys()) if (isAtOrBelow(key, mutation.key)) elements.delete(key);
    }
  }
  return new Set([...elements.values()].flat());
}

/** Undefined where the mutations leave the shell's head alone. */
function inShell(mutations: readonly Mutation[]): ReadonlySet<string> | undefined {
  let named: ReadonlySet<string> | undefined;
  for (const mutation of mutations) {
    if (mutation.kind === "document.put") named = new Set(thumbnailNamedBy(mutation.document.body));
    else if (mutation.kind === "document.patch" && mutation.body !== undefined) {
      named = new Set(thumbnailNamedBy(mutation.body));
    }
  }
  return named;
}

function idOf(mutation: Mutation): string {
  return mutation.kind === "document.put" ? mutation.document.id : mutation.id;
}
