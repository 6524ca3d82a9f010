import type { OwnTest, PartTest } from "./filter.ts";
import { compileTest, type TestPorts } from "./value-test.ts";

/** A parsed JSON object: what a document or a part says. */
export type Said = { readonly [member: string]: unknown };

/** Whether the body of one part, its signal laid over it, passes a test. Throws HubError `invalid` for a wrong pattern. */
export function compilePartTest(
  { under, values, test }: Pick<PartTest, "under" | "values" | "test">,
  ports: TestPorts,
): (body: Said) => boolean {
  const holds = compileTest(test, ports);
  return (body) =>
    targetsOf(body, under).some((target) => {
      const found = firstValue(target, values);
      return found !== undefined && holds(found.value, found.isSet);
    });
}

/** The same for a document's own body. */
export const compileOwnTest = ({ values, test }: OwnTest, ports: TestPorts): ((body: Said) => boolean) =>
  compilePartTest({ under: [], values, test }, ports);

/** What a part says where its test looks: a value for each target that has one. */
export const valuesIn = (body: Said, { under, values }: Pick<PartTest, "under" | "values">): readonly unknown[] =>
  targetsOf(body, under).flatMap((target) => {
    const found = firstValue(target, values);
    return found === undefined ? [] : [found.value];
  });

function targetsOf(body: Said, under: readonly string[]): readonly unknown[] {
  let found: readonly unknown[] = [body];
  for (const member of under) found = found.flatMap((one) => spread(memberOf(one, member)));
  return found;
}

function firstValue(
  target: unknown,
  values: readonly (readonly string[])[],
): { readonly value: unknown; readonly isSet: boolean } | undefined {
  for (const path of values) {
    const value = valueAt(target, path);
    if (value !== undefined) return { value, isSet: path.includes("*") };
  }
  return undefined;
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
  return isBody ? (value as Said)[member] : undefined;
}
