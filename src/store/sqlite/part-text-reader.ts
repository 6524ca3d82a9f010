import type { DatabaseSync, StatementSync } from "node:sqlite";
import { type Collection, collections, type PartText } from "../../core/document.ts";
import { inDocumentOrder } from "../form/document-rows.ts";

type TextTuple = [key: string, parent: string | null, kind: string, body: string];

/** Reads whole documents for their texts alone: four columns as arrays, since rows and values cost more to make than to find. */
export class PartTextReader {
  readonly #texts: Readonly<Record<Collection, StatementSync>>;

  constructor(database: DatabaseSync) {
    const prepared = collections.map((name) => [name, prepare(database, name)]);
    this.#texts = Object.fromEntries(prepared) as Record<Collection, StatementSync>;
  }

  texts(collection: Collection, id: string, now: number): readonly PartText[] {
    const rows = this.#texts[collection].all(id, now, now) as unknown as readonly TextTuple[];
    if (rows.every(([, parent]) => parent === null)) return rows.map(([key, , kind, body]) => ({ key, kind, body }));
    const named = rows.map(([key, parent, kind, body]) => ({ key, parent, kind, body }));
    return inDocumentOrder(named, undefined).map(({ parent, ...text }) =>
      parent === null ? text : { ...text, parent },
    );
  }
}

function prepare(database: DatabaseSync, name: Collection): StatementSync {
  const alive = (alias: string): string => `(${alias}.expires_at IS NULL OR ${alias}.expires_at > ?)`;
  const statement = database.prepare(`
    SELECT p.key, p.parent, p.kind, p.body FROM ${name}_document d JOIN ${name}_part p ON p.document = d.ordinal
    WHERE d.id = ? AND ${alive("d")} AND ${alive("p")} ORDER BY p.position`);
  statement.setReturnArrays(true);
  return statement;
}
