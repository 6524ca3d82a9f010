import type { PointFacts } from "../core/browse.ts";
import type { ValueType } from "../core/value.ts";
import { isNumeric } from "./coerce.ts";
import type { PointProgram } from "./point-program.ts";
import type { Problems } from "./problem.ts";
import type { Linear } from "./units/linear.ts";
import { findUnit } from "./units/unit.ts";
import { convert } from "./units/unit-spec.ts";

/** A point's program together with what the source says of one asset's tag. */
export interface Settled {
  /** `undefined`: neither mapping nor source says; the ends may. */
  readonly type: ValueType | undefined;
  /** UNECE code. */
  readonly unit: string | undefined;
  readonly step: Linear | undefined;
  readonly rawType: ValueType | undefined;
  readonly min: number | undefined;
  readonly max: number | undefined;
}

/** What the mapping leaves out is taken from the source; where the two contradict each other it is an error. */
export function settle(program: PointProgram, facts: PointFacts | undefined, problems: Problems): Settled {
  const { expression, scale, definition, placeOf, name, write } = program;
  const raw = expression === undefined && scale === undefined;
  const { unit, step } = settleUnit(program, facts, raw, problems);
  const type =
    program.type ??
    (expression === undefined ? facts?.valueType : undefined) ??
    (program.numeric ? "double" : undefined);
  if (program.type === undefined && type !== undefined && program.numeric && !isNumeric(type)) {
    problems.error(program.place, {
      message: `"${name}" has a unit, a deadband or bounds, but the source says that it is a ${type}`,
      expected: 'expr: "double(value)", or type: double where the source is wrong',
    });
  }
  if (write !== undefined && facts?.writable === false) {
    problems.warning(placeOf("write"), {
      message: `the source says that "${name}" cannot be written`,
      expected: "no write",
    });
  }
  const bounds = definition.from === undefined || expression !== undefined ? undefined : facts?.range;
  const ends = bounds === undefined ? [] : [bounds.low, bounds.high].map((value) => up(value, scale, step));
  return {
    type,
    unit,
    step,
    rawType: facts?.valueType,
    min: write?.min ?? (ends.length === 0 ? undefined : Math.min(...ends)),
    max: write?.max ?? (ends.length === 0 ? undefined : Math.max(...ends)),
  };
}

const up = (value: number, ...steps: readonly (Linear | undefined)[]): number =>
  steps.reduce<number>((number, step) => step?.apply(number) ?? number, value);

function settleUnit(
  { unit, placeOf, name }: PointProgram,
  facts: PointFacts | undefined,
  raw: boolean,
  problems: Problems,
): { readonly unit: string | undefined; readonly step: Linear | undefined } {
  const said = facts?.unit === undefined ? undefined : (findUnit(facts.unit)?.code ?? facts.unit);
  if (unit === undefined) return { unit: raw ? said : undefined, step: undefined };
  switch (unit.converts) {
    case "stated":
      return { unit: unit.code, step: unit.conversion };
    case "none":
      if (raw && said !== undefined && said !== unit.code) {
        problems.error(placeOf("unit"), {
          message: `"${name}" is to be in ${unit.code}, but the source says ${said}`,
          expected: `unit: { from: ${said}, to: ${unit.code} } to convert, or { from: ${unit.code}, to: ${unit.code} } where the source is wrong`,
        });
      }
      return { unit: unit.code, step: undefined };
    case "source": {
      if (said === undefined) {
        problems.error(placeOf("unit"), {
          message: `the source does not say the unit of "${name}"`,
          expected: `unit: { from: …, to: ${unit.code} }`,
        });
        return { unit: unit.code, step: undefined };
      }
      const step = convert(said, unit.code);
      if (!("message" in step)) return { unit: unit.code, step };
      problems.error(placeOf("unit"), step);
      return { unit: unit.code, step: undefined };
    }
  }
}
