import type { DatabaseSync, StatementSync } from "node:sqlite";
import type { LeafAddress } from "../../core/document.ts";
import { leafKey } from "../../core/plan.ts";
import type { WriteArgs } from "./write-calls.ts";

interface CurrentAddress extends LeafAddress {
  readonly from_at: number;
}

/** Makes series and keeps the addresses at which they are, and were, shown. */
export class SeriesWriter {
  readonly #find: StatementSync;
  readonly #insert: StatementSync;
  readonly #current: StatementSync;
  readonly #add: StatementSync;
  readonly #end: StatementSync;
  readonly #forget: StatementSync;

  constructor(database: DatabaseSync) {
    const one = "collection = ? AND document = ? AND part = ? AND from_at = ? AND series = ?";
    this.#find = database.prepare("SELECT id FROM series WHERE key = ?");
    this.#insert = database.prepare("INSERT INTO series (key, created_at) VALUES (?, ?)");
    this.#current = database.prepare(
      "SELECT collection, document, part, from_at FROM series_address WHERE series = ? AND to_at IS NULL",
    );
    this.#add = database.prepare(
      `INSERT INTO series_address (collection, document, part, series, from_at) VALUES (?, ?, ?, ?, ?)
       ON CONFLICT DO UPDATE SET to_at = NULL`,
    );
    this.#end = database.prepare(`UPDATE series_address SET to_at = ? WHERE ${one}`);
    this.#forget = database.prepare(`DELETE FROM series_address WHERE ${one}`);
  }

  ensure({ keys, at }: WriteArgs<"ensureSeries">): readonly number[] {
    return keys.map((key) => {
      const found = this.#find.get(key);
      return Number(found === undefined ? this.#insert.run(key, at).lastInsertRowid : found.id);
    });
  }

  address({ series, at }: WriteArgs<"addressSeries">): undefined {
    for (const [id, leaves] of series) this.#addressOne(id, leaves, at);
  }

  #addressOne(series: number, leaves: readonly LeafAddress[], at: number): void {
    const wanted = new Map(leaves.map((leaf) => [leafKey(leaf), leaf]));
    for (const old of this.#current.all(series) as unknown as CurrentAddress[]) {
      if (wanted.delete(leafKey(old))) continue;
      const key = [old.collection, old.document, old.part, old.from_at, series] as const;
      // One that began at this very time was never shown to anybody.
      if (old.from_at >= at) this.#forget.run(...key);
      else this.#end.run(at, ...key);
    }
    for (const leaf of wanted.values()) this.#add.run(leaf.collection, leaf.document, leaf.part, series, at);
  }
}
