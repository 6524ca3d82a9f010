import { HubError } from "../../core/errors.ts";
import type { Filter } from "../../core/filter.ts";

const LEVEL = /^(?:\+|\p{L}[\p{L}\p{N}_]*)$/u;
const TOKEN = /[()|;,]|[^()|;,]+/gu;
const MAX_TOKENS = 512;

/**
 * A query of scopes (CIM 009 4.19) as a filter over the keys `scope`: `+` is any one level, `/#` what lies below too.
 * Throws HubError `invalid`, `too-complex` beyond 512 tokens.
 */
export function parseScopeQuery(text: string): Filter {
  const tokens = text.match(TOKEN) ?? [];
  if (tokens.length > MAX_TOKENS) throw new HubError("too-complex", "the scope query is too long");
  const refuse = (): never => {
    throw new HubError("invalid", `"${text}" is not a query of scopes (CIM 009 4.19)`);
  };
  let at = 0;
  const single = (): Filter => {
    const token = tokens[at++];
    if (token !== "(") return scopeFilter(token ?? refuse()) ?? refuse();
    const inner = either();
    return tokens[at++] === ")" ? inner : refuse();
  };
  const chain = (kind: "all" | "any", operators: string, next: () => Filter): Filter => {
    const of = [next()];
    while (at < tokens.length && operators.includes(tokens[at] ?? "")) {
      at += 1;
      of.push(next());
    }
    return of.length === 1 ? (of[0] as Filter) : { kind, of };
  };
  const both = (): Filter => chain("all", ";", single);
  const either = (): Filter => chain("any", "|,", both);
  const filter = either();
  return at === tokens.length ? filter : refuse();
}

function scopeFilter(text: string): Filter | undefined {
  if (text === "/#") return { kind: "key-pattern", name: "scope", prefix: "/", pattern: "^/" };
  const below = text.endsWith("/#");
  const path = (below ? text.slice(0, -2) : text).replace(/^\//, "");
  const levels = path.split("/");
  if (!levels.every((level) => LEVEL.test(level))) return undefined;
  if (!below && !levels.includes("+")) return { kind: "key", name: "scope", in: [`/${path}`] };
  const wild = levels.indexOf("+");
  const known = wild === -1 ? levels : levels.slice(0, wild);
  return {
    kind: "key-pattern",
    name: "scope",
    prefix: `/${known.join("/")}`,
    pattern: `^/${levels.map((level) => (level === "+" ? "[^/]+" : level)).join("/")}${below ? "(?:/|$)" : "$"}`,
  };
}
