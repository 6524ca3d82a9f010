import type { Place } from "../../core/place.ts";
import type { Value, ValueType } from "../../core/value.ts";
import type { Expression } from "../expression/expression.ts";
import type { PointProgram } from "../point-program.ts";
import type { OperationDefinition } from "./operation-schema.ts";

export type Direction = "in" | "out" | "inout";

/** One argument as the mapping writes it. */
export interface WrittenArgument {
  readonly name: string;
  readonly direction: Direction;
  readonly place: Place;
  /** The method's input, where the argument goes in, and its output, where it comes out. */
  readonly argument: string;
  readonly result: string;
  readonly type: ValueType | undefined;
  readonly list: boolean | undefined;
}

/** One write of `set`. */
export interface WriteProgram {
  readonly point: PointProgram;
  readonly value: Expression | { readonly literal: Value };
  /** The argument, where the expression is nothing else. */
  readonly plain: string | undefined;
}

/** One operation of a mapping, compiled once for all assets. */
export interface OperationProgram {
  readonly name: string;
  readonly place: Place;
  readonly placeOf: (member: string) => Place;
  readonly definition: OperationDefinition;
  readonly written: readonly WrittenArgument[];
  /** `undefined`: it calls a method. */
  readonly writes: readonly WriteProgram[] | undefined;
}
