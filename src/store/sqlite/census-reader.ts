import type { DatabaseSync, SQLInputValue } from "node:sqlite";
import type { Collection } from "../../core/document.ts";
import type { Census, CensusRequest } from "../contract.ts";
import { shownPart } from "./filter-sql.ts";

type Rows = readonly Record<string, unknown>[];

/** Counts what the documents of a collection are and have; a scan of what is asked for. */
export class CensusReader {
  readonly #database: DatabaseSync;

  constructor(database: DatabaseSync) {
    this.#database = database;
  }

  census(collection: Collection, { key, value, part }: CensusRequest, now: number): Census {
    const alive = "(d.expires_at IS NULL OR d.expires_at > ?)";
    const keyed = `FROM ${collection}_key k JOIN ${collection}_document d ON d.ordinal = k.document AND ${alive}`;
    const ofKey = `k.name = ?${value === undefined ? "" : " AND k.value = ?"}`;
    const parts = `JOIN ${collection}_part p ON p.document = d.ordinal AND ${shownPart(collection)}`;
    const ofPart = part === undefined ? "1" : "p.name = ?";
    const keyArguments = [key, ...(value === undefined ? [] : [value])];
    const partArguments = part === undefined ? [] : [part];
    const documents = this.#all(`SELECT k.value, count(*) AS count ${keyed} WHERE ${ofKey} GROUP BY k.value`, [
      now,
      ...keyArguments,
    ]);
    const uses = this.#all(
      `SELECT DISTINCT k.value, p.name, p.kind ${keyed} ${parts} WHERE ${ofKey} AND ${ofPart}
       ORDER BY k.value, p.name, p.kind`,
      [now, now, ...keyArguments, ...partArguments],
    );
    const counted = this.#all(
      `SELECT p.name, count(*) AS count FROM ${collection}_document d ${parts} WHERE ${alive} AND ${ofPart} GROUP BY p.name`,
      [now, now, ...partArguments],
    );
    return {
      documents: new Map(documents.map((row) => [String(row.value), Number(row.count)])),
      uses: uses.map((row) => ({ value: String(row.value), part: String(row.name), kind: String(row.kind) })),
      parts: new Map(counted.map((row) => [String(row.name), Number(row.count)])),
    };
  }

  #all(text: string, parameters: readonly SQLInputValue[]): Rows {
    return this.#database.prepare(text).all(...parameters);
  }
}
