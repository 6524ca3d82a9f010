import type { QualityPolicy, ReportPolicy } from "../core/link.ts";
import type { Place } from "../core/place.ts";
import type { ValueType } from "../core/value.ts";
import type { Expression } from "./expression/expression.ts";
import type { PointDefinition } from "./point-schema.ts";
import type { Linear } from "./units/linear.ts";
import type { UnitSpec } from "./units/unit-spec.ts";

/** One point of a mapping, compiled once; every asset's link is made from it. */
export interface PointProgram {
  readonly name: string;
  readonly place: Place;
  readonly placeOf: (member: string) => Place;
  readonly definition: PointDefinition;
  readonly expression: Expression | undefined;
  readonly derived: boolean;
  readonly inverse: Expression | undefined;
  readonly scale: Linear | undefined;
  readonly unit: UnitSpec | undefined;
  /** The type as far as the mapping itself tells. */
  readonly type: ValueType | undefined;
  /** Only a number makes sense: it has a unit, a scale, a deadband or bounds. */
  readonly numeric: boolean;
  readonly quality: QualityPolicy;
  readonly report: ReportPolicy;
  readonly interval: number | undefined;
  readonly write: WriteProgram | undefined;
}

export interface WriteProgram {
  readonly min: number | undefined;
  readonly max: number | undefined;
  readonly when: Expression | undefined;
  readonly confirm: "none" | "readback";
}
