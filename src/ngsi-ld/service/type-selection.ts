import { HubError } from "../../core/errors.ts";
import type { Filter } from "../../core/filter.ts";
import { isName } from "../names.ts";

/** An entity type selection (CIM 009 4.17) as a tree; names expanded. */
export type TypeSelection =
  | { readonly kind: "type"; readonly iri: string }
  | { readonly kind: "all" | "any"; readonly of: readonly TypeSelection[] };

const MAX_TOKENS = 512;

/**
 * Reads `A,B` and `A|B` (one of), `A;B` (both), parentheses. Throws HubError `invalid`, or `too-complex` beyond 512 names.
 */
export function parseTypeSelection(text: string, expand: (name: string) => string): TypeSelection {
  const tokens = text.match(/[();,|]|[^();,|]+/g) ?? [];
  if (tokens.length > MAX_TOKENS) throw new HubError("too-complex", "the type selection is too long");
  let at = 0;
  const refuse = (): never => {
    throw new HubError("invalid", `"${text}" is not a selection of entity types (CIM 009 4.17)`);
  };
  const single = (): TypeSelection => {
    const token = tokens[at++];
    if (token === "(") {
      const inner = either();
      return tokens[at++] === ")" ? inner : refuse();
    }
    return token !== undefined && isName(token) ? { kind: "type", iri: expand(token) } : refuse();
  };
  const chain = (kind: "all" | "any", operators: readonly string[], next: () => TypeSelection): TypeSelection => {
    const of = [next()];
    while (operators.includes(tokens[at] ?? "")) {
      at += 1;
      of.push(next());
    }
    return of.length === 1 ? (of[0] as TypeSelection) : { kind, of };
  };
  const both = (): TypeSelection => chain("all", [";"], single);
  const either = (): TypeSelection => chain("any", [",", "|"], both);
  const selection = either();
  return at === tokens.length ? selection : refuse();
}

export function typeFilter(selection: TypeSelection): Filter {
  if (selection.kind === "type") return { kind: "key", name: "type", in: [selection.iri] };
  return { kind: selection.kind, of: selection.of.map(typeFilter) };
}

export function matchesTypes(selection: TypeSelection, types: readonly string[]): boolean {
  if (selection.kind === "type") return types.includes(selection.iri);
  const match = (inner: TypeSelection): boolean => matchesTypes(inner, types);
  return selection.kind === "all" ? selection.of.every(match) : selection.of.some(match);
}

/** All types that are named: what has none of them does not match. */
export function typesIn(selection: TypeSelection): readonly string[] {
  return selection.kind === "type" ? [selection.iri] : selection.of.flatMap(typesIn);
}
