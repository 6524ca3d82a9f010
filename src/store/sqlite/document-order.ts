import type { SQLOutputValue, StatementSync } from "node:sqlite";
import { setImmediate as otherReads } from "node:timers/promises";
import type { Collection } from "../../core/document.ts";
import type { Order } from "../../core/filter.ts";
import { type OrderEntry, orderEntry, orderedNames, type SortedHead, sortedOrdinals } from "../search/order-keys.ts";
import { modifiedAt, partName, SAID_COLUMNS, shownPart, signalOf } from "./filter-sql.ts";
import type { StatementCache } from "./statement-cache.ts";

/** Documents whose keys are read at once. */
const PIECE = 500;

/** Sorts documents by what they and their parts say now, linked parts by their signals (rule 11). */
export class DocumentOrder {
  readonly #statements: StatementCache;

  constructor(statements: StatementCache) {
    this.#statements = statements;
  }

  async sorted(
    collection: Collection,
    ordinals: readonly number[],
    order: Order,
    now: number,
  ): Promise<readonly number[]> {
    const heads = this.#statements.prepare(`SELECT d.ordinal, d.id, d.body, d.created_at AS created,
      ${modifiedAt(collection, "d")} AS modified FROM json_each(?) c
      CROSS JOIN ${collection}_document d ON d.ordinal = c.value`);
    const parts = this.#statements.prepare(`SELECT d.ordinal, p.name, p.key, ${SAID_COLUMNS}
      FROM json_each(?) c CROSS JOIN ${collection}_document d ON d.ordinal = c.value
      JOIN ${collection}_part p ON p.document = d.ordinal AND ${partName(collection)} IN (SELECT value FROM json_each(?))
      ${signalOf(collection, "d")} WHERE ${shownPart(collection)} ORDER BY p.key`);
    parts.setReturnArrays(true);
    const entries: OrderEntry[] = [];
    for (let from = 0; from < ordinals.length; from += PIECE) {
      if (from > 0) await otherReads();
      entries.push(...keysOf(JSON.stringify(ordinals.slice(from, from + PIECE)), order, heads, parts, now));
    }
    return sortedOrdinals(entries, order);
  }
}

function keysOf(
  ordinals: string,
  order: Order,
  heads: StatementSync,
  parts: StatementSync,
  now: number,
): readonly OrderEntry[] {
  const names = orderedNames(order);
  const rows = names.length === 0 ? [] : parts.all(ordinals, JSON.stringify(names), now);
  const said = Map.groupBy(rows as unknown as readonly SQLOutputValue[][], ([ordinal]) => Number(ordinal));
  const found = heads.all(ordinals) as unknown as readonly SortedHead[];
  return found.map((head) => orderEntry(order, head, said.get(Number(head.ordinal)) ?? []));
}
