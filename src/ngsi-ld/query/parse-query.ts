import { HubError } from "../../core/errors.ts";
import type { Filter, Operand, ValueTest } from "../../core/filter.ts";
import { isUri } from "../names.ts";
import { systemMembers } from "../vocabulary.ts";
import { type AttributePath, saidAt } from "./attribute-path.ts";
import { QueryReader } from "./query-reader.ts";

const MAX_TERMS = 512;
const MAX_DEPTH = 32;
const NUMBER = /^-?(?:0|[1-9]\d*)(?:\.\d+)?(?:[eE][+-]?\d+)?$/;
const TIME = /^(?:\d{4}-\d{2}-\d{2}(?:T\d{2}:\d{2}:\d{2}(?:[.,]\d{1,9})?Z)?|\d{2}:\d{2}:\d{2}(?:[.,]\d{1,9})?Z)$/;
const ORDERS = [">=", "<=", ">", "<"] as const;

/**
 * A query of attribute values (CIM 009 4.9) as a filter over what parts say; `expand` gives a name's IRI, `quality` is the
 * one of the sub-attribute that shows a signal's quality. Throws HubError `invalid`, `unsupported`, and `too-complex`
 * beyond 512 terms.
 */
export function parseQuery(text: string, expand: (name: string) => string, quality: string): Filter {
  const reader = new QueryReader(text);
  let terms = 0;
  const chain = (kind: "all" | "any", operator: string, next: () => Filter): Filter => {
    const of = [next()];
    while (reader.take(operator)) of.push(next());
    return of.length === 1 ? (of[0] as Filter) : { kind, of };
  };
  const either = (depth: number): Filter => chain("any", "|", () => chain("all", ";", () => term(depth)));
  const term = (depth: number): Filter => {
    terms += 1;
    if (terms > MAX_TERMS || depth > MAX_DEPTH) throw new HubError("too-complex", "the query has too many terms");
    if (reader.take("(")) {
      const inner = either(depth + 1);
      reader.need(")");
      return inner;
    }
    const path = pathOf(reader);
    return saidAt(path, testOf(reader), expand, quality);
  };
  const filter = either(0);
  return reader.isAtEnd ? filter : reader.refuse("the end is expected");
}

function pathOf(reader: QueryReader): AttributePath {
  const dotted = (): readonly string[] => {
    const names = [reader.name()];
    while (!reader.next("..") && reader.take(".")) names.push(reader.name());
    return names;
  };
  const names = dotted();
  if (reader.next("{")) reader.refuse("a linked entity can be asked only with join, which is not there");
  const system = names.find((name) => systemMembers.has(name));
  if (system !== undefined) throw new HubError("unsupported", `this hub does not support ${system} in a query yet`);
  if (!reader.take("[")) return { names, trailing: [] };
  const trailing = reader.take("*") ? ["*"] : dotted();
  reader.need("]");
  return { names, trailing };
}

function testOf(reader: QueryReader): ValueTest {
  if (reader.take("!~=")) return { kind: "match", not: true, pattern: reader.pattern() };
  if (reader.take("~=")) return { kind: "match", not: false, pattern: reader.pattern() };
  if (reader.take("==")) return equality(reader, false);
  if (reader.take("!=")) return equality(reader, true);
  for (const operator of ORDERS) {
    if (!reader.take(operator)) continue;
    const than = operandOf(reader);
    if (reader.next("..") || reader.next(",")) reader.refuse("a range or a list goes with == and != only, so an end");
    return { kind: "order", operator, than };
  }
  return { kind: "there" };
}

function equality(reader: QueryReader, not: boolean): ValueTest {
  const first = operandOf(reader);
  if (reader.take("..")) return { kind: "within", not, from: first, to: operandOf(reader) };
  const any = [first];
  while (reader.take(",")) any.push(operandOf(reader));
  return { kind: "equal", not, any };
}

function operandOf(reader: QueryReader): Operand {
  const quoted = reader.string();
  if (quoted !== undefined) return { type: "string", value: quoted };
  const bare = reader.bare();
  if (bare === "true" || bare === "false") return { type: "boolean", value: bare === "true" };
  if (bare !== undefined && NUMBER.test(bare)) {
    const value = Number(bare);
    return Number.isFinite(value) ? { type: "number", value } : reader.refuse(`${bare} is too large a number`);
  }
  if (bare !== undefined && TIME.test(bare)) return { type: "time", value: bare };
  if (isUri(bare)) return { type: "string", value: bare };
  return reader.refuse("a number, a quoted text, true, false, a time or a URI is expected before the character");
}
