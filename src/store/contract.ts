import type { Readable } from "node:stream";
import type { Collection, DocumentRow, FileRow, PartRow, PartText } from "../core/document.ts";
import type { HubError } from "../core/errors.ts";
import type { Filter, Page, PageRequest } from "../core/filter.ts";
import type { Mutation, Precondition } from "../core/mutation.ts";
import type { Sample, SeriesPort } from "./series-contract.ts";

/** Something owed to the outside; rendered when it is delivered. */
export interface NewDelivery {
  /** Deliveries of one target keep their order, e.g. a subscription's id. */
  readonly target: string;
  /** Who renders it, e.g. `ngsi-ld.notification`. */
  readonly kind: string;
  /** JSON text: what changed, not the message. */
  readonly body: string;
  /** Not due before this time, in ms; until then nothing of its target that is behind it is claimed either. */
  readonly notBefore?: number;
}

export interface Delivery extends NewDelivery {
  readonly id: number;
  readonly createdAt: number;
  /** Tries so far. */
  readonly attempts: number;
}

/** Carried out whole or not at all, in a savepoint of its own inside the group commit. */
export interface CommitUnit {
  readonly preconditions?: readonly Precondition[];
  readonly mutations?: readonly Mutation[];
  readonly samples?: readonly Sample[];
  readonly deliveries?: readonly NewDelivery[];
}

/**
 * `error` is `not-found`, `already-exists`, `precondition-failed`, `too-large` or, for text with U+0000 or half of a
 * surrogate pair, `invalid`; other units are not touched by it.
 */
export type UnitResult = { readonly ok: true; readonly seq: number } | { readonly ok: false; readonly error: HubError };

/** The commit, the one way in which twins change; only `twin/` calls it. */
export interface CommitPort {
  /**
   * Resolves when all that succeeded is on the disk, synced. Units of callers at the same time share one transaction.
   * `at` is the commit's time in ms. Rejects for the store as a whole: `store-full`, `store-corrupt`, `overloaded`; and
   * with `internal` for what is wrong with this call alone and no unit's result can say. Other callers do not notice.
   */
  commit(units: readonly CommitUnit[], at: number): Promise<readonly UnitResult[]>;
}

/** A key such as `type`; `value` and `part` (a part's name) narrow what is counted. */
export interface CensusRequest {
  readonly key: string;
  readonly value?: string;
  readonly part?: string;
}

/** What the documents of a collection are and have. Parts count as in the `part` filter (rule 9). */
export interface Census {
  /** How many documents have each value of the key. */
  readonly documents: ReadonlyMap<string, number>;
  /** Which parts occur in documents of which value, in order. */
  readonly uses: readonly { readonly value: string; readonly part: string; readonly kind: string }[];
  /** How many parts have each name, whatever their documents' keys. */
  readonly parts: ReadonlyMap<string, number>;
}

/** Reads of documents; they see all that was committed before the call. */
export interface DocumentPort {
  get(collection: Collection, id: string): Promise<DocumentRow | undefined>;
  /** Parts in document order (siblings by position, children after their parent). `under`: that part and all below it. */
  parts(collection: Collection, id: string, under?: string): Promise<readonly PartRow[]>;
  /** All parts in document order, with no more of each than a text of the whole needs: a third of the work of `parts`. */
  partTexts(collection: Collection, id: string): Promise<readonly PartText[]>;
  /**
   * A page of a document: `limit` parts that lie in no other, each with all below it, in document order. `after` is the
   * `next` of the page before. `invalid` for a `limit` beyond 1,000.
   */
  partPage(collection: Collection, id: string, page: Pick<PageRequest, "limit" | "after">): Promise<Page<PartRow>>;
  part(collection: Collection, id: string, key: string): Promise<PartRow | undefined>;
  /** In order of creation. `invalid` for a `limit` beyond 1,000 or an id pattern that RE2 does not know. */
  list(collection: Collection, filter: Filter | undefined, page: PageRequest): Promise<Page<DocumentRow>>;
  /** Parts of many documents in one read, by document id. */
  partsOf(collection: Collection, ids: readonly string[]): Promise<ReadonlyMap<string, readonly PartRow[]>>;
  census(collection: Collection, request: CensusRequest): Promise<Census>;
  /** The files of a document, by name in order of names; none where there is no such document. */
  files(collection: Collection, id: string): Promise<readonly FileRow[]>;
  file(collection: Collection, id: string, name: string): Promise<FileRow | undefined>;
}

/** A file's content by what it says: equal contents are one. */
export interface BlobRef {
  /** SHA-256, lower-case hex. */
  readonly digest: string;
  readonly size: number;
}

/**
 * Contents of files, streamed and never held whole. What no file of a document refers to is swept an hour after it was
 * written or given up.
 */
export interface BlobPort {
  /** Synced when it resolves. `too-large` past `limit` bytes, `store-full` past half of the budget, `aborted`; nothing stays then. */
  write(content: Readable, limit: number, abort: AbortSignal): Promise<BlobRef>;
  /** `start` and `end` as in `createReadStream`, both inclusive. `not-found`. */
  read(digest: string, range?: { readonly start: number; readonly end: number }): Promise<Readable>;
}

export interface OutboxStats {
  readonly pending: number;
  /** Age in ms of the oldest one. */
  readonly oldestAge: number;
  /** Dropped at the bound since the store was made. */
  readonly dropped: number;
  readonly bound: number;
}

export interface OutboxPort {
  /** The first due one of each target that is not among `busy`, oldest first, at most `limit`. */
  claim(limit: number, now: number, busy: readonly string[]): Promise<readonly Delivery[]>;
  /** Those of the same target that come after this one and are due, oldest first, at most `limit`: to be told together. */
  behind(id: number, now: number, limit: number): Promise<readonly Delivery[]>;
  delivered(ids: readonly number[]): Promise<void>;
  /** To be tried again at `next`; until then nothing of its target is claimed. */
  retry(id: number, next: number, error: string): Promise<void>;
  /** Given up: kept as a dead letter, out of the way of its target. */
  bury(id: number, error: string): Promise<void>;
  /** All of a target that is gone. */
  drop(target: string): Promise<number>;
  stats(now: number): Promise<OutboxStats>;
}

export interface RecordRow {
  readonly id: string;
  readonly body: string;
  readonly createdAt: number;
  readonly modifiedAt: number;
  readonly ordinal: number;
}

/** A narrow port for what is not a twin: subscriptions, contexts, what was discovered, trusted certificates. */
export interface RecordPort {
  get(id: string): Promise<RecordRow | undefined>;
  /** In order of creation. */
  list(page: PageRequest): Promise<Page<RecordRow>>;
  /** `already-exists` with `must: "be-absent"`, `not-found` with `must: "exist"`. Synced when it resolves. */
  put(id: string, body: string, at: number, must?: "exist" | "be-absent"): Promise<void>;
  /** False: there was none. */
  delete(id: string): Promise<boolean>;
}

export type RecordKind =
  | "subscription"
  | "context"
  | "discovery"
  | "subscription-status"
  | "plan"
  | "handle"
  | "registration";

export interface StoreStats {
  readonly bytes: number;
  /** Of them, contents of files. */
  readonly fileBytes: number;
  /** Bytes that it may take; history goes first, then writes are refused with `store-full`. */
  readonly budget: number;
  readonly commits: number;
  readonly units: number;
  readonly samples: number;
  readonly historyRows: number;
  readonly historyDropped: number;
  readonly lastCommitMs: number;
}

/** One tenant's store; so no call takes a tenant. Async, plain data, no callback transactions. */
export interface Store extends CommitPort {
  readonly documents: DocumentPort;
  readonly series: SeriesPort;
  readonly outbox: OutboxPort;
  readonly blobs: BlobPort;
  records(kind: RecordKind): RecordPort;
  stats(): Promise<StoreStats>;
  /** Removes what is past its retention or expiry, compacts; bounded work, called now and then by the hub. */
  sweep(now: number): Promise<void>;
  /** All that was accepted is on the disk when it resolves. */
  close(): Promise<void>;
}

export interface StoreOptions {
  /** Bytes on the disk. */
  readonly budget: number;
  /** Milliseconds that history is kept by default, counted from its commit: a device's wrong clock loses nothing. */
  readonly retention: number;
  /** Deliveries that may wait; beyond it the oldest are dropped and counted. */
  readonly outboxBound: number;
}

/** All tenants' stores of one hub. */
export interface Stores {
  /** The tenants that exist; `default` always does. */
  tenants(): Promise<readonly string[]>;
  /** The same object for the same tenant. `unknown-tenant` where it does not exist and `create` is not set. */
  open(tenant: string, options?: { readonly create?: boolean }): Promise<Store>;
  close(): Promise<void>;
}
