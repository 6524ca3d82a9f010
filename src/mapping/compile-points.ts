import { parseDuration } from "../core/duration.ts";
import type { Place } from "../core/place.ts";
import type { ValueType } from "../core/value.ts";
import { isNumeric } from "./coerce.ts";
import { celEnvironment } from "./expression/cel-environment.ts";
import { compileExpression, type Expression, type ExpressionScope } from "./expression/expression.ts";
import { checkInverse } from "./inverse-check.ts";
import type { PlacedYaml } from "./placed-yaml.ts";
import { pointer } from "./placed-yaml.ts";
import type { PointProgram, WriteProgram } from "./point-program.ts";
import type { PointDefinition } from "./point-schema.ts";
import { Problems } from "./problem.ts";
import type { MappingFile } from "./schema.ts";
import { type Linear, linear } from "./units/linear.ts";
import { findUnitSpec } from "./units/unit-spec.ts";

const DEFAULT_STALE_AFTER = 30_000;
const numericMembers = ["scale", "unit", "report/deadband", "write/min", "write/max"];

/** Compiles the points of one file; a point with an error is left out, and its error told. */
export function compilePoints(definition: MappingFile, yaml: PlacedYaml, problems: Problems): readonly PointProgram[] {
  const names = Object.entries(definition.points);
  const types = new Map(names.map(([name, point]) => [name, statedType(point)]));
  const programs: PointProgram[] = [];
  const cel = celEnvironment();
  for (const [name, point] of names) {
    const own = new Problems();
    const program = compilePoint(name, point, { types, yaml, cel }, own);
    if (!own.hasErrors) programs.push(program);
    problems.all.push(...own.all);
  }
  return programs;
}

interface FileScope {
  readonly types: ReadonlyMap<string, ValueType | undefined>;
  readonly yaml: PlacedYaml;
  readonly cel: ReturnType<typeof celEnvironment>;
}

function compilePoint(
  name: string,
  point: PointDefinition,
  { types, yaml, cel }: FileScope,
  problems: Problems,
): PointProgram {
  const path = pointer("points", name);
  const placeOf = (member: string) => yaml.placeOf(`${path}/${member}`);
  const place = yaml.keyPlaceOf(path);
  const expressionAt = (member: string, text: string | undefined, scope: ExpressionScope): Expression | undefined => {
    if (text === undefined) return undefined;
    const compiled = compileExpression(text, scope, cel);
    if ("expression" in compiled) return compiled.expression;
    for (const problem of compiled.problems) problems.error(placeOf(member), problem);
    return undefined;
  };
  const derived = point.from === undefined && point.expr !== undefined;
  const expression = expressionAt(
    "expr",
    point.expr,
    derived ? { reads: "points", types } : { reads: "value", type: undefined },
  );
  const type = point.type ?? inferredType(point, expression);
  const inverse = expressionAt("inverse", point.inverse, { reads: "value", type });
  if (derived && expression !== undefined && expression.inputs.length === 0) {
    problems.error(placeOf("expr"), {
      message: "an expression without from reads other points",
      expected: "points.name, or from: an address",
    });
  }
  const program: PointProgram = {
    name,
    place,
    placeOf,
    definition: point,
    expression,
    derived,
    inverse,
    scale: scaleOf(point, placeOf, problems),
    unit: point.unit === undefined ? undefined : findUnitSpec(point.unit, placeOf, problems),
    type,
    numeric: numericMembers.some((member) => has(point, member)),
    quality: {
      bad: point.quality?.bad ?? "hold",
      staleAfter: duration(point.quality?.staleAfter) ?? DEFAULT_STALE_AFTER,
    },
    report: {
      ...(point.report?.deadband === undefined ? {} : { deadband: point.report.deadband }),
      ...(point.report?.heartbeat === undefined ? {} : { heartbeat: duration(point.report.heartbeat) ?? 0 }),
    },
    interval: duration(point.interval),
    write: writeOf(point, derived, (text) => expressionAt("write/when", text, { reads: "points", types })),
  };
  checkTogether(program, problems);
  return program;
}

const duration = (text: string | undefined): number | undefined =>
  text === undefined ? undefined : parseDuration(text);

/** A scale or a conversion makes a number; an expression often tells what it gives. */
function inferredType(point: PointDefinition, expression: Expression | undefined): ValueType | undefined {
  if (point.scale !== undefined || typeof point.unit === "object") return "double";
  if (expression === undefined) return undefined;
  return ({ number: "double", text: "string", boolean: "boolean", unknown: undefined } as const)[expression.gives];
}

function statedType(point: PointDefinition): ValueType | undefined {
  return point.type ?? inferredType(point, undefined);
}

function scaleOf(
  { scale }: PointDefinition,
  placeOf: (member: string) => Place,
  problems: Problems,
): Linear | undefined {
  if (scale === undefined) return undefined;
  const { factor = 1, offset = 0 } = scale;
  if (factor !== 0) return linear(factor, 1, offset);
  problems.error(placeOf("scale/factor"), {
    message: "a factor of 0 makes every value the same",
    expected: "another number",
  });
  return undefined;
}

function writeOf(
  { write, from, expr }: PointDefinition,
  derived: boolean,
  compileWhen: (text: string) => Expression | undefined,
): WriteProgram | undefined {
  // A point that no device and no expression feeds is there to be written by clients.
  const asked = write ?? (from === undefined && expr === undefined);
  if (asked === false || (derived && write === undefined)) return undefined;
  const { min, max, when, confirm = "readback" } = asked === true ? {} : asked;
  return {
    min,
    max,
    when: when === undefined ? undefined : compileWhen(when),
    confirm: from === undefined ? "none" : confirm,
  };
}

/** What is right alone and wrong together. */
function checkTogether(program: PointProgram, problems: Problems): void {
  const { name, definition: point, type, write, expression, inverse, derived, placeOf } = program;
  if (type !== undefined && !isNumeric(type)) {
    for (const member of numericMembers) {
      if (!has(point, member)) continue;
      problems.error(placeOf(member), {
        message: `"${member.replace("/", ".")}" needs a number, but the point's type is ${type}`,
        expected: "type: double, or another numeric type",
      });
    }
  }
  if (write !== undefined && derived) {
    problems.error(placeOf("write"), {
      message: `"${name}" is made from other points: it cannot be written`,
      expected: "from: the address to write to",
    });
  } else if (write !== undefined && expression !== undefined && point.inverse === undefined) {
    problems.error(placeOf("write"), {
      message: `"${name}" has an expression and can be written`,
      expected: "inverse: the expression that gives what to send",
    });
  }
  if (point.inverse !== undefined && point.expr === undefined) {
    problems.error(placeOf("inverse"), {
      message: "there is no expr to invert",
      expected: "expr, or no inverse: scale and unit invert by themselves",
    });
  }
  if (write?.min !== undefined && write.max !== undefined && write.min > write.max) {
    problems.error(placeOf("write/min"), {
      message: `min ${write.min} is above max ${write.max}`,
      expected: "min below max",
    });
  }
  if (write?.when !== undefined && write.when.gives !== "boolean" && write.when.gives !== "unknown") {
    problems.error(placeOf("write/when"), {
      message: `the condition gives a ${write.when.gives}`,
      expected: "true or false",
    });
  }
  if (write !== undefined && expression !== undefined && inverse !== undefined && !derived)
    checkInverse(program, problems);
}

function has(point: PointDefinition, member: string): boolean {
  let at: unknown = point;
  for (const step of member.split("/")) {
    if (typeof at !== "object" || at === null || !Object.hasOwn(at, step)) return false;
    at = (at as Record<string, unknown>)[step];
  }
  return true;
}
