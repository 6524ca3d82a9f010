import type { Order, OrderTerm } from "../../core/filter.ts";
import { type Said, valuesIn } from "../../core/part-test.ts";
import { compareKeys, type SortKey, sortKey } from "../../core/sort-key.ts";
import { geometries } from "../../geometry/geometries.ts";
import { parsedBody, saidBy, withTimes } from "./part-said.ts";

export interface SortedHead {
  readonly ordinal: unknown;
  readonly id: unknown;
  readonly body: unknown;
  readonly created: unknown;
  readonly modified: unknown;
}

/** A document with the keys that it is sorted by. */
export interface OrderEntry {
  readonly ordinal: number;
  readonly keys: readonly SortKey[];
}

/** Names of the parts that an order looks at. */
export const orderedNames = ({ terms }: Order): readonly string[] =>
  terms.flatMap(({ by }) => (by.kind === "said" ? [by.name] : []));

/** `parts`: of the document, in the order of their keys: its ordinal, name and key, then `SaidColumns`. */
export function orderEntry({ terms }: Order, head: SortedHead, parts: readonly (readonly unknown[])[]): OrderEntry {
  const keys = terms.map((term) => sortKey(keyValue(term, head, parts), term.from, geometries));
  return { ordinal: Number(head.ordinal), keys };
}

/** Ordinals by one term after the other, then in order of creation. */
export function sortedOrdinals(entries: readonly OrderEntry[], order: Order): readonly number[] {
  const collator = new Intl.Collator(order.collation, { sensitivity: order.sensitivity ?? "variant" });
  const sorted = entries.toSorted((one, other) => {
    for (const [index, term] of order.terms.entries()) {
      const [left, right] = [one.keys[index], other.keys[index]];
      const result = left && right ? compareKeys(left, right, term.descending, collator) : 0;
      if (result !== 0) return result;
    }
    return one.ordinal - other.ordinal;
  });
  return sorted.map(({ ordinal }) => ordinal);
}

/** The default instance stands first among those of a name: its key is the shortest. */
function keyValue({ by }: OrderTerm, head: SortedHead, parts: readonly (readonly unknown[])[]): unknown {
  if (by.kind === "id") return head.id;
  if (by.kind === "own") {
    const body: Said = withTimes(parsedBody(head.body), by.overlay, Number(head.created), Number(head.modified));
    return valuesIn(body, { under: [], values: by.values })[0];
  }
  const part = parts.find(([, name]) => name === by.name);
  return part === undefined ? undefined : valuesIn(saidBy(part.slice(3), by.overlay), by)[0];
}
