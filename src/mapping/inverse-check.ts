import type { Value } from "../core/value.ts";
import { describe, isNumeric } from "./coerce.ts";
import type { Expression } from "./expression/expression.ts";
import type { PointProgram } from "./point-program.ts";
import type { Problems } from "./problem.ts";
import { transformOf } from "./transform.ts";
import { ValueProblem } from "./value-problem.ts";

/** Relative difference that rounding explains. */
const TOLERANCE = 1e-9;

/** Writes a few values through `inverse` and reads them back through `expr`: what differs is an error with its example. */
export function checkInverse(program: PointProgram, problems: Problems): void {
  const { expression, inverse, write, placeOf } = program;
  if (expression === undefined || inverse === undefined || write === undefined) return;
  const transform = transformOf({
    expression,
    inverse,
    scale: program.scale,
    unit: program.unit?.conversion,
    type: program.type ?? "json",
    rawType: undefined,
  });
  let tried = 0;
  for (const sample of samplesOf(program, expression, inverse)) {
    const sent = attempt(() => transform.encode(sample));
    const back = sent === undefined ? undefined : attempt(() => transform.decode(sent));
    if (sent === undefined || back === undefined) continue;
    tried++;
    if (same(sample, back)) continue;
    problems.error(placeOf("inverse"), {
      message: `inverse does not undo expr: ${describe(sample)} is sent as ${describe(sent)} and reads as ${describe(back)}`,
      expected: "an inverse whose result expr turns back, or min and max that leave such values out",
    });
    return;
  }
  if (tried === 0) {
    problems.warning(placeOf("inverse"), {
      message: "inverse could not be tried: no sample value passes both expressions",
    });
  }
}

/** Values of the signal that a client may write: between min and max, the texts of the inverse, what expr gives for its own literals. */
function* samplesOf(program: PointProgram, expression: Expression, inverse: Expression): Generator<Value> {
  const { min = -1000, max = 1000 } = program.write ?? {};
  const { type } = program;
  if (type === "boolean") yield* [true, false];
  else if (type !== undefined && isNumeric(type)) {
    const inside = [min, max, 0, 1, 2, 10, min + (max - min) / 4, min + (max - min) / 2];
    for (const value of inside)
      if (value >= min && value <= max)
        yield type === "double" || type === "float" || type === "decimal" ? value : Math.round(value);
  } else {
    yield* inverse.literals.filter((literal) => typeof literal === "string");
    for (const literal of expression.literals) {
      const given = attempt(() => expression.ofValue(literal));
      if (given !== undefined && typeof given !== "object") yield given;
    }
  }
}

function attempt(run: () => Value): Value | undefined {
  try {
    return run();
  } catch (error) {
    if (error instanceof ValueProblem) return undefined; // this sample is not one of its values
    throw error;
  }
}

function same(a: Value, b: Value): boolean {
  if (typeof a === "number" && typeof b === "number") {
    return a === b || Math.abs(a - b) <= TOLERANCE * Math.max(1, Math.abs(a), Math.abs(b));
  }
  return a === b;
}
