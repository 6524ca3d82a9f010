import type { DocumentTurns } from "../../core/document-turns.ts";
import { HubError } from "../../core/errors.ts";
import type { Precondition } from "../../core/mutation.ts";
import type { Scope } from "../../core/scope.ts";
import type { DocumentPort } from "../../store/contract.ts";
import type { DocumentUnit, Overlay, Twin } from "../../twin/contract.ts";
import { withoutUnnamedFiles } from "../files/unnamed-files.ts";

/** What the AAS services stand on; a tenant's store and twin fit. */
export interface StoredParts {
  readonly documents: DocumentPort;
  readonly twin: Overlay & Pick<Twin, "commit" | "write" | "onChange">;
}

export interface ServiceParts extends StoredParts {
  /** Shared by all services that write. */
  readonly turns: DocumentTurns;
}

/** What a client asked to hold: a version of the document or any (If-Match), or that there is none (If-None-Match: *). */
export type Expected = { readonly version: number } | "exist" | "absent" | undefined;

/** Tries that a write makes in its turn, where others that began before changed the document between its read and its commit. */
const tries = 8;

/** Commits one unit, and with it the end of the files that it lets nobody name. @throws HubError of the store, or `conflict` of the twin */
export async function commitUnit(parts: ServiceParts, scope: Scope, unit: DocumentUnit): Promise<number> {
  const [result] = await parts.twin.commit(scope, "aas", [await withoutUnnamedFiles(parts.documents, unit)]);
  if (result === undefined) throw new HubError("internal", "the twin gave no result for the unit");
  if (!result.ok) throw result.error;
  return result.seq;
}

interface Decided<T> {
  readonly unit: DocumentUnit;
  readonly result: T;
}

/**
 * Reads, decides, commits: `decide` makes the unit from what is there now, and is asked again where that has changed
 * meanwhile. Who was beaten to a document waits for its turn, so that any number of clients may write to one.
 * Preconditions of the client are the caller's, checked in `decide`. @throws HubError `overloaded` where others win always
 */
export async function commitDecided<T>(
  parts: ServiceParts,
  scope: Scope,
  decide: () => Promise<Decided<T>>,
): Promise<T> {
  const { turns } = parts;
  const first = await decide();
  const document = documentOf(first.unit);
  if (!turns.busy(document) && (await beatenAt(parts, scope, first.unit)) === undefined) return first.result;
  return await turns.take(document, async () => {
    for (let left = tries; ; left--) {
      scope.abort.throwIfAborted();
      const { unit, result } = await decide();
      const beaten = await beatenAt(parts, scope, unit);
      if (beaten === undefined) return result;
      if (left > 1) continue;
      if (beaten.code !== "precondition-failed") throw beaten;
      throw new HubError("overloaded", "others kept changing the document: try again", { retryAfter: 1 });
    }
  });
}

/** The document that a unit is about: the one that it expects something of. */
function documentOf({ preconditions = [] }: DocumentUnit): string {
  const [first] = preconditions;
  return first === undefined ? "" : `${first.collection} ${first.id}`;
}

/** What a commit fails with where the document is not as it was read: changed, made by somebody else, gone. */
const beatenCodes: ReadonlySet<HubError["code"]> = new Set(["precondition-failed", "already-exists", "not-found"]);

/** @returns undefined where the unit is committed, and what says otherwise where the document is not as it was read */
async function beatenAt(parts: ServiceParts, scope: Scope, unit: DocumentUnit): Promise<HubError | undefined> {
  try {
    if (unit.mutations.length > 0) await commitUnit(parts, scope, unit);
    return undefined;
  } catch (error) {
    if (error instanceof HubError && beatenCodes.has(error.code)) return error;
    throw error;
  }
}

/** @throws HubError `precondition-failed` (412), `not-found` */
export function checkExpected(expected: Expected, version: number | undefined, what: string): void {
  if (expected === undefined) return;
  if (expected === "absent") {
    if (version === undefined) return;
    throw new HubError("precondition-failed", `${what} is already there, and If-None-Match wants none`);
  }
  if (version === undefined || (expected !== "exist" && expected.version !== version)) {
    throw new HubError("precondition-failed", `${what} is not in the state that If-Match names`);
  }
}

/** That the document is still the one that was read. */
export function unchanged(collection: Precondition["collection"], id: string, version: number): Precondition {
  return { collection, id, must: { version } };
}
