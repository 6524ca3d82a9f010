import { type Stats, statSync } from "node:fs";
import { readFile } from "node:fs/promises";
import { resolve } from "node:path";
import { HubError } from "../../core/errors.ts";
import { openEnvironmentFile } from "../import/environment-file.ts";
import { parseJson } from "../json/exact-json.ts";
import type { ConceptDescription, Submodel } from "../metamodel/types.ts";
import { isObject } from "../validation/check.ts";
import { validateConcept, validateSubmodel } from "../validation/validate.ts";

/** Bytes; the largest official template has about a third of it. */
const largest = 4 * 1024 * 1024;
const mostFiles = 64;

/** What a template file holds of use for one submodel. */
export interface Template {
  readonly submodel: Submodel;
  /** Those of the environment around it. */
  readonly concepts: readonly ConceptDescription[];
}

/**
 * Reads a submodel from a file: a submodel itself, or an environment with one (of several: the one of this idShort).
 * @throws HubError `config` or, with its problems, `invalid`
 */
export async function readTemplate(folder: string, file: string, idShort?: string): Promise<Template> {
  const { path } = factsOf(folder, file);
  return await parsed(path, file, idShort);
}

/** Templates by file, read again only where the file is another one than before: assets share theirs. */
export class TemplateFiles {
  readonly #read = new Map<string, { readonly identity: string; readonly template: Promise<Template> }>();

  /** @throws HubError `config` or, with its problems, `invalid` */
  async read(folder: string, file: string, idShort: string): Promise<Template> {
    const { path, identity } = factsOf(folder, file);
    const key = `${path}\n${idShort}`;
    const before = this.#read.get(key);
    if (before?.identity === identity) return await before.template;
    if (this.#read.size >= mostFiles) this.#read.clear();
    const template = parsed(path, file, idShort);
    this.#read.set(key, { identity, template });
    return await template;
  }
}

interface FileFacts {
  readonly path: string;
  /** Changes when the file does. */
  readonly identity: string;
}

const unreadable = (file: string, cause?: unknown): HubError =>
  new HubError("config", `the template ${file} cannot be read`, { cause });

function statOf(path: string, file: string): Stats {
  try {
    return statSync(path);
  } catch (cause) {
    throw unreadable(file, cause);
  }
}

/** Asked once an asset: a thousandth of what the way to another thread and back takes. */
function factsOf(folder: string, file: string): FileFacts {
  const path = resolve(folder, file);
  const facts = statOf(path, file);
  if (!facts.isFile()) throw unreadable(file);
  if (facts.size > largest) throw new HubError("config", `the template ${file} is larger than ${largest} bytes`);
  return { path, identity: `${facts.dev} ${facts.ino} ${facts.size} ${facts.mtimeMs} ${facts.ctimeMs}` };
}

async function parsed(path: string, file: string, idShort: string | undefined): Promise<Template> {
  const text = await readFile(path, "utf8").catch((cause: unknown) => Promise.reject(unreadable(file, cause)));
  const content = /^(?:PK|\uFEFF?\s*<)/.test(text) ? await foreignContent(path, file) : contentOf(text, file);
  return { submodel: validateSubmodel(chosen(content, file, idShort)), concepts: conceptsOf(content) };
}

/** XML and AASX, in which IDTA publishes its templates too. Says nothing of the content, as below. */
async function foreignContent(path: string, file: string): Promise<unknown> {
  const submodels: unknown[] = [];
  const conceptDescriptions: unknown[] = [];
  try {
    const source = await openEnvironmentFile(path);
    try {
      for await (const { type, value } of source.documents(() => undefined)) {
        if (type === "Submodel") submodels.push(value);
        if (type === "ConceptDescription") conceptDescriptions.push(value);
      }
    } finally {
      source.close();
    }
  } catch (cause) {
    throw new HubError("config", `the template ${file} cannot be read as XML or AASX`, { cause });
  }
  return { submodels, conceptDescriptions };
}

/** Says nothing of what the file holds instead: problems are shown to clients, and it may be any file. */
function contentOf(text: string, file: string): unknown {
  try {
    return parseJson(text);
  } catch (cause) {
    throw new HubError("config", `the template ${file} is not JSON`, { cause });
  }
}

function chosen(content: unknown, file: string, idShort: string | undefined): unknown {
  if (!isObject(content) || !Array.isArray(content.submodels)) return content;
  const submodels: readonly unknown[] = content.submodels;
  const named = submodels.filter((one) => isObject(one) && one.idShort === idShort);
  const [only, ...others] = named.length > 0 ? named : submodels;
  if (only !== undefined && others.length === 0) return only;
  const which = idShort === undefined ? "one" : `one called ${idShort}`;
  throw new HubError("config", `the template ${file} holds ${submodels.length} submodels and not ${which}`);
}

function conceptsOf(content: unknown): readonly ConceptDescription[] {
  if (!isObject(content) || !Array.isArray(content.conceptDescriptions)) return [];
  return content.conceptDescriptions.map((concept: unknown, index) => {
    try {
      return validateConcept(concept);
    } catch (cause) {
      const { code, message, problems } = HubError.from(cause);
      const placed = problems.map((one) => ({ ...one, place: `/conceptDescriptions/${index}${one.place}` }));
      throw new HubError(code, message, { problems: placed, cause });
    }
  });
}
