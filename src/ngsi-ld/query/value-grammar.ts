import type { Operand, ValueTest } from "../../core/filter.ts";
import { timeOf } from "../../core/value-test.ts";
import { isUri } from "../names.ts";
import type { QueryReader } from "./query-reader.ts";

const NUMBER = /^-?(?:0|[1-9]\d*)(?:\.\d+)?(?:[eE][+-]?\d+)?$/;
const TERM = /^\p{L}[\p{L}\p{N}_]*$/u;
const ORDERS = [">=", "<=", ">", "<"] as const;

/**
 * What stands behind an attribute path in a query (CIM 009 4.9): an operator with its value, or nothing. `expand`: texts
 * and bare words are terms of the context (`expandValues`).
 */
export function parseValueTest(reader: QueryReader, expand?: (term: string) => string): ValueTest {
  if (reader.take("!~=")) return { kind: "match", not: true, pattern: reader.pattern() };
  if (reader.take("~=")) return { kind: "match", not: false, pattern: reader.pattern() };
  if (reader.take("==")) return equality(reader, false, expand);
  if (reader.take("!=")) return equality(reader, true, expand);
  for (const operator of ORDERS) {
    if (!reader.take(operator)) continue;
    const than = operandOf(reader, expand);
    if (reader.next("..") || reader.next(",")) reader.refuse("a range or a list goes with == and != only, so an end");
    if (than.type === "boolean") reader.refuse("true and false are in no order, so == or !=");
    return { kind: "order", operator, than };
  }
  return { kind: "there" };
}

function equality(reader: QueryReader, not: boolean, expand?: (term: string) => string): ValueTest {
  const first = operandOf(reader, expand);
  if (reader.take("..")) return { kind: "within", not, from: first, to: operandOf(reader, expand) };
  const any = [first];
  while (reader.take(",")) any.push(operandOf(reader, expand));
  return { kind: "equal", not, any };
}

function operandOf(reader: QueryReader, expand?: (term: string) => string): Operand {
  const quoted = reader.string();
  if (quoted !== undefined) return { type: "string", value: expand === undefined ? quoted : expand(quoted) };
  const bare = reader.bare();
  if (bare === "true" || bare === "false") return { type: "boolean", value: bare === "true" };
  if (bare !== undefined && NUMBER.test(bare)) {
    const value = Number(bare);
    return Number.isFinite(value) ? { type: "number", value } : reader.refuse(`${bare} is too large a number`);
  }
  if (bare !== undefined && timeOf(bare) !== undefined) return { type: "time", value: bare };
  if (expand !== undefined && bare !== undefined && TERM.test(bare)) return { type: "string", value: expand(bare) };
  if (isUri(bare)) return { type: "string", value: bare };
  return reader.refuse("a number, a quoted text, true, false, a time or a URI is expected before the character");
}
