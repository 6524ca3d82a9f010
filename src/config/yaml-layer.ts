import { readFile } from "node:fs/promises";
import { dirname, resolve } from "node:path";
import {
  type Alias,
  type Document,
  isAlias,
  isMap,
  isScalar,
  isSeq,
  LineCounter,
  type Node,
  parseDocument,
} from "yaml";
import { HubError, type Problem } from "../core/errors.ts";
import { placeText } from "../core/place.ts";
import { Draft, type Mark, pointerStep } from "./draft.ts";
import { holdsReference, resolveReferences } from "./references.ts";

const LARGEST_FILE = 4 * 1024 * 1024;
/** Aliases that are followed in all: enough for people, too few for a file that unfolds to gigabytes. */
const MOST_ALIASES = 100;

export interface YamlLayer {
  readonly draft: Draft;
  readonly problems: readonly Problem[];
}

/** Reads a configuration file as the lowest layer, with its references resolved. `config` where there is no such file. */
export async function readYamlLayer(file: string, env: NodeJS.ProcessEnv): Promise<YamlLayer> {
  const text = await readFile(file, "utf8").catch((error: unknown) => {
    throw new HubError("config", `the configuration ${file} cannot be read: ${HubError.from(error).message}`, {
      cause: error,
    });
  });
  if (text.length > LARGEST_FILE)
    throw new HubError("config", `the configuration ${file} is larger than ${LARGEST_FILE} bytes`);
  return new YamlReader(file, text, env).read();
}

class YamlReader {
  readonly #file: string;
  readonly #env: NodeJS.ProcessEnv;
  readonly #base: string;
  readonly #lines = new LineCounter();
  readonly #document: Document.Parsed;
  readonly #problems: Problem[] = [];
  readonly #draft: Draft;
  #aliases = 0;

  constructor(file: string, text: string, env: NodeJS.ProcessEnv) {
    this.#file = file;
    this.#env = env;
    this.#base = dirname(resolve(file));
    this.#document = parseDocument(text, { lineCounter: this.#lines, prettyErrors: false });
    this.#draft = new Draft({ place: file, base: this.#base });
  }

  async read(): Promise<YamlLayer> {
    for (const error of this.#document.errors) {
      this.#problems.push({ place: this.#place(error.pos[0]), message: error.message, expected: "valid YAML" });
    }
    const root = this.#document.contents;
    if (this.#problems.length === 0 && root !== null && !(isScalar(root) && root.value === null)) {
      const value = isMap(root) ? await this.#value(root, "") : undefined;
      if (isMap(root)) this.#draft.root = value as Record<string, unknown>;
      else this.#report(root, "a configuration is a mapping", "sections such as `http:` and `sources:`");
    }
    return { draft: this.#draft, problems: this.#problems };
  }

  #place(offset: number): string {
    const { line, col } = this.#lines.linePos(offset);
    return placeText({ file: this.#file, line, column: col });
  }

  #report(node: Node, message: string, expected: string): void {
    this.#problems.push({ place: this.#place(node.range?.[0] ?? 0), message, expected });
  }

  async #value(node: unknown, pointer: string): Promise<unknown> {
    if (isAlias(node)) {
      return this.#alias(node, pointer);
    }
    if (isMap(node)) return this.#map(node.items, pointer);
    if (isSeq(node)) return this.#list(node.items, pointer);
    if (isScalar(node)) return typeof node.value === "string" ? this.#text(node, node.value, pointer) : node.value;
    return null;
  }

  async #alias(node: Alias, pointer: string): Promise<unknown> {
    this.#aliases += 1;
    const target = this.#aliases <= MOST_ALIASES ? node.resolve(this.#document) : undefined;
    if (target !== undefined) return this.#value(target, pointer);
    if (this.#aliases > MOST_ALIASES + 1) return undefined;
    const problem = this.#aliases > MOST_ALIASES ? "is one too many" : "leads nowhere";
    this.#report(node, `this alias ${problem}`, `at most ${MOST_ALIASES} aliases, each of an anchor before it`);
    return undefined;
  }

  async #map(items: readonly { key: unknown; value: unknown }[], pointer: string): Promise<unknown> {
    const entries: [string, unknown][] = [];
    for (const { key, value } of items) {
      if (!isScalar(key)) continue;
      const name = String(key.value);
      if (holdsReference(name)) this.#report(key, "a key holds a reference", "references in values alone");
      const below = pointer + pointerStep(name);
      this.#draft.mark(below, { place: this.#place(key.range?.[0] ?? 0), base: this.#base });
      entries.push([name, await this.#value(value, below)]);
    }
    return Object.fromEntries(entries);
  }

  async #list(items: readonly unknown[], pointer: string): Promise<unknown[]> {
    const values: unknown[] = [];
    for (const [index, item] of items.entries()) {
      const below = pointer + pointerStep(index);
      const start = (item as Node | null)?.range?.[0];
      if (start !== undefined) this.#draft.mark(below, { place: this.#place(start), base: this.#base });
      values.push(await this.#value(item, below));
    }
    return values;
  }

  async #text(node: Node, text: string, pointer: string): Promise<string> {
    if (!holdsReference(text)) return text;
    const resolved = await resolveReferences(text, { env: this.#env, base: this.#base });
    if ("problem" in resolved) {
      this.#report(node, resolved.problem.message, resolved.problem.expected);
      return text;
    }
    const mark: Mark = { place: this.#place(node.range?.[0] ?? 0), base: this.#base };
    this.#draft.mark(pointer, resolved.foreign ? { ...mark, foreign: true } : mark);
    return resolved.text;
  }
}
