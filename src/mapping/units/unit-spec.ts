import { nearestWord } from "../../core/nearest-word.ts";
import type { Place } from "../../core/place.ts";
import type { PointDefinition } from "../point-schema.ts";
import type { Problems } from "../problem.ts";
import type { Linear } from "./linear.ts";
import { conversion, findUnit, looksLikeUnitCode, unitNames } from "./unit.ts";

/** What a point says of units, as codes. */
export interface UnitSpec {
  /** Unit of the signal. */
  readonly code: string;
  /** `stated`: from one unit to another, both given; `source`: from what the source says; `none`: the values are in it already. */
  readonly converts: "stated" | "source" | "none";
  readonly conversion: Linear | undefined;
}

export function findUnitSpec(
  unit: NonNullable<PointDefinition["unit"]>,
  placeOf: (member: string) => Place,
  problems: Problems,
): UnitSpec | undefined {
  if (typeof unit === "string") {
    const code = codeOf(unit, placeOf("unit"), problems);
    return code === undefined ? undefined : { code, converts: "none", conversion: undefined };
  }
  const to = codeOf(unit.to, placeOf("unit/to"), problems);
  if (unit.from === undefined)
    return to === undefined ? undefined : { code: to, converts: "source", conversion: undefined };
  const from = codeOf(unit.from, placeOf("unit/from"), problems);
  if (from === undefined || to === undefined) return undefined;
  const converted = convert(from, to);
  if ("message" in converted) {
    problems.error(placeOf("unit"), converted);
    return undefined;
  }
  return { code: to, converts: "stated", conversion: converted };
}

/** The step between two codes, or why there is none. */
export function convert(from: string, to: string): Linear | { readonly message: string; readonly expected: string } {
  if (from === to) return { apply: (value) => value, invert: (value) => value };
  const [source, target] = [findUnit(from), findUnit(to)];
  if (source === undefined || target === undefined) {
    return { message: `${source === undefined ? from : to} is not in the table of units`, expected: "a scale instead" };
  }
  const step = conversion(source, target);
  if (step !== undefined) return step;
  return {
    message: `${from} is a unit of ${source.dimension}, ${to} one of ${target.dimension}`,
    expected: "two units of one kind",
  };
}

/** Codes that the table lacks are kept, with a warning: Rec 20 has over a thousand. */
function codeOf(text: string, place: Place, problems: Problems): string | undefined {
  const unit = findUnit(text);
  if (unit !== undefined) return unit.code;
  const near = nearestWord(text, unitNames());
  if (looksLikeUnitCode(text)) {
    problems.warning(place, {
      message: `the unit code ${text} is not in the table: it is kept as it is, and cannot be converted`,
      expected: near === undefined ? undefined : `did you mean "${near}"?`,
    });
    return text;
  }
  problems.error(place, {
    message: `the unit "${text}" is not known`,
    expected:
      near === undefined ? "a UNECE Rec 20 code such as CEL, or a symbol such as °C" : `did you mean "${near}"?`,
  });
  return undefined;
}
