import type { Collection, DocumentKeys } from "../../core/document.ts";
import type { BodyField, Filter } from "../../core/filter.ts";
import { compileOwnTest, compilePartTest, valuesIn } from "../../core/part-test.ts";
import { compileRow, patternTest } from "../search/comparison-judge.ts";
import { parsedBody, saidBy, testPorts, withTimes } from "../search/part-said.ts";
import { compilePattern } from "../search/patterns.ts";
import type { JudgeLoads } from "./judge-loads.ts";
import {
  documentLevel,
  innermost,
  type JudgedDocument,
  type Level,
  type Levels,
  levelAt,
  type Verdict,
} from "./judged.ts";

type Kind<K extends Filter["kind"]> = Extract<Filter, { kind: K }>;
type Verdicts = readonly Verdict[];

/**
 * Judges many documents at once by what the store's index cannot decide: each condition reads what it needs of all of
 * them in one round trip. `check` is called between documents and may throw.
 */
export class FilterJudge {
  readonly #loads: JudgeLoads;
  readonly #check: () => void;

  constructor(loads: JudgeLoads, check: () => void) {
    this.#loads = loads;
    this.#check = check;
  }

  /** Those that pass. */
  async passing(filter: Filter, documents: readonly JudgedDocument[]): Promise<readonly JudgedDocument[]> {
    const verdicts = await this.#judge(
      filter,
      documents.map((document): Levels => [documentLevel(document)]),
    );
    return documents.filter((_, index) => verdicts[index] === true);
  }

  async #judge(filter: Filter, rows: readonly Levels[]): Promise<Verdicts> {
    if (rows.length === 0) return [];
    switch (filter.kind) {
      case "all":
        return this.#each(filter.of, rows, (verdicts) => verdicts.every(Boolean));
      case "any":
        return this.#each(filter.of, rows, (verdicts) => verdicts.some(Boolean));
      case "not":
        return (await this.#judge(filter.of, rows)).map((verdict) => (verdict === undefined ? undefined : !verdict));
      case "id": {
        const ids = new Set(filter.in);
        return rows.map((levels) => ids.has(innermost(levels).document.id));
      }
      case "id-pattern": {
        const pattern = compilePattern(filter.pattern);
        return rows.map((levels) => pattern.test(innermost(levels).document.id));
      }
      case "key": {
        const wanted = new Set(filter.in);
        return rows.map((levels) => keyValues(levels, filter.name).some((value) => wanted.has(value)));
      }
      case "key-pattern": {
        const { name, prefix } = filter;
        const pattern = compilePattern(filter.pattern);
        return rows.map((levels) =>
          keyValues(levels, name).some((value) => value.startsWith(prefix) && pattern.test(value)),
        );
      }
      case "part": {
        const parts = await this.#named(rows, filter.names);
        return rows.map((levels) => parts(innermost(levels).document).length > 0);
      }
      case "said": {
        const holds = compilePartTest(filter, testPorts);
        const parts = await this.#named(rows, [filter.name]);
        return this.#map(rows, (levels) =>
          parts(innermost(levels).document).some(({ said }) => holds(saidBy(said, filter.overlay))),
        );
      }
      case "own":
        return this.#own(filter, rows);
      case "linked":
        return this.#linked(filter, rows);
      case "related":
        return this.#related(filter, rows);
      case "element":
        return this.#element(filter, rows);
      case "item":
        return this.#someOf(
          filter.of,
          rows,
          rows.map((levels) => itemsOf(levelAt(levels, filter.level), filter)),
        );
      case "compare": {
        const holds = compileRow(filter.comparison, patternTest);
        const fields = [filter.comparison.left, filter.comparison.right].flatMap((side) =>
          side.kind === "field" ? [side.field] : [],
        );
        return this.#map(rows, (levels) => holds(fields.flatMap((field) => fieldColumns(field, levels))));
      }
    }
  }

  /** One unknown member makes the whole unknown. */
  async #each(
    filters: readonly Filter[],
    rows: readonly Levels[],
    join: (verdicts: Verdicts) => boolean,
  ): Promise<Verdicts> {
    const members: Verdicts[] = [];
    for (const filter of filters) members.push(await this.#judge(filter, rows));
    return rows.map((_, row) => {
      const own = members.map((verdicts) => verdicts[row]);
      return own.includes(undefined) ? undefined : join(own);
    });
  }

  async #own(filter: Kind<"own">, rows: readonly Levels[]): Promise<Verdicts> {
    const holds = compileOwnTest(filter, testPorts);
    const modified = new Map<JudgedDocument, number>();
    for (const [collection, documents] of byCollection(rows)) {
      const times = await this.#loads.modified(ordinalsOf(documents), collection);
      for (const document of documents) modified.set(document, times.get(document.ordinal) ?? document.created_at);
    }
    return this.#map(rows, (levels) => {
      const { document } = innermost(levels);
      const body = parsedBody(document.body);
      return holds(withTimes(body, filter.overlay, document.created_at, modified.get(document) ?? 0));
    });
  }

  async #linked(filter: Kind<"linked">, rows: readonly Levels[]): Promise<Verdicts> {
    const { part, collection, of } = filter;
    const parts = await this.#named(rows, [part.name]);
    const named = rows.map((levels) =>
      parts(innermost(levels).document).flatMap(({ said }) =>
        valuesIn(saidBy(said, part.overlay), part)
          .flat()
          .filter((one) => typeof one === "string"),
      ),
    );
    const found = await this.#loads.byIds(collection, [...new Set(named.flat())]);
    const below = named.map((ids) => [...new Set(ids)].flatMap((id) => found.get(id) ?? []).map(documentLevel));
    return this.#someOf(of, rows, below);
  }

  async #related({ level, collection, key, direction, of }: Kind<"related">, rows: readonly Levels[]) {
    const bases = rows.map((levels) => levelAt(levels, level).document);
    if (direction === "naming") {
      const found = await this.#loads.byKey(collection, key, [...new Set(bases.map(({ id }) => id))]);
      return this.#someOf(
        of,
        rows,
        bases.map(({ id }) => (found.get(id) ?? []).map(documentLevel)),
      );
    }
    const named = bases.map((document) => keysOf(document)[key] ?? []);
    const found = await this.#loads.byIds(collection, [...new Set(named.flat())]);
    const below = named.map((ids) => ids.flatMap((id) => found.get(id) ?? []).map(documentLevel));
    return this.#someOf(of, rows, below);
  }

  async #element(filter: Kind<"element">, rows: readonly Levels[]): Promise<Verdicts> {
    const bases = rows.map((levels) => levelAt(levels, filter.level));
    const parts = new Map<string, Awaited<ReturnType<JudgeLoads["atPath"]>>>();
    for (const [collection, levels] of Map.groupBy(bases, ({ document }) => document.collection)) {
      const ordinals = ordinalsOf(levels.map(({ document }) => document));
      parts.set(collection, await this.#loads.atPath(ordinals, collection, filter.path));
    }
    const below = bases.map(({ document, part: base }) =>
      (parts.get(document.collection)?.get(document.ordinal) ?? [])
        .filter(({ root }) => filter.anywhere || root === (base?.key ?? null))
        .map((part): Level => ({ document, body: String(part.said[1]), part })),
    );
    return this.#someOf(filter.of, rows, below);
  }

  /** Whether one of what lies below passes; unknown where all that there are give an unknown result. */
  async #someOf(of: Filter, rows: readonly Levels[], below: readonly (readonly Level[])[]): Promise<Verdicts> {
    const inner = below.flatMap((levels, row) =>
      levels.map((level): Levels => [...(rows[row] as Levels), level] as unknown as Levels),
    );
    const verdicts = (await this.#judge(of, inner)).values();
    return below.map((levels) => {
      const own = levels.map(() => verdicts.next().value);
      if (own.some(Boolean)) return true;
      return own.length > 0 && own.every((verdict) => verdict === undefined) ? undefined : false;
    });
  }

  async #named(rows: readonly Levels[], names: readonly string[]) {
    const found = new Map<string, Awaited<ReturnType<JudgeLoads["named"]>>>();
    for (const [collection, documents] of byCollection(rows)) {
      found.set(collection, await this.#loads.named(ordinalsOf(documents), collection, names));
    }
    return ({ collection, ordinal }: JudgedDocument) => found.get(collection)?.get(ordinal) ?? [];
  }

  #map(rows: readonly Levels[], judge: (levels: Levels) => Verdict): Verdicts {
    return rows.map((levels) => {
      this.#check();
      return judge(levels);
    });
  }
}

const byCollection = (rows: readonly Levels[]): ReadonlyMap<Collection, readonly JudgedDocument[]> =>
  Map.groupBy(
    rows.map((levels) => innermost(levels).document),
    ({ collection }) => collection,
  );

const ordinalsOf = (documents: readonly JudgedDocument[]): readonly number[] => [
  ...new Set(documents.map(({ ordinal }) => ordinal)),
];

const keysOf = ({ keys }: JudgedDocument): DocumentKeys => JSON.parse(keys) as DocumentKeys;

const keyValues = (levels: Levels, name: string): readonly string[] => keysOf(innermost(levels).document)[name] ?? [];

function fieldColumns({ level, live }: BodyField, levels: Levels): readonly unknown[] {
  const { body, part } = levelAt(levels, level);
  if (live !== true) return [body];
  if (part === undefined) return [body, null, null, null, null];
  const [, , , , kind, num, text] = part.said;
  return [body, part.series, kind, num, text];
}

/** Items of the array at a path of a body that are objects. */
function itemsOf({ document, body }: Level, { path }: Kind<"item">): readonly Level[] {
  let found: unknown = JSON.parse(body);
  for (const step of path) {
    if (typeof found !== "object" || found === null) return [];
    const key = typeof step === "string" ? step : step.index;
    if (Array.isArray(found) === (typeof key === "string") || !Object.hasOwn(found, key)) return [];
    found = (found as Readonly<Record<string | number, unknown>>)[key];
  }
  const items: readonly unknown[] = Array.isArray(found) ? found : [];
  return items
    .filter((item) => typeof item === "object" && item !== null && !Array.isArray(item))
    .map((item) => ({ document, body: JSON.stringify(item) }));
}
