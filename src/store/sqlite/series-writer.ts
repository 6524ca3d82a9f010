import type { DatabaseSync, StatementSync } from "node:sqlite";
import type { LeafAddress } from "../../core/document.ts";
import { leafKey } from "../../core/plan.ts";
import type { WriteArgs } from "./write-calls.ts";

interface CurrentAddress extends LeafAddress {
  readonly from_at: number;
  readonly linked: number;
}

/** Makes series and keeps the addresses at which they are, and were, shown. */
export class SeriesWriter {
  readonly #find: StatementSync;
  readonly #insert: StatementSync;
  readonly #current: StatementSync;
  readonly #add: StatementSync;
  readonly #end: StatementSync;
  readonly #forget: StatementSync;
  readonly #mark: StatementSync;

  constructor(database: DatabaseSync) {
    const one = "collection = ? AND document = ? AND part = ? AND from_at = ? AND series = ?";
    this.#find = database.prepare("SELECT id FROM series WHERE key = ?");
    this.#insert = database.prepare("INSERT INTO series (key, created_at) VALUES (?, ?)");
    this.#current = database.prepare(
      "SELECT collection, document, part, from_at, linked FROM series_address WHERE series = ? AND to_at IS NULL",
    );
    this.#add = database.prepare(
      `INSERT INTO series_address (collection, document, part, series, from_at, linked) VALUES (?, ?, ?, ?, ?, ?)
       ON CONFLICT DO UPDATE SET to_at = NULL, linked = excluded.linked`,
    );
    this.#end = database.prepare(`UPDATE series_address SET to_at = ? WHERE ${one}`);
    this.#mark = database.prepare(`UPDATE series_address SET linked = ? WHERE ${one}`);
    this.#forget = database.prepare(`DELETE FROM series_address WHERE ${one}`);
  }

  /** Whether all of them are there, at their leaves. */
  hasAll({ keys, leaves }: WriteArgs<"ensureSeries">): boolean {
    return keys.every((key, index) => {
      const found = this.#find.get(key);
      if (found === undefined) return false;
      const leaf = leaves[index];
      return leaf === undefined || this.#isAt(Number(found.id), [leaf], 0);
    });
  }

  /** Whether the series are at these leaves now, and at no others. */
  hasAddresses({ series, linked }: WriteArgs<"addressSeries">): boolean {
    return [...series].every(([id, leaves]) => this.#isAt(id, leaves, linked ? 1 : 0));
  }

  ensure({ keys, at, leaves }: WriteArgs<"ensureSeries">): readonly number[] {
    return keys.map((key, index) => {
      const found = this.#find.get(key);
      const id = Number(found === undefined ? this.#insert.run(key, at).lastInsertRowid : found.id);
      const leaf = leaves[index];
      if (leaf !== undefined) this.#addressOne(id, [leaf], at, 0);
      return id;
    });
  }

  address({ series, at, linked }: WriteArgs<"addressSeries">): undefined {
    for (const [id, leaves] of series) this.#addressOne(id, leaves, at, linked ? 1 : 0);
  }

  #isAt(series: number, leaves: readonly LeafAddress[], linked: number): boolean {
    const wanted = new Set(leaves.map(leafKey));
    const current = this.#current.all(series) as unknown as CurrentAddress[];
    return current.length === wanted.size && current.every((one) => wanted.has(leafKey(one)) && one.linked === linked);
  }

  #addressOne(series: number, leaves: readonly LeafAddress[], at: number, linked: number): void {
    const wanted = new Map(leaves.map((leaf) => [leafKey(leaf), leaf]));
    for (const old of this.#current.all(series) as unknown as CurrentAddress[]) {
      const key = [old.collection, old.document, old.part, old.from_at, series] as const;
      const stays = wanted.delete(leafKey(old));
      if (stays && old.linked !== linked) this.#mark.run(linked, ...key);
      // One that began at this very time was never shown to anybody.
      else if (!stays && old.from_at >= at) this.#forget.run(...key);
      else if (!stays) this.#end.run(at, ...key);
    }
    for (const leaf of wanted.values()) this.#add.run(leaf.collection, leaf.document, leaf.part, series, at, linked);
  }
}
