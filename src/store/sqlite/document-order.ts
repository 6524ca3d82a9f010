import type { SQLOutputValue, StatementSync } from "node:sqlite";
import { setImmediate as otherReads } from "node:timers/promises";
import type { Collection } from "../../core/document.ts";
import type { Order, OrderTerm } from "../../core/filter.ts";
import { type Said, valuesIn } from "../../core/part-test.ts";
import { compareKeys, type SortKey, sortKey } from "../../core/sort-key.ts";
import { geometries } from "../../geometry/geometries.ts";
import { modifiedAt, partName, SAID_COLUMNS, shownPart, signalOf } from "./filter-sql.ts";
import { parsedBody, saidBy, withTimes } from "./part-says.ts";
import type { StatementCache } from "./statement-cache.ts";

/** Documents whose keys are read at once. */
const PIECE = 500;

interface Entry {
  readonly ordinal: number;
  readonly keys: readonly SortKey[];
}

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
    const collator = new Intl.Collator(order.collation, { sensitivity: order.sensitivity ?? "variant" });
    const heads = this.#statements.prepare(`SELECT d.ordinal, d.id, d.body, d.created_at AS created,
      ${modifiedAt(collection, "d")} AS modified FROM json_each(?) c
      CROSS JOIN ${collection}_document d ON d.ordinal = c.value`);
    const parts = this.#statements.prepare(`SELECT d.ordinal, p.name, p.key, ${SAID_COLUMNS}
      FROM json_each(?) c CROSS JOIN ${collection}_document d ON d.ordinal = c.value
      JOIN ${collection}_part p ON p.document = d.ordinal AND ${partName(collection)} IN (SELECT value FROM json_each(?))
      ${signalOf(collection, "d")} WHERE ${shownPart(collection)} ORDER BY p.key`);
    parts.setReturnArrays(true);
    const entries: Entry[] = [];
    for (let from = 0; from < ordinals.length; from += PIECE) {
      if (from > 0) await otherReads();
      entries.push(...keysOf(JSON.stringify(ordinals.slice(from, from + PIECE)), order, heads, parts, now));
    }
    entries.sort((one, other) => {
      for (const [index, term] of order.terms.entries()) {
        const [left, right] = [one.keys[index], other.keys[index]];
        const result = left && right ? compareKeys(left, right, term.descending, collator) : 0;
        if (result !== 0) return result;
      }
      return one.ordinal - other.ordinal;
    });
    return entries.map(({ ordinal }) => ordinal);
  }
}

function keysOf(
  ordinals: string,
  { terms }: Order,
  heads: StatementSync,
  parts: StatementSync,
  now: number,
): readonly Entry[] {
  const names = terms.flatMap(({ by }) => (by.kind === "said" ? [by.name] : []));
  const rows = names.length === 0 ? [] : parts.all(ordinals, JSON.stringify(names), now);
  const said = Map.groupBy(rows as unknown as readonly SQLOutputValue[][], ([ordinal]) => Number(ordinal));
  return heads.all(ordinals).map((head) => {
    const ordinal = Number(head.ordinal);
    const own = said.get(ordinal) ?? [];
    return { ordinal, keys: terms.map((term) => sortKey(keyValue(term, head, own), term.from, geometries)) };
  });
}

/** The default instance stands first among those of a name: its key is the shortest. */
function keyValue(
  { by }: OrderTerm,
  head: Record<string, SQLOutputValue>,
  parts: readonly SQLOutputValue[][],
): unknown {
  if (by.kind === "id") return head.id;
  if (by.kind === "own") {
    const body: Said = withTimes(parsedBody(head.body), by.overlay, Number(head.created), Number(head.modified));
    return valuesIn(body, { under: [], values: by.values })[0];
  }
  const part = parts.find(([, name]) => name === by.name);
  return part === undefined ? undefined : valuesIn(saidBy(part.slice(3), by.overlay), by)[0];
}
