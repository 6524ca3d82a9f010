import { type Comparison, type FilterColumn, filterColumns, type Operand, type Predicate } from "./flux-query.ts";
import type { FluxReader } from "./flux-reader.ts";
import { fluxError } from "./flux-tokens.ts";

const comparisons: readonly Comparison[] = ["==", "!=", "<", "<=", ">", ">="];
const deepest = 50;

/** The argument of filter(): `fn: (r) => r._field == "Flow" and r._value > 3.0`. @throws HubError `malformed` */
export function readPredicate(reader: FluxReader, now: number): Predicate {
  const name = reader.word();
  if (name.text !== "fn") throw fluxError(name, `filter() takes no ${name.text} here`, "fn: (r) => …");
  reader.sign(":");
  reader.sign("(");
  const row = reader.word().text;
  reader.sign(")");
  reader.sign("=>");
  return anyOf(reader, row, now, 0);
}

function anyOf(reader: FluxReader, row: string, now: number, depth: number): Predicate {
  let left = allOf(reader, row, now, depth);
  while (reader.takes("or")) left = { kind: "or", of: [left, allOf(reader, row, now, depth)] };
  return left;
}

function allOf(reader: FluxReader, row: string, now: number, depth: number): Predicate {
  let left = one(reader, row, now, depth);
  while (reader.takes("and")) left = { kind: "and", of: [left, one(reader, row, now, depth)] };
  return left;
}

function one(reader: FluxReader, row: string, now: number, depth: number): Predicate {
  if (depth > deepest) throw fluxError(reader.peek(), "the filter is nested too deep", `at most ${deepest} levels`);
  if (reader.takes("not")) return { kind: "not", of: one(reader, row, now, depth + 1) };
  if (reader.takes("(")) {
    const inner = anyOf(reader, row, now, depth + 1);
    reader.sign(")");
    return inner;
  }
  const column = columnOf(reader, row);
  const sign = reader.next();
  const operator = comparisons.find((known) => known === sign.text);
  if (operator === undefined) throw fluxError(sign, `"${sign.text}" does not compare here`, comparisons.join(" "));
  const operand = column === "_time" ? reader.time(now) : operandOf(reader);
  return { kind: "compare", column, operator, operand };
}

/** `r._field` or `r["_field"]`. */
function columnOf(reader: FluxReader, row: string): FilterColumn {
  const name = reader.word();
  if (name.text !== row) throw fluxError(name, `"${name.text}" is not the row`, `${row}._field, ${row}["_value"]`);
  const token = reader.peek();
  let text: string;
  if (reader.takes("[")) {
    text = reader.text();
    reader.sign("]");
  } else {
    reader.sign(".");
    text = reader.word().text;
  }
  const known = filterColumns.find((column) => column === text);
  if (known === undefined) throw fluxError(token, `there is no column ${text}`, filterColumns.join(", "));
  return known;
}

function operandOf(reader: FluxReader): Operand {
  const { kind, text } = reader.peek();
  if (kind === "string") return reader.text();
  if (kind === "word") return reader.boolean();
  const sign = text === "-" ? -1 : 1;
  if (sign < 0) reader.next();
  const token = reader.next();
  if (token.kind !== "number") throw fluxError(token, `"${token.text}" is no value`, "a text, a number, true or false");
  return sign * Number(token.text);
}
