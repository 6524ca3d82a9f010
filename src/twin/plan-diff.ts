import { hash } from "node:crypto";
import type { Collection, DocumentRow, NewPart, PartRow } from "../core/document.ts";
import type { Problem } from "../core/errors.ts";
import type { Mutation } from "../core/mutation.ts";
import { placeText } from "../core/place.ts";
import type { PlannedDocument } from "../core/plan.ts";
import type { DocumentUnit } from "./contract.ts";

/** What a mapping made of one document when it was last applied: hashes, to tell its own changes from a client's. */
export interface AppliedDocument {
  readonly head: string;
  readonly parts: Readonly<Record<string, string>>;
  /** It was to adopt a document that was not there yet, and made it: who does not adopt may take it over. */
  readonly adopting: boolean;
}

/** One document that the plan wants, with all mapping files that speak of it. */
export interface WantedDocument {
  readonly collection: Collection;
  readonly id: string;
  /** In the order of the plan; the first one that does not merely adopt gives the head. */
  readonly planned: readonly PlannedDocument[];
}

export interface DocumentDiff {
  readonly unit?: DocumentUnit;
  readonly created: boolean;
  /** Parts that the mapping no longer wants. */
  readonly dropped: readonly string[];
  readonly problems: readonly Problem[];
}

const digest = (text: string): string => hash("sha1", text, "base64url");

export function groupDocuments(planned: readonly PlannedDocument[]): readonly WantedDocument[] {
  const byId = new Map<string, PlannedDocument[]>();
  for (const one of planned) {
    const key = `${one.collection}\n${one.document.id}`;
    const group = byId.get(key);
    if (group === undefined) byId.set(key, [one]);
    else group.push(one);
  }
  return [...byId.values()].flatMap((group) => {
    const [first] = group;
    return first === undefined ? [] : [{ collection: first.collection, id: first.document.id, planned: group }];
  });
}

export function appliedOf({ document, parts, adopt }: PlannedDocument): AppliedDocument {
  return {
    adopting: adopt,
    head: digest(document.body),
    parts: Object.fromEntries(parts.map((part) => [part.key, digest(part.body)])),
  };
}

/**
 * What has to be done so that the document is as its mappings want it. What a client changed since stays, unless the
 * mapping itself changed there.
 * @param applied what each owner made of the document last time
 */
export function diffDocument(
  { collection, id, planned }: WantedDocument,
  existing: DocumentRow | undefined,
  stored: readonly PartRow[],
  applied: (owner: string | undefined) => AppliedDocument | undefined,
): DocumentDiff {
  const head = planned.find((one) => !one.adopt) ?? planned[0];
  if (head === undefined) return { created: false, dropped: [], problems: [] };
  if (existing === undefined) {
    const parts = dedupe(planned.flatMap((one) => one.parts));
    const mutation: Mutation = { kind: "document.put", collection, document: head.document, parts };
    const unit = { preconditions: [{ collection, id, must: "be-absent" as const }], mutations: [mutation] };
    return { unit, created: true, dropped: [], problems: [] };
  }
  if (takesOver(head, existing, applied)) {
    const parts = dedupe([...planned.flatMap((one) => one.parts), ...stored]);
    const mutation: Mutation = { kind: "document.put", collection, document: head.document, parts };
    return { unit: { mutations: [mutation] }, created: false, dropped: [], problems: [] };
  }
  const problems = planned.filter((one) => !mayTouch(one, existing, planned)).map((one) => taken(one, existing));
  if (problems.length > 0) return { created: false, dropped: [], problems };
  const storedParts = new Set(stored.map((part) => part.key));
  const mutations: Mutation[] = [];
  const dropped: string[] = [];
  if (existing.owner === head.document.owner && applied(head.document.owner)?.head !== digest(head.document.body)) {
    mutations.push({ kind: "document.patch", collection, id, body: head.document.body, keys: head.document.keys });
  }
  const wanted = new Set(planned.flatMap((one) => one.parts.map((part) => part.key)));
  for (const one of planned) {
    const before = applied(one.document.owner);
    for (const part of one.parts) {
      if (needed(part, before, storedParts)) mutations.push({ kind: "part.put", collection, id, part });
    }
    for (const key of Object.keys(before?.parts ?? {})) {
      if (wanted.has(key) || !storedParts.has(key)) continue;
      dropped.push(key);
      mutations.push({ kind: "part.delete", collection, id, key });
    }
  }
  return mutations.length === 0
    ? { created: false, dropped, problems: [] }
    : { unit: { mutations }, created: false, dropped, problems: [] };
}

/** New, changed by the mapping, or gone from the store. */
function needed(part: NewPart, before: AppliedDocument | undefined, stored: ReadonlySet<string>): boolean {
  if (!stored.has(part.key)) return true;
  const was = before?.parts[part.key];
  return was === undefined || was !== digest(part.body);
}

/** The mapping that owns a document came after one that adopts it. */
function takesOver(
  head: PlannedDocument,
  existing: DocumentRow,
  applied: (owner: string | undefined) => AppliedDocument | undefined,
): boolean {
  if (head.adopt || existing.owner === undefined || existing.owner === head.document.owner) return false;
  return applied(existing.owner)?.adopting === true;
}

function mayTouch(one: PlannedDocument, existing: DocumentRow, all: readonly PlannedDocument[]): boolean {
  if (one.adopt || existing.owner === one.document.owner) return true;
  // The owner itself may have adopted it from a file that comes later in the plan.
  return all.some((other) => other !== one && !other.adopt && other.document.owner === existing.owner);
}

function taken(one: PlannedDocument, existing: DocumentRow): Problem {
  const maker = existing.owner === undefined ? "a client" : `the mapping ${existing.owner}`;
  return {
    place: placeText(one.place),
    message: `the ${one.collection} ${one.document.id} is already there, made by ${maker}`,
    expected: "another id, or `adopt: true` to add this mapping's points to it",
  };
}

function dedupe(parts: readonly NewPart[]): readonly NewPart[] {
  const byKey = new Map<string, NewPart>();
  for (const part of parts) if (!byKey.has(part.key)) byKey.set(part.key, part);
  return [...byKey.values()];
}
