/** The house rules that a line of text can break; each is a name and what it finds in a file. */
export interface HouseRule {
  readonly name: string;
  /** Files it holds for, by path from the root. */
  readonly files: RegExp;
  /** What is wrong in the file, empty where nothing is. */
  find(path: string, text: string): string[];
}

const CODE = /^(src|test|bench|bin|scripts)\/.*\.[tj]s$/;
const SOURCES = /^src\/.*\.ts$/;
const MAX_LINES = 300;

/** Lines of code that match, as `line: text`; lines of comments do not count. */
function lines(text: string, pattern: RegExp): string[] {
  return text
    .split("\n")
    .map((line, index) => ({ line, number: index + 1 }))
    .filter(({ line }) => !/^\s*(\/\/|\/?\*)/.test(line) && pattern.test(line))
    .map(({ line, number }) => `${number}: ${line.trim()}`);
}

const MACHINE_PATH = /(^|[\s"'`(=:])\/(work|root|home)\/[a-z.]/;
const REGISTRY = /"resolved":|https?:\/\/[^\s"]*(registry\.npm|artifactory|nexus\/|verdaccio)/;

export const HOUSE_RULES: readonly HouseRule[] = [
  {
    name: `a source file has at most ${MAX_LINES} lines`,
    files: SOURCES,
    find: (_path, text) => {
      const count = text.trimEnd().split("\n").length;
      return count > MAX_LINES ? [`${count} lines`] : [];
    },
  },
  {
    name: "names say what is inside: kebab-case, nothing like utils, helpers or index",
    files: SOURCES,
    find: (path) =>
      path
        .replace(/\.ts$/, "")
        .split("/")
        .filter(
          (name) => /^(utils?|common|helpers?|misc|shared|index)$/.test(name) || !/^[a-z0-9]+(-[a-z0-9]+)*$/.test(name),
        ),
  },
  {
    name: "no module holds state that changes",
    files: SOURCES,
    find: (_path, text) =>
      lines(
        text,
        /^(export )?(let|var) |^(export )?const \w+(: (?![Rr]eadonly)[^=]+)? = (new (Map|Set|WeakMap|WeakSet|Array)(<.*>)?\(\)|\[\]|\{\});/,
      ),
  },
  {
    name: "types are never given up",
    files: CODE,
    find: (_path, text) => [
      ...lines(text, /\bas any\b|: any\b|<any>|\bany\[\]/),
      ...[...text.matchAll(/@ts-(ignore|expect-error|nocheck)|biome-ignore/g)].map(([found]) => found),
    ],
  },
  {
    name: "the environment is read by the configuration alone",
    files: /^src\/(?!config\/).*\.ts$/,
    find: (_path, text) => lines(text, /\bprocess\.env\b/),
  },
  {
    name: "only commands and the demo print; rooms log",
    files: /^src\/(?!cli\/|demo\/|main\.ts$).*\.ts$/,
    find: (_path, text) => lines(text, /\bconsole\.\w/),
  },
  {
    name: "relative imports end in .ts, and none is of a whole folder",
    files: /^(src|test|bench|scripts)\/.*\.ts$/,
    find: (_path, text) => lines(text, /\bfrom "\.{1,2}\/(?![^"]*\.(ts|js|json)")/),
  },
  {
    name: "no file knows the machine it was written on, or a package registry",
    files: /^(?!LICENSE$)/,
    find: (_path, text) =>
      text
        .split("\n")
        .filter((line) => MACHINE_PATH.test(line) || REGISTRY.test(line))
        .map((line) => line.trim().slice(0, 100)),
  },
];
