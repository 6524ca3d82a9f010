import type { SignalMembers, TimeMembers } from "../../core/filter.ts";
import type { Said } from "../../core/part-test.ts";
import { isoTime } from "../../core/time.ts";
import type { TestPorts } from "../../core/value-test.ts";
import { geometries } from "../../geometry/geometries.ts";
import { qualityOf } from "../form/sample-columns.ts";
import { decodeValue } from "../form/value-codec.ts";
import { compilePattern } from "./patterns.ts";

/** What tests of values and parts are compiled with. */
export const testPorts: TestPorts = {
  pattern: (text) => {
    const expression = compilePattern(text);
    return (other) => expression.test(other);
  },
  geometries,
};

/**
 * What stands in a store about a part `p` and its signal `v`, in this order: kind, body, created, modified, then kind,
 * number, text, quality, time, created and modified of the signal; null where the part is not linked.
 */
export type SaidColumns = readonly unknown[];

/** The body of a part with its signal over it: value, time and quality (rule 7). */
export function saidBy(part: SaidColumns, members: SignalMembers): Said {
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
export function parsedBody(column: unknown): Said {
  const text = String(column);
  if (!/[0-9]{16}/.test(text)) return json.parse(text);
  return json.parse(text, (_key, value, { source }) =>
    typeof value === "number" && !Number.isSafeInteger(value) && /^-?[0-9]+$/.test(source ?? "")
      ? BigInt(source ?? "")
      : value,
  );
}
