import { readdirSync, readFileSync } from "node:fs";
import { join, relative } from "node:path";
import { fileURLToPath } from "node:url";
import { createNgsiLdSurface } from "../../../src/northbound/ngsi-ld/surface.ts";

/** A clause that a place names: an operation or a file of the code, or a file of tests. */
export interface Tag {
  readonly clause: string;
  readonly place: string;
}

const root = fileURLToPath(new URL("../../../", import.meta.url));
/** Where every number in a comment that looks like a clause is one; elsewhere only after the standard's name. */
const ownFolders = ["src/ngsi-ld/", "src/northbound/ngsi-ld/"];
const number = String.raw`[4-7](?:\.\d{1,2}){1,5}`;
/** Clauses, and annexes beside them, which have no lines. */
const one = String.raw`(?:${number}|[A-Z](?:\.\d{1,2})+)`;
const list = `${one}(?:(?:, | and | to )${one})*`;
const afterName = new RegExp(`CIM 009(?: v1\\.9\\.1,?)? (${list})`, "g");
const comment = /\/\*\*[\s\S]*?\*\/|\/\/.*$/gm;
const title = /\b(?:describe|it)(?:\.\w+)?\(\s*(["'`])((?:\\.|(?!\1)[\s\S])*)\1/g;
/** Titles made from a table: a text in it that ends with clauses in parentheses. */
const ending = new RegExp(`\\((?:CIM 009 )?(${list})\\)["'\`]`, "g");
const inParentheses = new RegExp(`\\((?:CIM 009 )?(${list})\\)`, "g");

/** What the code names: each operation of the surface its clauses, each file those in its comments and errors. */
export function codeTags(): readonly Tag[] {
  const { operations } = createNgsiLdSurface({} as Parameters<typeof createNgsiLdSurface>[0]);
  const ofOperations = operations.flatMap(({ name, clause }) => tagsOf(clause.replace(/^.*v1\.9\.1, /, ""), name));
  const ofFiles = files("src").flatMap((file) => {
    const text = readFileSync(join(root, file), "utf8").replace(/^\s*clause: .*$/gm, "");
    const own = ownFolders.some((folder) => file.startsWith(folder));
    const said = own ? text.matchAll(comment) : [];
    const place = file.slice("src/".length);
    return [
      ...[...said].flatMap(([words]) => tagsOf(words, place)),
      ...[...text.matchAll(afterName)].flatMap(([, numbers = ""]) => tagsOf(numbers, place)),
    ];
  });
  return [...ofOperations, ...ofFiles];
}

/** What the titles of tests name in parentheses. */
export function testTags(): readonly Tag[] {
  return files("test").flatMap((file) => titleTags(readFileSync(join(root, file), "utf8"), file.slice("test/".length)));
}

/** @param text of a file of tests */
export function titleTags(text: string, place: string): readonly Tag[] {
  const titles = [...text.matchAll(title)].map(([, , words = ""]) => words);
  const found = [...titles.flatMap((words) => [...words.matchAll(inParentheses)]), ...text.matchAll(ending)];
  return found.flatMap(([, numbers = ""]) => tagsOf(numbers, place));
}

/** Clauses in a text, `5.7.5 to 5.7.10` all six of them. */
export function clausesIn(text: string): readonly string[] {
  const found = [...text.matchAll(new RegExp(`(?<![\\d.])${number}(?![\\d.]*\\d)`, "g"))];
  return found.flatMap(([clause], index) => {
    const next = found[index + 1];
    const between = next === undefined ? "" : text.slice(foundEnd(found[index]), next.index);
    return next !== undefined && between === " to " ? [clause, ...after(clause, next[0])] : [clause];
  });
}

const foundEnd = (match: RegExpMatchArray | undefined): number => (match?.index ?? 0) + (match?.[0].length ?? 0);

/** The clauses after the first and before the last of a range among siblings. */
function after(first: string, last: string): readonly string[] {
  const [above, from] = cut(first);
  const [other, to] = cut(last);
  return above === other
    ? Array.from({ length: Math.max(to - from - 1, 0) }, (_, step) => `${above}.${from + step + 1}`)
    : [];
}

function cut(clause: string): readonly [string, number] {
  const dot = clause.lastIndexOf(".");
  return [clause.slice(0, dot), Number(clause.slice(dot + 1))];
}

const tagsOf = (text: string, place: string): readonly Tag[] => clausesIn(text).map((clause) => ({ clause, place }));

function files(folder: string): readonly string[] {
  return readdirSync(join(root, folder), { recursive: true, withFileTypes: true })
    .filter((entry) => entry.isFile() && entry.name.endsWith(".ts"))
    .map((entry) => relative(root, join(entry.parentPath, entry.name)).replaceAll("\\", "/"))
    .sort();
}
