import { HubError } from "../core/errors.ts";
import { type Place, placeText } from "../core/place.ts";
import type { Value, ValueType } from "../core/value.ts";
import { coercer, describe, isInteger } from "./coerce.ts";
import type { Expression } from "./expression/expression.ts";
import type { Linear } from "./units/linear.ts";
import { ValueProblem } from "./value-problem.ts";

/** What stands between a tag and its signal, in this order on the way up: expression, scale, unit, type. */
export interface TransformParts {
  readonly expression: Expression | undefined;
  readonly inverse: Expression | undefined;
  readonly scale: Linear | undefined;
  readonly unit: Linear | undefined;
  readonly type: ValueType;
  /** What the source says its point is; writes are made to fit. */
  readonly rawType: ValueType | undefined;
}

/** Throws ValueProblem; `located` turns it into an error that names the link. */
export interface Transform {
  readonly decode: (value: Value) => Value;
  readonly encode: (value: Value) => Value;
  /** From what an expression over points gave to the signal. */
  readonly finish: (value: Value) => Value;
}

export function transformOf(parts: TransformParts): Transform {
  const { expression, inverse, rawType } = parts;
  const up = [parts.scale, parts.unit].filter((step) => step !== undefined);
  const down = [...up].reverse();
  const toType = coercer(parts.type);
  const finish = (value: Value) =>
    toType(up.length === 0 ? value : up.reduce((number, step) => step.apply(number), toNumber(value)));
  const toRaw = rawType === undefined ? (value: Value) => value : coercer(rawType);
  const rounds = rawType !== undefined && isInteger(rawType) && down.length > 0;
  return {
    finish,
    decode: expression === undefined ? finish : (value) => finish(expression.ofValue(value)),
    encode(value) {
      let raw = toType(value);
      if (down.length > 0) raw = down.reduce((number, step) => step.invert(number), toNumber(raw));
      if (rounds && typeof raw === "number") raw = Math.round(raw); // the device counts in whole steps
      return toRaw(inverse === undefined ? raw : inverse.ofValue(raw));
    },
  };
}

function toNumber(value: Value): number {
  if (typeof value === "number") return value;
  if (typeof value === "bigint") return Number(value);
  throw new ValueProblem(`${describe(value)} cannot be scaled: a number is expected`);
}

/** The function with its problems told as the link's: HubError `invalid` with the mapping's line. */
export function located<A, R>(run: (input: A) => R, link: string, place: Place): (input: A) => R {
  return (input) => {
    try {
      return run(input);
    } catch (error) {
      if (!(error instanceof ValueProblem)) throw error;
      const at = placeText(place);
      throw new HubError("invalid", `${link} (${at}): ${error.message}`, {
        problems: [{ place: at, message: error.message }],
      });
    }
  };
}
