import type { DatabaseSync } from "node:sqlite";
import type { Collection, DocumentKeys, NewDocument, NewFile, NewPart } from "../../core/document.ts";
import { HubError } from "../../core/errors.ts";
import type { Mutation, Precondition } from "../../core/mutation.ts";
import { type DocumentStatements, prepareDocumentStatements } from "./document-statements.ts";
import type { EvolutionHeads } from "./evolution-heads.ts";
import type { FileWriter } from "./file-writer.ts";

interface Head {
  readonly ordinal: number;
  readonly created_at: number;
  readonly version: number;
}

interface ExpiredPart {
  readonly document: number;
  readonly id: string;
  readonly key: string;
}

/** When a mutation is carried out: the commit's time, and the `seq` that becomes the version of what it touches. */
export interface Moment {
  readonly at: number;
  readonly seq: number;
}

/** What becomes of the past of documents that have one. */
export interface PastKeeper {
  readonly heads: EvolutionHeads;
  /** A part is over: what it said goes with it. */
  eraseLeaf(document: string, part: string): void;
}

/** Carries out mutations of one collection's documents, inside the transaction of somebody else. */
export class DocumentWriter {
  readonly #collection: Collection;
  readonly #sql: DocumentStatements;

  readonly #files: FileWriter;
  readonly #past: PastKeeper | undefined;

  constructor(database: DatabaseSync, collection: Collection, files: FileWriter, past?: PastKeeper) {
    this.#collection = collection;
    this.#files = files;
    this.#past = past;
    this.#sql = prepareDocumentStatements(database, collection);
  }

  check(precondition: Precondition, at: number): void {
    const { id, part, must } = precondition;
    const head = this.#head(id, at);
    const what = part === undefined ? `${this.#collection} ${id}` : `${part} of ${this.#collection} ${id}`;
    if (typeof must === "object") {
      if (head === undefined) throw new HubError("not-found", `${what} does not exist`);
      if (head.version === must.version) return;
      throw new HubError("precondition-failed", `${what} has version ${head.version}, expected ${must.version}`);
    }
    const exists = head !== undefined && (part === undefined || this.#hasPart(head.ordinal, part, at));
    if (must === "exist" && !exists) throw new HubError("not-found", `${what} does not exist`);
    if (must === "be-absent" && exists) throw new HubError("already-exists", `${what} already exists`);
  }

  apply(mutation: Mutation, moment: Moment): void {
    switch (mutation.kind) {
      case "document.put":
        this.#put(mutation.document, mutation.parts, moment);
        break;
      case "document.patch":
        this.#patch(mutation, moment);
        break;
      case "document.delete":
        this.#remove(this.#existing(mutation.id, moment.at).ordinal, moment.at);
        break;
      case "part.put":
        this.#putPart(mutation.id, mutation.part, moment);
        break;
      case "part.delete":
        this.#deletePart(mutation.id, mutation.key, moment);
        break;
      case "file.put":
        this.#putFile(mutation.id, mutation.file, moment);
        break;
      case "file.delete":
        this.#deleteFile(mutation.id, mutation.name, moment);
        break;
    }
  }

  /** Removes at most `limit` documents and parts that are past their time; gives their number. */
  expire(now: number, limit: number): number {
    const documents = this.#sql.expired.all(now, limit) as unknown as { ordinal: number }[];
    for (const { ordinal } of documents) this.#remove(ordinal, now);
    const parts = this.#sql.expiredParts.all(now, limit) as unknown as ExpiredPart[];
    for (const { document, id, key } of parts) {
      this.#sql.deleteSubtree.run(document, key);
      this.#past?.eraseLeaf(id, key);
    }
    return documents.length + parts.length;
  }

  #put(document: NewDocument, parts: readonly NewPart[], moment: Moment): void {
    const { id, body, keys, expiresAt, owner } = document;
    const { at, seq } = moment;
    const head = this.#head(id, at);
    const keyText = JSON.stringify(keys);
    const known = new Map<string, number>();
    let ordinal = head?.ordinal;
    if (ordinal === undefined) {
      this.#past?.heads.release(id);
      const made = this.#sql.insert.run(id, body, keyText, expiresAt ?? null, owner ?? null, at, at, seq);
      ordinal = Number(made.lastInsertRowid);
    } else {
      for (const part of this.#sql.partTimes.all(ordinal)) known.set(String(part.key), Number(part.created_at));
      this.#sql.deleteParts.run(ordinal);
      this.#sql.replace.run(body, keyText, expiresAt ?? null, owner ?? null, at, seq, ordinal);
    }
    this.#writeKeys(ordinal, keys);
    for (const [position, part] of parts.entries()) {
      this.#insertPart(ordinal, part, position, known.get(part.key) ?? at, at);
    }
  }

  #patch(mutation: Extract<Mutation, { kind: "document.patch" }>, moment: Moment): void {
    const { ordinal } = this.#existing(mutation.id, moment.at);
    if (mutation.body !== undefined) this.#sql.setBody.run(mutation.body, ordinal);
    if (mutation.expiresAt !== undefined) this.#sql.setExpiry.run(mutation.expiresAt, ordinal);
    if (mutation.keys !== undefined) {
      this.#sql.setKeys.run(JSON.stringify(mutation.keys), ordinal);
      this.#writeKeys(ordinal, mutation.keys);
    }
    this.#sql.touch.run(moment.at, moment.seq, ordinal);
  }

  #putPart(id: string, part: NewPart, moment: Moment): void {
    const { ordinal } = this.#existing(id, moment.at);
    const parent = part.parent;
    if (parent !== undefined && !this.#hasPart(ordinal, parent, moment.at)) throw this.#noPart(id, parent);
    const old = this.#sql.partHead.get(ordinal, part.key, moment.at) as
      | { parent: string | null; name: string; position: number; created_at: number }
      | undefined;
    const stays = old !== undefined && (old.parent ?? undefined) === parent;
    if (stays && old.name === part.name) {
      // Most writes are of another value: what its place and name are found by stays as it is.
      const { kind, body, num, text, expiresAt, key } = part;
      this.#sql.setPart.run(kind, body, num ?? null, text ?? null, expiresAt ?? null, moment.at, ordinal, key);
    } else {
      const position = stays ? old.position : Number(this.#sql.nextPosition.get(ordinal, parent ?? null)?.position);
      this.#insertPart(ordinal, part, position, old?.created_at ?? moment.at, moment.at);
    }
    this.#sql.touch.run(moment.at, moment.seq, ordinal);
  }

  #deletePart(id: string, key: string, moment: Moment): void {
    const { ordinal } = this.#existing(id, moment.at);
    if (!this.#hasPart(ordinal, key, moment.at)) throw this.#noPart(id, key);
    this.#sql.deleteSubtree.run(ordinal, key);
    this.#sql.touch.run(moment.at, moment.seq, ordinal);
  }

  #putFile(id: string, file: NewFile, moment: Moment): void {
    const { ordinal } = this.#existing(id, moment.at);
    this.#files.put(this.#collection, ordinal, file, moment.at);
    this.#sql.touch.run(moment.at, moment.seq, ordinal);
  }

  #deleteFile(id: string, name: string, moment: Moment): void {
    const { ordinal } = this.#existing(id, moment.at);
    if (!this.#files.delete(this.#collection, ordinal, name, moment.at)) {
      throw new HubError("not-found", `${this.#collection} ${id} has no file ${name}`);
    }
    this.#sql.touch.run(moment.at, moment.seq, ordinal);
  }

  #insertPart(ordinal: number, part: NewPart, position: number, createdAt: number, modifiedAt: number): void {
    const { key, parent, name, kind, body, num, text, expiresAt } = part;
    this.#sql.putPart.run(
      ordinal,
      key,
      parent ?? null,
      name,
      kind,
      body,
      num ?? null,
      text ?? null,
      expiresAt ?? null,
      position,
      createdAt,
      modifiedAt,
    );
  }

  #writeKeys(ordinal: number, keys: DocumentKeys): void {
    this.#sql.deleteKeys.run(ordinal);
    for (const [name, values] of Object.entries(keys)) {
      for (const value of values) this.#sql.insertKey.run(name, value, ordinal);
    }
  }

  #remove(ordinal: number, at: number): void {
    this.#past?.heads.keep(ordinal, at);
    this.#files.deleteAll(this.#collection, ordinal, at);
    this.#sql.deleteKeys.run(ordinal);
    this.#sql.deleteParts.run(ordinal);
    this.#sql.deleteDocument.run(ordinal);
  }

  /** What is past its time is gone for whoever writes, even if nobody swept yet. */
  #head(id: string, at: number): Head | undefined {
    const head = this.#sql.head.get(id) as unknown as (Head & { expires_at: number | null }) | undefined;
    if (head === undefined || head.expires_at === null || head.expires_at > at) return head;
    this.#remove(head.ordinal, at);
    return undefined;
  }

  #existing(id: string, at: number): Head {
    const head = this.#head(id, at);
    if (head === undefined) throw new HubError("not-found", `${this.#collection} ${id} does not exist`);
    return head;
  }

  #hasPart(ordinal: number, key: string, at: number): boolean {
    return this.#sql.partHead.get(ordinal, key, at) !== undefined;
  }

  #noPart(id: string, key: string): HubError {
    return new HubError("not-found", `${this.#collection} ${id} has no part ${key}`);
  }
}
