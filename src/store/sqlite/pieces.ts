import type { SQLInputValue } from "node:sqlite";
import type { Collection } from "../../core/document.ts";
import type { Filter } from "../../core/filter.ts";
import type { StatementCache } from "./statement-cache.ts";

/** Documents in ascending order of ordinals, a piece at a time. */
export interface Pieces {
  /** FROM and WHERE over `d`, with the parameters of a piece. */
  readonly from: string;
  /** What goes up with the ordinals, by which nothing has to be sorted. */
  readonly order: string;
  /** What is left to be asked of them, where they meet a part of the filter already. */
  readonly left?: Filter;
  next(
    after: number,
    size: number,
  ): { readonly parameters: readonly SQLInputValue[]; readonly last: number } | undefined;
}

/** All documents of a collection. */
export function allPieces(statements: StatementCache, collection: Collection): Pieces {
  const last = statements.prepare(`SELECT max(ordinal) AS last FROM ${collection}_document`).get()?.last;
  const end = Number(last ?? 0);
  return {
    from: `FROM ${collection}_document d WHERE d.ordinal > ? AND d.ordinal <= ?`,
    order: "d.ordinal",
    next: (after, size) =>
      after >= end ? undefined : { parameters: [after, after + size], last: Math.min(after + size, end) },
  };
}

/** Those that have one value of a key, as the filter itself asks: there are fewer of a type than there are documents. */
export function keyedPieces(statements: StatementCache, collection: Collection, filter: Filter): Pieces | undefined {
  const keys = filter.kind === "all" ? filter.of : [filter];
  const key = keys.find((one) => one.kind === "key" && one.in.length === 1);
  if (key?.kind !== "key") return undefined;
  const of = [key.name, key.in[0] ?? ""];
  const left: Filter = { kind: "all", of: keys.filter((one) => one !== key) };
  const end = statements.prepare(`SELECT max(document) AS last FROM
    (SELECT document FROM ${collection}_key WHERE name = ? AND value = ? AND document > ? ORDER BY document LIMIT ?)`);
  return {
    from: `FROM ${collection}_key k CROSS JOIN ${collection}_document d ON d.ordinal = k.document
      WHERE k.name = ? AND k.value = ? AND k.document > ? AND k.document <= ?`,
    order: "k.document",
    left,
    next(after, size) {
      const last = end.get(...of, after, size)?.last;
      return typeof last === "number" ? { parameters: [...of, after, last], last } : undefined;
    },
  };
}

export function piecesAmong(collection: Collection, candidates: readonly number[]): Pieces {
  const sorted = candidates.toSorted((one, other) => one - other);
  return {
    from: `FROM json_each(?) c CROSS JOIN ${collection}_document d ON d.ordinal = c.value WHERE 1`,
    order: "c.key",
    next(after, size) {
      const first = sorted.findIndex((ordinal) => ordinal > after);
      const piece = first < 0 ? [] : sorted.slice(first, first + size);
      const last = piece.at(-1);
      return last === undefined ? undefined : { parameters: [JSON.stringify(piece)], last };
    },
  };
}
