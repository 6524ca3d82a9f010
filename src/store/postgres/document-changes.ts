import type { Collection, NewDocument, NewFile, NewPart } from "../../core/document.ts";
import { HubError } from "../../core/errors.ts";
import type { Mutation, Precondition } from "../../core/mutation.ts";
import type { Counters } from "./counters.ts";
import { type GroupPicture, stateKey } from "./document-loader.ts";
import { type DocumentHead, type DocumentState, isOver, type PartState, placeKey } from "./document-state.ts";
import type { UnitJournal } from "./unit-journal.ts";

/** The commit's time, and the `seq` that becomes the version of what is touched. */
export interface Moment {
  readonly at: number;
  readonly seq: number;
}

/** Carries out mutations on a group's picture of the documents; what is written of it in the end is for others to do. */
export class DocumentChanges {
  readonly #picture: GroupPicture;
  readonly #counters: Counters;
  readonly #journal: UnitJournal;
  /** Contents that got or lost a file. */
  readonly touchedBlobs = new Set<string>();

  constructor(picture: GroupPicture, counters: Counters, journal: UnitJournal) {
    this.#picture = picture;
    this.#counters = counters;
    this.#journal = journal;
  }

  check({ collection, id, part, must }: Precondition, moment: Moment): void {
    const state = this.#state(collection, id);
    const head = this.#head(state, moment);
    const what = part === undefined ? `${collection} ${id}` : `${part} of ${collection} ${id}`;
    if (typeof must === "object") {
      if (head === undefined) throw new HubError("not-found", `${what} does not exist`);
      if (head.version === must.version) return;
      throw new HubError("precondition-failed", `${what} has version ${head.version}, expected ${must.version}`);
    }
    const exists = head !== undefined && (part === undefined || partOf(state, part, moment.at) !== undefined);
    if (must === "exist" && !exists) throw new HubError("not-found", `${what} does not exist`);
    if (must === "be-absent" && exists) throw new HubError("already-exists", `${what} already exists`);
  }

  /** Removes a document that is past its time. */
  forget(collection: Collection, id: string, moment: Moment): void {
    this.#head(this.#state(collection, id), moment);
  }

  apply(mutation: Mutation, moment: Moment): void {
    const { collection } = mutation;
    const state = this.#state(collection, mutation.kind === "document.put" ? mutation.document.id : mutation.id);
    if (mutation.kind === "document.put") {
      this.#put(state, mutation.document, mutation.parts, moment);
      return;
    }
    const head = this.#head(state, moment);
    if (head === undefined) throw new HubError("not-found", `${collection} ${mutation.id} does not exist`);
    switch (mutation.kind) {
      case "document.patch":
        this.#patch(state, head, mutation);
        break;
      case "document.delete":
        this.#remove(state, head, moment);
        return;
      case "part.put":
        this.#putPart(state, mutation.part, moment);
        break;
      case "part.delete":
        this.#deletePart(state, mutation.key, moment);
        break;
      case "file.put":
        this.#putFile(state, mutation.file, moment);
        break;
      case "file.delete":
        this.#deleteFile(state, mutation.name);
    }
    this.#touch(state, moment);
  }

  #put(state: DocumentState, document: NewDocument, parts: readonly NewPart[], moment: Moment): void {
    const journal = this.#journal;
    const old = this.#head(state, moment);
    const known = new Map(state.parts);
    if (old === undefined) {
      if (state.collection === "entity") this.#releasePast(state.id);
      this.#counters.ordinal += 1;
    } else {
      this.#clearParts(state, old);
    }
    journal.assign(state, {
      head: {
        ordinal: old?.ordinal ?? this.#counters.ordinal,
        body: document.body,
        keys: document.keys,
        expiresAt: document.expiresAt,
        owner: document.owner,
        createdAt: old?.createdAt ?? moment.at,
        modifiedAt: moment.at,
        version: moment.seq,
      },
      isTouched: true,
      isRewritten: true,
    });
    for (const [position, part] of parts.entries()) {
      const createdAt = old === undefined ? moment.at : (known.get(part.key)?.createdAt ?? moment.at);
      this.#setPart(state, part, position, createdAt, moment.at);
    }
  }

  #patch(state: DocumentState, head: DocumentHead, patch: Extract<Mutation, { kind: "document.patch" }>): void {
    const expiresAt = patch.expiresAt === undefined ? head.expiresAt : (patch.expiresAt ?? undefined);
    const { body = head.body, keys = head.keys } = patch;
    this.#journal.assign(state, { head: { ...head, body, keys, expiresAt }, isRewritten: true });
  }

  #putPart(state: DocumentState, part: NewPart, { at }: Moment): void {
    if (part.parent !== undefined && partOf(state, part.parent, at) === undefined) throw noPart(state, part.parent);
    const old = partOf(state, part.key, at);
    const stays = old !== undefined && old.parent === part.parent;
    const position = stays ? old.position : (state.next.get(placeKey(part.parent)) ?? 0);
    this.#setPart(state, part, position, old?.createdAt ?? at, at);
  }

  #deletePart(state: DocumentState, key: string, { at }: Moment): void {
    if (partOf(state, key, at) === undefined) throw noPart(state, key);
    const below = Map.groupBy(
      [...state.parts].flatMap(([own, part]) => (part === undefined ? [] : [{ own, parent: part.parent }])),
      ({ parent }) => parent,
    );
    const stack = [key];
    for (let gone = stack.pop(); gone !== undefined; gone = stack.pop()) {
      this.#journal.set(state.parts, gone, undefined);
      this.#journal.add(state.touchedParts, gone);
      stack.push(...(below.get(gone) ?? []).map(({ own }) => own));
    }
  }

  #putFile(state: DocumentState, file: NewFile, { at }: Moment): void {
    const { name, digest, size, contentType } = file;
    if (this.#picture.blobs.get(digest) !== size) {
      throw new HubError("not-found", `the store has no content ${digest} of ${size} bytes`);
    }
    const old = state.files.get(name);
    if (old !== undefined) this.#journal.add(this.touchedBlobs, old.digest);
    this.#journal.add(this.touchedBlobs, digest);
    this.#journal.add(state.touchedFiles, name);
    const row = { name, digest, size, contentType, createdAt: old?.createdAt ?? at, modifiedAt: at };
    this.#journal.set(state.files, name, row);
  }

  #deleteFile(state: DocumentState, name: string): void {
    const old = state.files.get(name);
    if (old === undefined) throw new HubError("not-found", `${state.collection} ${state.id} has no file ${name}`);
    this.#dropFile(state, name);
  }

  #dropFile(state: DocumentState, name: string): void {
    const old = state.files.get(name);
    if (old === undefined) return;
    this.#journal.add(this.touchedBlobs, old.digest);
    this.#journal.add(state.touchedFiles, name);
    this.#journal.set(state.files, name, undefined);
  }

  #remove(state: DocumentState, head: DocumentHead, { at }: Moment): void {
    if (state.collection === "entity") this.#keepPast(state.id, head, at);
    for (const name of [...state.files.keys()]) this.#dropFile(state, name);
    this.#clearParts(state, head);
    this.#journal.add(state.removed, head.ordinal);
    this.#journal.assign(state, { head: undefined });
  }

  /** The head of an entity that goes, among the documents of `evolution`. */
  #keepPast(id: string, { keys, createdAt, version }: DocumentHead, at: number): void {
    const past = this.#state("evolution", id);
    if (past.head !== undefined) this.#journal.add(past.removed, past.head.ordinal);
    this.#counters.ordinal += 1;
    const { ordinal } = this.#counters;
    const own = { body: "{}", expiresAt: undefined, owner: undefined };
    this.#journal.assign(past, {
      head: { ordinal, keys, createdAt, modifiedAt: at, version, ...own },
      isTouched: true,
      isRewritten: true,
    });
  }

  #releasePast(id: string): void {
    const past = this.#state("evolution", id);
    if (past.head === undefined) return;
    this.#journal.add(past.removed, past.head.ordinal);
    this.#journal.assign(past, { head: undefined });
  }

  #clearParts(state: DocumentState, { ordinal }: DocumentHead): void {
    this.#journal.add(state.cleared, ordinal);
    for (const key of [...state.parts.keys()]) this.#journal.set(state.parts, key, undefined);
    for (const place of [...state.next.keys()]) this.#journal.set(state.next, place, 0);
  }

  #setPart(state: DocumentState, row: NewPart, position: number, createdAt: number, modifiedAt: number): void {
    const { key, parent, name, expiresAt } = row;
    this.#journal.set(state.parts, key, { parent, name, position, createdAt, modifiedAt, expiresAt, row });
    this.#journal.add(state.touchedParts, key);
    const place = placeKey(parent);
    this.#journal.set(state.next, place, Math.max(state.next.get(place) ?? 0, position + 1));
  }

  #touch(state: DocumentState, { at, seq }: Moment): void {
    if (state.head === undefined) return;
    this.#journal.assign(state, { head: { ...state.head, modifiedAt: at, version: seq }, isTouched: true });
  }

  /** What is past its time is gone for whoever writes, even if nobody swept yet. */
  #head(state: DocumentState, moment: Moment): DocumentHead | undefined {
    if (state.head !== undefined && isOver(state.head.expiresAt, moment.at)) this.#remove(state, state.head, moment);
    return state.head;
  }

  #state(collection: Collection, id: string): DocumentState {
    const found = this.#picture.documents.get(stateKey(collection, id));
    if (found === undefined) throw new HubError("internal", `${collection} ${id} was not looked up`);
    return found;
  }
}

function partOf(state: DocumentState, key: string, at: number): PartState | undefined {
  const part = state.parts.get(key);
  return part === undefined || isOver(part.expiresAt, at) ? undefined : part;
}

const noPart = ({ collection, id }: DocumentState, key: string): HubError =>
  new HubError("not-found", `${collection} ${id} has no part ${key}`);
