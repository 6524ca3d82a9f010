import type { DatabaseSync, SQLOutputValue } from "node:sqlite";
import type { OwnTest, PartTest, SignalMembers, TimeMembers } from "../../core/filter.ts";
import { compileOwnTest, compilePartTest, type Said, valuesIn } from "../../core/part-test.ts";
import { isoTime } from "../../core/time.ts";
import type { TestPorts } from "../../core/value-test.ts";
import { geometries } from "../../geometry/geometries.ts";
import { OWN_SAYS, PART_NAMES, PART_SAYS } from "./filter-sql.ts";
import { compilePattern } from "./id-match.ts";
import { qualityOf } from "./sample-columns.ts";
import { decodeValue } from "./value-codec.ts";

/** Tests kept compiled by one connection. */
const KEPT = 64;

const ports: TestPorts = {
  pattern: (text) => {
    const expression = compilePattern(text);
    return (other) => expression.test(other);
  },
  geometries,
};

type Columns = readonly SQLOutputValue[];

/**
 * Gives a connection `part_says(test, kind, body, created, modified, signal…)`, `own_says(test, body, created, modified)`
 * and `part_names(place, …)`, the texts that a part says there as a JSON array.
 */
export function registerPartSays(database: DatabaseSync, check: () => void): void {
  const says = keeping((text) => {
    const test = JSON.parse(text) as Omit<PartTest, "name">;
    const holds = compilePartTest(test, ports);
    return (part: Columns) => (holds(saidBy(part, test.overlay)) ? 1 : 0);
  });
  const owns = keeping((text) => {
    const test = JSON.parse(text) as OwnTest;
    const holds = compileOwnTest(test, ports);
    return ([body, created, modified]: Columns) =>
      holds(withTimes(parsedBody(body), test.overlay, Number(created), Number(modified))) ? 1 : 0;
  });
  const names = keeping((text) => {
    const place = JSON.parse(text) as Omit<PartTest, "name" | "test">;
    return (part: Columns) =>
      JSON.stringify(
        valuesIn(saidBy(part, place.overlay), place)
          .flat()
          .filter((one) => typeof one === "string"),
      );
  });
  const options = { deterministic: true, directOnly: true, varargs: true };
  const functions = [
    [PART_SAYS, says],
    [OWN_SAYS, owns],
    [PART_NAMES, names],
  ] as const;
  for (const [name, compiled] of functions) {
    database.function(name, options, (text, ...columns) => {
      check();
      return compiled(String(text))(columns);
    });
  }
}

/** Compiles each text once, and forgets all where there are many. */
function keeping<T>(compile: (text: string) => T): (text: string) => T {
  const known = new Map<string, T>();
  return (text) => {
    const found = known.get(text);
    if (found !== undefined) return found;
    if (known.size >= KEPT) known.clear();
    const made = compile(text);
    known.set(text, made);
    return made;
  };
}

/** The body of a part with its signal over it: value, time and quality (rule 7). */
export function saidBy(part: Columns, members: SignalMembers): Said {
  const [kind, text, created, modified, valueKind, num, value, quality, at, liveCreated, liveModified] = part;
  const body = parsedBody(text);
  const isLive = valueKind !== null && valueKind !== undefined;
  const shown = isLive
    ? {
        ...body,
        [members.value[String(kind)] ?? "value"]: decodeValue(
          Number(valueKind),
          Number(num ?? Number.NaN),
          String(value ?? ""),
        ),
        [members.at]: isoTime(Number(at)),
        [members.quality]: { type: "Property", value: qualityOf(Number(quality)) },
      }
    : body;
  if (members.times === undefined) return shown;
  if (!isLive) return withTimes(shown, members.times, Number(created), Number(modified));
  return withTimes(shown, members.times, Number(liveCreated), Math.max(Number(modified), Number(liveModified)));
}

export const withTimes = (body: Said, members: TimeMembers, created: number, modified: number): Said => ({
  ...body,
  [members.created]: isoTime(created),
  [members.modified]: isoTime(modified),
});

/** Source text access (ES2026), which the type library does not know yet. */
const json = JSON as unknown as {
  parse(text: string, reviver?: (key: string, value: unknown, context: { readonly source?: string }) => unknown): Said;
};

/** Integers beyond 2^53 are compared as they are written. */
export function parsedBody(column: SQLOutputValue | undefined): Said {
  const text = String(column);
  if (!/[0-9]{16}/.test(text)) return json.parse(text);
  return json.parse(text, (_key, value, { source }) =>
    typeof value === "number" && !Number.isSafeInteger(value) && /^-?[0-9]+$/.test(source ?? "")
      ? BigInt(source ?? "")
      : value,
  );
}
