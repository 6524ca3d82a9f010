import { HubError } from "../../core/errors.ts";

export type TokenKind = "string" | "number" | "duration" | "time" | "word" | "sign" | "end";

export interface Token {
  readonly kind: TokenKind;
  /** A string without its quotes; everything else as written. */
  readonly text: string;
  /** Counts from 1. */
  readonly line: number;
  readonly column: number;
}

const longest = 16_384;

/** In the order in which they are tried. */
const grammar: readonly (readonly [TokenKind | "space", RegExp])[] = [
  ["space", /(?:[ \t\r\n]+|\/\/[^\n]*)+/y],
  ["string", /"(?:[^"\\\n]|\\["\\nrt])*"/y],
  ["time", /\d{4}-\d{2}-\d{2}(?:T\d{2}:\d{2}:\d{2}(?:\.\d+)?(?:Z|[+-]\d{2}:\d{2}))?/y],
  ["duration", /(?:\d+(?:ns|us|µs|ms|mo|s|m|h|d|w|y))+(?![A-Za-z0-9_])/y],
  ["number", /\d+(?:\.\d+)?(?:[eE][+-]?\d+)?(?![A-Za-z0-9_])/y],
  ["word", /[A-Za-z_][A-Za-z0-9_]*/y],
  ["sign", /\|>|=>|==|!=|<=|>=|=~|!~|[<>()[\]{},:.=+*/-]/y],
];

/** @throws HubError `malformed` with line and column */
export function fluxTokens(text: string): readonly Token[] {
  if (text.length > longest) throw new HubError("too-large", `a query has at most ${longest} characters`);
  const tokens: Token[] = [];
  let at = 0;
  let line = 1;
  let lineStart = 0;
  while (at < text.length) {
    const [kind, match] = next(text, at) ?? [];
    const column = at - lineStart + 1;
    if (kind === undefined || match === undefined)
      throw fluxError({ line, column }, `${JSON.stringify(text[at])} is not understood`);
    if (kind !== "space") tokens.push({ kind, text: kind === "string" ? unquoted(match) : match, line, column });
    for (const newline of match.matchAll(/\n/g)) {
      line++;
      lineStart = at + newline.index + 1;
    }
    at += match.length;
  }
  return [...tokens, { kind: "end", text: "", line, column: at - lineStart + 1 }];
}

function next(text: string, at: number): readonly [TokenKind | "space", string] | undefined {
  for (const [kind, pattern] of grammar) {
    pattern.lastIndex = at;
    const match = pattern.exec(text)?.[0];
    if (match !== undefined) return [kind, match];
  }
  return undefined;
}

const unquoted = (text: string): string =>
  text.slice(1, -1).replace(/\\(.)/g, (_, one: string) => ({ n: "\n", r: "\r", t: "\t" })[one] ?? one);

/** What is wrong with a query, where, and what is served. */
export function fluxError(
  { line, column }: Pick<Token, "line" | "column">,
  message: string,
  expected?: string,
): HubError {
  const place = `${line}:${column}`;
  const right = expected === undefined ? {} : { expected };
  const said = `error at ${place}: ${message}${expected === undefined ? "" : ` (${expected})`}`;
  return new HubError("malformed", said, { problems: [{ place, message, ...right }] });
}
