import type { Collection } from "../../core/document.ts";
import type { ElementStep } from "../../core/filter.ts";
import type { JudgedDocument, JudgedPart } from "./judged.ts";
import type { Session } from "./session.ts";
import { alive, MODIFIED_AT, SAID_COLUMNS, shownPart, signalOf } from "./shown-part.ts";

export const JUDGED_COLUMNS = "d.collection, d.ordinal, d.id, d.body, d.keys, d.created_at";

/** What a judge looks up, for many documents at once. */
export class JudgeLoads {
  readonly #session: Session;
  readonly #tenant: number;
  readonly #now: number;

  constructor(session: Session, tenant: number, now: number) {
    this.#session = session;
    this.#tenant = tenant;
    this.#now = now;
  }

  /** Parts of these names that are shown. */
  async named(documents: readonly number[], collection: Collection, names: readonly string[]) {
    const rows = await this.#session.columns(
      `SELECT p.document, p.key, NULL, l.series, ${SAID_COLUMNS} FROM part p
       JOIN document d ON d.tenant = p.tenant AND d.collection = p.collection AND d.ordinal = p.document ${signalOf()}
       WHERE p.tenant = ? AND p.collection = ? AND p.document = ANY(?::bigint[]) AND p.name = ANY(?::text[])
         AND ${alive("p")} AND ${shownPart()}`,
      [this.#tenant, collection, documents, names, this.#now],
    );
    return grouped(rows);
  }

  /** The same as an order of documents wants them: ordinal, name and key, then what they say; the shortest key first. */
  async namedOf(documents: readonly number[], collection: Collection, names: readonly string[]) {
    if (names.length === 0) return new Map<number, readonly (readonly unknown[])[]>();
    const rows = await this.#session.columns(
      `SELECT p.document, p.name, p.key, ${SAID_COLUMNS} FROM part p
       JOIN document d ON d.tenant = p.tenant AND d.collection = p.collection AND d.ordinal = p.document ${signalOf()}
       WHERE p.tenant = ? AND p.collection = ? AND p.document = ANY(?::bigint[]) AND p.name = ANY(?::text[])
         AND ${alive("p")} AND ${shownPart()} ORDER BY p.key`,
      [this.#tenant, collection, documents, names, this.#now],
    );
    return Map.groupBy(rows, ([ordinal]) => Number(ordinal));
  }

  /** Parts at the end of a path, whatever the path begins at. */
  async atPath(documents: readonly number[], collection: Collection, path: readonly ElementStep[]) {
    const steps = path.toReversed();
    const above = steps.slice(1);
    const alias = (index: number): string => (index === 0 ? "p" : `a${index}`);
    const joins = above.map(
      (_, index) => `JOIN part ${alias(index + 1)} ON ${alias(index + 1)}.tenant = p.tenant
        AND ${alias(index + 1)}.document = p.document AND ${alias(index + 1)}.key = ${alias(index)}.parent`,
    );
    const conditions = steps.map((step, index) => stepSql(step, alias(index)));
    const first = alias(Math.max(0, steps.length - 1));
    const rows = await this.#session.columns(
      `SELECT p.document, p.key, ${first}.parent, l.series, ${SAID_COLUMNS} FROM part p
       JOIN document d ON d.tenant = p.tenant AND d.collection = p.collection AND d.ordinal = p.document
       ${joins.join(" ")} ${signalOf()}
       WHERE p.tenant = ? AND p.collection = ? AND p.document = ANY(?::bigint[]) AND ${alive("p")}
         ${conditions.map(({ sql }) => `AND ${sql}`).join(" ")}`,
      [this.#tenant, collection, documents, this.#now, ...conditions.flatMap(({ parameters }) => parameters)],
    );
    return grouped(rows);
  }

  /** When documents were last changed, their signals included. */
  async modified(documents: readonly number[], collection: Collection): Promise<ReadonlyMap<number, number>> {
    const rows = await this.#session.all<{ ordinal: number; modified: number }>(
      `SELECT d.ordinal, ${MODIFIED_AT} AS modified FROM document d
       WHERE d.tenant = ? AND d.collection = ? AND d.ordinal = ANY(?::bigint[])`,
      [this.#tenant, collection, documents],
    );
    return new Map(rows.map(({ ordinal, modified }) => [ordinal, modified]));
  }

  async byIds(collection: Collection, ids: readonly string[]): Promise<ReadonlyMap<string, JudgedDocument>> {
    const rows = await this.#session.all<JudgedDocument>(
      `SELECT ${JUDGED_COLUMNS} FROM document d
       WHERE d.tenant = ? AND d.collection = ? AND d.id = ANY(?::text[]) AND ${alive("d")}`,
      [this.#tenant, collection, ids, this.#now],
    );
    return new Map(rows.map((row) => [row.id, row]));
  }

  /** Documents whose key has one of these values, by the value. */
  async byKey(
    collection: Collection,
    name: string,
    values: readonly string[],
  ): Promise<ReadonlyMap<string, readonly JudgedDocument[]>> {
    const rows = await this.#session.all<JudgedDocument & { readonly value: string }>(
      `SELECT k.value, ${JUDGED_COLUMNS} FROM document_key k
       JOIN document d ON d.tenant = k.tenant AND d.collection = k.collection AND d.ordinal = k.document
       WHERE k.tenant = ? AND k.collection = ? AND k.name = ? AND k.value = ANY(?::text[]) AND ${alive("d")}`,
      [this.#tenant, collection, name, values, this.#now],
    );
    return Map.groupBy(rows, ({ value }) => value);
  }
}

function grouped(rows: readonly (readonly unknown[])[]): ReadonlyMap<number, readonly JudgedPart[]> {
  const parts = rows.map(([document, key, root, series, ...said]) => ({
    document: Number(document),
    key: String(key),
    root: root as string | null,
    series: series as number | null,
    said,
  }));
  return Map.groupBy(parts, ({ document }) => document);
}

/** Items of a list are parts that are named by their index. */
function stepSql(step: ElementStep, alias: string): { readonly sql: string; readonly parameters: readonly string[] } {
  if (typeof step === "string") return { sql: `${alias}.name = ?`, parameters: [step] };
  if (step.index === "any") return { sql: `${alias}.name ~ '^[0-9]'`, parameters: [] };
  return { sql: `${alias}.name = ?`, parameters: [String(step.index)] };
}
