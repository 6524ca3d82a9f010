import type { DatabaseSync, SQLOutputValue } from "node:sqlite";
import type { PartTest, SignalMembers } from "../../core/filter.ts";
import { isoTime } from "../../core/time.ts";
import { PART_SAYS } from "./filter-sql.ts";
import { qualityOf } from "./sample-columns.ts";
import { decodeValue } from "./value-codec.ts";
import { type CompiledTest, compileTest } from "./value-test.ts";

type Test = Omit<PartTest, "name" | "test"> & { readonly holds: CompiledTest };
type Body = { readonly [member: string]: unknown };

/** Tests kept compiled by one connection. */
const KEPT = 64;

/** Gives a connection the function `part_says(test, kind, body, signal…)`: whether a part says what the test asks for. */
export function registerPartSays(database: DatabaseSync): void {
  const compiled = new Map<string, Test>();
  const testOf = (text: string): Test => {
    const known = compiled.get(text);
    if (known !== undefined) return known;
    if (compiled.size >= KEPT) compiled.clear();
    const { test, ...rest } = JSON.parse(text) as Omit<PartTest, "name">;
    const made = { ...rest, holds: compileTest(test) };
    compiled.set(text, made);
    return made;
  };
  database.function(
    PART_SAYS,
    { deterministic: true, directOnly: true, varargs: true },
    (text, kind, body, ...signal) => {
      const test = testOf(String(text));
      return says(test, overlaid(JSON.parse(String(body)) as Body, String(kind), test.overlay, signal)) ? 1 : 0;
    },
  );
}

/** The body with its signal over it: value, time and quality (rule 7). */
function overlaid(body: Body, part: string, members: SignalMembers, signal: readonly SQLOutputValue[]): Body {
  const [kind, num, text, quality, at] = signal;
  if (kind === null || kind === undefined) return body;
  return {
    ...body,
    [members.value[part] ?? "value"]: decodeValue(Number(kind), Number(num ?? Number.NaN), String(text ?? "")),
    [members.at]: isoTime(Number(at)),
    [members.quality]: { type: "Property", value: qualityOf(Number(quality)) },
  };
}

function says({ under, values, holds }: Test, body: Body): boolean {
  let found: readonly unknown[] = [body];
  for (const member of under) found = found.flatMap((one) => spread(memberOf(one, member)));
  return found.some((one) => {
    for (const path of values) {
      const value = valueAt(one, path);
      if (value !== undefined) return holds(value, path.includes("*"));
    }
    return false;
  });
}

const spread = (value: unknown): readonly unknown[] =>
  value === undefined ? [] : Array.isArray(value) ? value : [value];

function valueAt(from: unknown, path: readonly string[]): unknown {
  let value = from;
  for (const member of path) {
    if (member === "*") value = typeof value === "object" && value !== null ? Object.values(value).flat() : undefined;
    else value = memberOf(value, member);
  }
  return value;
}

function memberOf(value: unknown, member: string): unknown {
  const isBody = typeof value === "object" && value !== null && !Array.isArray(value) && Object.hasOwn(value, member);
  return isBody ? (value as Body)[member] : undefined;
}
