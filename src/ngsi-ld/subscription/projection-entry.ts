import type { TermTable } from "../context/term-table.ts";
import { depthOf, type Projection, parseProjection } from "../entity/projection.ts";
import type { Json } from "../json/json.ts";
import { listOf, refuse, textOf } from "./members.ts";

/** An entry of `pick` or `omit` (CIM 009 4.21), as stored: an expanded name, and what is named of what it links to. */
export type ProjectionEntry = string | { readonly name: string; readonly of: readonly ProjectionEntry[] };

/** Throws HubError `invalid`. */
export function parseEntries(json: Json, what: "pick" | "omit", table: TermTable): readonly ProjectionEntry[] {
  const place = `notification.${what}`;
  return listOf(json, place).flatMap((entry) => {
    const text = textOf(entry, `an entry of ${place}`);
    const projection = parseProjection(text, what, (name) => table.expand(name));
    return entriesOf(projection);
  });
}

function entriesOf({ names, linked }: Projection): readonly ProjectionEntry[] {
  const leading = [...linked].map(([name, below]) => ({ name, of: entriesOf(below) }));
  return [...[...names].filter((name) => !linked.has(name)), ...leading];
}

/** Back into what views are made of. */
export function projectionOf(entries: readonly ProjectionEntry[], what: "pick" | "omit"): Projection {
  const names = new Set<string>();
  const linked = new Map<string, Projection>();
  for (const entry of entries) {
    if (typeof entry === "string") names.add(entry);
    else {
      linked.set(entry.name, projectionOf(entry.of, what));
      if (what === "pick") names.add(entry.name);
    }
  }
  return { names, linked };
}

/** Refuses what names members of entities that are not joined (5.7.1.4). */
export function checkDepth(entries: readonly ProjectionEntry[] | undefined, what: "pick" | "omit", levels: number) {
  if (entries !== undefined && depthOf(projectionOf(entries, what)) > levels) {
    refuse(`notification.${what} names members of entities that join and joinLevel do not retrieve`);
  }
}

/** As a client writes it. */
export function entryText(entry: ProjectionEntry, table: TermTable): string {
  if (typeof entry === "string") return table.compact(entry);
  return `${table.compact(entry.name)}{${entry.of.map((one) => entryText(one, table)).join(",")}}`;
}
