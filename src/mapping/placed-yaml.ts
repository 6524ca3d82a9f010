import { type Document, isAlias, isMap, isScalar, isSeq, LineCounter, type Node, parseDocument } from "yaml";
import type { Place } from "../core/place.ts";
import type { Problems } from "./problem.ts";

/** Also bounds what aliases may expand to: each use of an anchor counts anew. */
const MAX_NODES = 500_000;
const MAX_DEPTH = 64;

/** A YAML document as plain values that still knows where each of them was written. */
export interface PlacedYaml {
  readonly value: unknown;
  /** Place of the value at a JSON pointer; of the nearest value around it where there is none. */
  placeOf(pointer: string): Place;
  /** Place of the key under which that value stands. */
  keyPlaceOf(pointer: string): Place;
}

const escapePointer = (name: string) => name.replaceAll("~", "~0").replaceAll("/", "~1");

/** JSON pointer (RFC 6901) of these steps. */
export function pointer(...steps: readonly (string | number)[]): string {
  return steps.map((step) => `/${escapePointer(String(step))}`).join("");
}

/** Reads one YAML 1.2 document; what cannot be read is told with its line, and `value` holds what could. */
export function readYaml(file: string, text: string, problems: Problems): PlacedYaml {
  const lines = new LineCounter();
  const at = (offset: number): Place => {
    const { line, col } = lines.linePos(offset);
    return { file, line: Math.max(1, line), column: Math.max(1, col) };
  };
  let document: Document; // the parser's own check of unique keys is quadratic: the reader below has one
  try {
    document = parseDocument(text, { lineCounter: lines, prettyErrors: false, uniqueKeys: false, version: "1.2" });
  } catch (error) {
    if (!(error instanceof RangeError)) throw error; // the parser's own recursion
    problems.error(
      { file, line: 1, column: 1 },
      { message: "nested too deep", expected: `at most ${MAX_DEPTH} levels` },
    );
    return { value: undefined, placeOf: () => at(0), keyPlaceOf: () => at(0) };
  }
  for (const error of [...document.errors, ...document.warnings]) {
    problems.error(at(error.pos[0]), { message: error.message, expected: yamlAdvice(error.code) });
  }
  const reader = new PlaceReader(document, at, problems);
  const value = problems.hasErrors ? undefined : reader.read(document.contents, "", 0);
  return {
    value,
    placeOf: (where) => reader.placeOf(where, false),
    keyPlaceOf: (where) => reader.placeOf(where, true),
  };
}

function yamlAdvice(code: string): string | undefined {
  switch (code) {
    case "TAB_AS_INDENT":
      return "spaces, never tabs, for indentation";
    case "BAD_INDENT":
      return "members of one mapping begin in one column";
    case "MULTIPLE_DOCS":
      return "one document a file";
    default:
      return undefined;
  }
}

interface Spot {
  readonly value: number;
  readonly key: number | undefined;
}

/** Turns nodes into values, noting by JSON pointer where each began. */
class PlaceReader {
  readonly #spots = new Map<string, Spot>();
  readonly #document: Document;
  readonly #at: (offset: number) => Place;
  readonly #problems: Problems;
  #nodes = 0;

  constructor(document: Document, at: (offset: number) => Place, problems: Problems) {
    this.#document = document;
    this.#at = at;
    this.#problems = problems;
  }

  placeOf(where: string, key: boolean): Place {
    for (let path = where; ; path = path.slice(0, path.lastIndexOf("/"))) {
      const spot = this.#spots.get(path);
      if (spot !== undefined) return this.#at(key && path === where ? (spot.key ?? spot.value) : spot.value);
      if (path === "") return this.#at(0);
    }
  }

  read(node: unknown, path: string, depth: number, keyOffset?: number): unknown {
    const { range } = node === null || node === undefined ? { range: undefined } : (node as Node);
    const offset = range?.[0] ?? keyOffset ?? 0;
    this.#spots.set(path, { value: offset, key: keyOffset });
    if (++this.#nodes > MAX_NODES || depth > MAX_DEPTH) {
      const what = depth > MAX_DEPTH ? `nested deeper than ${MAX_DEPTH} levels` : `more than ${MAX_NODES} values`;
      if (this.#nodes <= MAX_NODES + 1) this.#problems.error(this.#at(offset), { message: what });
      return undefined;
    }
    if (isAlias(node)) {
      const target = node.resolve(this.#document);
      if (target !== undefined) return this.read(target, path, depth + 1, keyOffset ?? offset);
      this.#problems.error(this.#at(offset), { message: `no anchor "&${node.source}" before this alias` });
      return undefined;
    }
    if (isMap(node)) {
      const value: Record<string, unknown> = {};
      for (const pair of node.items) {
        const name = isScalar(pair.key) ? String(pair.key.value) : undefined;
        const at = (pair.key as Node | null)?.range?.[0] ?? offset;
        if (name === undefined || name === "__proto__") {
          this.#problems.error(this.#at(at), { message: "a key must be a plain name" });
        } else if (Object.hasOwn(value, name)) {
          const first = this.placeOf(path + pointer(name), true).line;
          const message = `"${name}" is written twice, first in line ${first}`;
          this.#problems.error(this.#at(at), { message, expected: "each key once" });
        } else {
          value[name] = this.read(pair.value, path + pointer(name), depth + 1, at);
        }
      }
      return value;
    }
    if (isSeq(node)) return node.items.map((item, index) => this.read(item, `${path}/${index}`, depth + 1));
    if (!isScalar(node)) return null;
    if (typeof node.value === "number" && Number.isInteger(node.value) && !Number.isSafeInteger(node.value)) {
      const written = node.source ?? String(node.value);
      if (/^[-+]?\d+$/.test(written)) {
        this.#problems.error(this.#at(offset), {
          message: `the number ${written} loses digits`,
          expected: `"${written}"`,
        });
      }
    }
    return node.value;
  }
}
