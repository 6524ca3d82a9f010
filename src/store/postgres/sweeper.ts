import type { Collection } from "../../core/document.ts";
import { lockCounters, writeCounters } from "./counters.ts";
import { DocumentChanges } from "./document-changes.ts";
import { flushDocuments, holdBlobs } from "./document-flush.ts";
import { loadPicture } from "./document-loader.ts";
import type { HistoryCompactor } from "./history-compactor.ts";
import type { HistoryEditor } from "./history-editor.ts";
import type { Session } from "./session.ts";
import type { TenantDatabase } from "./tenant-database.ts";
import { UnitJournal } from "./unit-journal.ts";
import { lockUpkeep, type Upkeep, writeUpkeep } from "./upkeep.ts";

/** What one step removes at most, so that no commit waits long behind it. */
const STEP_DOCUMENTS = 200;
const STEP_BLOCKS = 2_000;
const STEPS = 64;

/** Removes what is past its time and brings history together, in transactions of bounded work. */
export class Sweeper {
  readonly #database: TenantDatabase;
  readonly #editor: HistoryEditor;
  readonly #compactor: HistoryCompactor;
  readonly #retention: number;

  constructor(database: TenantDatabase, editor: HistoryEditor, compactor: HistoryCompactor, retention: number) {
    this.#database = database;
    this.#editor = editor;
    this.#compactor = compactor;
    this.#retention = retention;
  }

  async sweep(now: number): Promise<void> {
    for (let step = 0; step < STEPS; step++) if (!(await this.#step(now))) break;
  }

  /** Keeps house in one transaction; what was read for it in memory is forgotten where that fails. */
  async keepHouse<T>(work: (session: Session, upkeep: Upkeep) => Promise<T>): Promise<T> {
    const { tenant } = this.#database;
    try {
      return await this.#database.write(async (session) => {
        const upkeep = await lockUpkeep(session, tenant);
        const result = await work(session, upkeep);
        await writeUpkeep(session, tenant, upkeep);
        return result;
      });
    } catch (error) {
      this.#compactor.forget();
      throw error;
    }
  }

  /** True: there is more to do. */
  async #step(now: number): Promise<boolean> {
    const aged = now - this.#retention;
    const expired = await this.#database.write((session) => this.#expireDocuments(session, now, aged));
    if (expired >= STEP_DOCUMENTS) return true;
    return this.keepHouse(async (session, upkeep) => {
      if ((await this.#expireParts(session, upkeep, now)) >= STEP_DOCUMENTS) return true;
      if ((await this.#dropHistory(session, upkeep, aged)) >= STEP_BLOCKS) return true;
      return this.#compactor.step(session, upkeep);
    });
  }

  async #expireDocuments(session: Session, now: number, aged: number): Promise<number> {
    const { tenant } = this.#database;
    const expired = await session.all<{ collection: Collection; id: string }>(
      "SELECT collection, id FROM document WHERE tenant = ? AND expires_at <= ? LIMIT ?",
      [tenant, now, STEP_DOCUMENTS],
    );
    if (expired.length > 0) {
      const counters = await lockCounters(session, tenant);
      // To find that it is past its time is to remove it.
      const preconditions = expired.map(({ collection, id }) => ({ collection, id, must: "be-absent" }) as const);
      const picture = await loadPicture(session, tenant, [{ preconditions }]);
      const changes = new DocumentChanges(picture, counters, new UnitJournal());
      for (const { collection, id } of preconditions) changes.forget(collection, id, { at: now, seq: counters.seq });
      await flushDocuments(session, tenant, [...picture.documents.values()], changes.touchedBlobs);
      await holdBlobs(session, tenant, changes.touchedBlobs, now);
      await writeCounters(session, tenant, counters);
    }
    const heads = await session.all<{ ordinal: number }>(
      `DELETE FROM document WHERE tenant = ? AND collection = 'evolution' AND ordinal IN (SELECT ordinal FROM document
         WHERE tenant = ? AND collection = 'evolution' AND modified_at < ? LIMIT ?) RETURNING ordinal`,
      [tenant, tenant, aged, STEP_DOCUMENTS],
    );
    if (heads.length > 0) {
      await session.change("DELETE FROM document_key WHERE tenant = ? AND document = ANY(?::bigint[])", [
        tenant,
        heads.map(({ ordinal }) => ordinal),
      ]);
    }
    return expired.length + heads.length;
  }

  async #expireParts(session: Session, upkeep: Upkeep, now: number): Promise<number> {
    const { tenant } = this.#database;
    const expired = await session.all<{ document: number; key: string; id: string; collection: Collection }>(
      `SELECT p.document, p.key, d.id, d.collection FROM part p
       JOIN document d ON d.tenant = p.tenant AND d.collection = p.collection AND d.ordinal = p.document
       WHERE p.tenant = ? AND p.expires_at <= ? LIMIT ?`,
      [tenant, now, STEP_DOCUMENTS],
    );
    if (expired.length === 0) return 0;
    await session.change(
      `WITH RECURSIVE below (document, key) AS (
         SELECT w.document, w.key COLLATE "C" FROM unnest(?::bigint[], ?::text[]) AS w (document, key)
         UNION SELECT p.document, p.key FROM below b JOIN part p
           ON p.tenant = ? AND p.document = b.document AND p.parent = b.key)
       DELETE FROM part p USING below b WHERE p.tenant = ? AND p.document = b.document AND p.key = b.key`,
      [expired.map(({ document }) => document), expired.map(({ key }) => key), tenant, tenant],
    );
    const leaves = expired.filter(({ collection }) => collection === "entity");
    await this.#editor.eraseLeaves(session, upkeep, leaves);
    return expired.length;
  }

  /** Retention counts from the commit: a device whose clock is wrong keeps its history as long as any other. */
  async #dropHistory(session: Session, upkeep: Upkeep, before: number): Promise<number> {
    let dropped = 0;
    for (const table of ["history_chunk", "history_segment"]) {
      const rows = await session.all<{ rows: number }>(
        `DELETE FROM ${table} WHERE tenant = ? AND id IN
           (SELECT id FROM ${table} WHERE tenant = ? AND last_modified < ? LIMIT ?) RETURNING rows`,
        [this.#database.tenant, this.#database.tenant, before, STEP_BLOCKS],
      );
      upkeep.rows_removed += rows.reduce((sum, one) => sum + one.rows, 0);
      dropped += rows.length;
    }
    return dropped;
  }
}
