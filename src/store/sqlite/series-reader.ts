import type { DatabaseSync, StatementSync } from "node:sqlite";
import type { Collection, LeafAddress } from "../../core/document.ts";
import type { SignalTuple } from "../form/signal-row.ts";
import type { PartSeries } from "../series-contract.ts";

export interface SeriesSpan {
  readonly series: number;
  readonly from: number;
  readonly to?: number;
}

export class SeriesReader {
  readonly #at: StatementSync;
  readonly #of: StatementSync;
  readonly #signal: StatementSync;

  constructor(database: DatabaseSync) {
    this.#at = database.prepare(`
      SELECT series, from_at, to_at FROM series_address
      WHERE collection = ? AND document = ? AND part = ? ORDER BY from_at, series`);
    this.#of = database.prepare(`
      SELECT part, series, linked, from_at, to_at FROM series_address
      WHERE collection = ? AND document = ? ORDER BY part, from_at, series`);
    this.#signal = database.prepare(`
      SELECT series, kind, num, text, quality, code, at, received_at, created_at, modified_at
      FROM signal WHERE series = ?`);
    this.#signal.setReturnArrays(true);
  }

  at({ collection, document, part }: LeafAddress): readonly SeriesSpan[] {
    const rows = this.#at.all(collection, document, part) as unknown as {
      series: number;
      from_at: number;
      to_at: number | null;
    }[];
    return rows.map(({ series, from_at, to_at }) => ({
      series,
      from: from_at,
      ...(to_at === null ? {} : { to: to_at }),
    }));
  }

  of(collection: Collection, documents: readonly string[]): ReadonlyMap<string, readonly PartSeries[]> {
    const found = new Map<string, readonly PartSeries[]>();
    for (const document of documents) {
      const rows = this.#of.all(collection, document) as unknown as {
        part: string;
        series: number;
        linked: number;
        from_at: number;
        to_at: number | null;
      }[];
      const shown = rows.map(({ part, series, linked, from_at: from, to_at: to }): PartSeries => {
        return { part, series, linked: linked === 1, from, ...(to === null ? {} : { to }) };
      });
      if (shown.length > 0) found.set(document, shown);
    }
    return found;
  }

  /** Series without a signal are left out. */
  signals(series: readonly number[]): readonly SignalTuple[] {
    return series.flatMap((id) => {
      const row = this.#signal.get(id) as unknown as SignalTuple | undefined;
      return row === undefined ? [] : [row];
    });
  }
}
