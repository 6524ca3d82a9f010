import type { ValueType } from "../../core/value.ts";
import { celEnvironment } from "../expression/cel-environment.ts";
import { compileExpression } from "../expression/expression.ts";
import { knownNames } from "../known-names.ts";
import type { PlacedYaml } from "../placed-yaml.ts";
import { pointer } from "../placed-yaml.ts";
import type { PointProgram } from "../point-program.ts";
import { Problems } from "../problem.ts";
import type { MappingFile } from "../schema.ts";
import type { Direction, OperationProgram, WriteProgram, WrittenArgument } from "./operation-program.ts";
import type { OperationDefinition } from "./operation-schema.ts";

const members = { in: "input", out: "output", inout: "inout" } as const;

/** Compiles the operations of one file; one with an error is left out, and its error told. */
export function compileOperations(
  { operations = {}, points }: MappingFile,
  programs: readonly PointProgram[],
  yaml: PlacedYaml,
  problems: Problems,
): readonly OperationProgram[] {
  const found: OperationProgram[] = [];
  for (const [name, definition] of Object.entries(operations)) {
    const own = new Problems();
    const path = pointer("operations", name);
    const placeOf = (member: string) => yaml.placeOf(`${path}/${member}`);
    const program = { name, definition, place: yaml.keyPlaceOf(path), placeOf };
    if ((definition.call === undefined) === (definition.set === undefined)) {
      own.error(program.place, {
        message: `"${name}" says what it does, once`,
        expected: "either call: a method, or set: points",
      });
    }
    if (definition.set !== undefined && definition.output !== undefined) {
      own.error(placeOf("output"), {
        message: "an operation that sets points has no outputs",
        expected: "inout, which comes back as it went in, or no output",
      });
    }
    const declared = (Object.keys(members) as Direction[]).flatMap((direction) =>
      declaredArguments(definition, direction, placeOf),
    );
    checkTwice(declared, own);
    const { written, writes } = new SetCompiler(programs, points, declared, program, own).compile();
    if (!own.hasErrors) found.push({ ...program, written, writes });
    problems.all.push(...own.all);
  }
  return found;
}

function declaredArguments(
  definition: OperationDefinition,
  direction: Direction,
  placeOf: OperationProgram["placeOf"],
): readonly WrittenArgument[] {
  const member = members[direction];
  return Object.entries(definition[member] ?? {}).map(([name, wish]) => {
    const { argument, result, type, list } =
      typeof wish === "string"
        ? { argument: wish, result: wish }
        : (wish as Partial<Pick<WrittenArgument, "argument" | "result" | "type" | "list">>);
    const place = placeOf(`${member}${pointer(name)}`);
    return { name, direction, place, argument: argument ?? name, result: result ?? name, type, list };
  });
}

/** AASd-134: no two variables of an operation have one name. */
function checkTwice(declared: readonly WrittenArgument[], problems: Problems): void {
  const seen = new Set<string>();
  for (const { name, place } of declared) {
    if (seen.has(name)) {
      const expected = "inout, for one that goes in and comes out";
      problems.error(place, { message: `two arguments are called "${name}"`, expected, rule: "AASd-134" });
    }
    seen.add(name);
  }
}

/** The writes of `set`, and the arguments that they use where the mapping does not list them. */
class SetCompiler {
  readonly #programs: ReadonlyMap<string, PointProgram>;
  readonly #points: MappingFile["points"];
  readonly #declared: readonly WrittenArgument[];
  readonly #operation: Pick<OperationProgram, "definition" | "place" | "placeOf">;
  readonly #problems: Problems;

  constructor(
    programs: readonly PointProgram[],
    points: MappingFile["points"],
    declared: readonly WrittenArgument[],
    operation: Pick<OperationProgram, "definition" | "place" | "placeOf">,
    problems: Problems,
  ) {
    this.#programs = new Map(programs.map((program) => [program.name, program]));
    this.#points = points;
    this.#declared = declared;
    this.#operation = operation;
    this.#problems = problems;
  }

  compile(): Pick<OperationProgram, "written" | "writes"> {
    const { definition, placeOf } = this.#operation;
    const { set } = definition;
    if (set === undefined) return { written: this.#declared, writes: undefined };
    const written = definition.input === undefined ? this.#used(set) : this.#declared;
    const types = new Map(written.map(({ name, type }) => [name, type]));
    const writes: WriteProgram[] = [];
    const read = new Set<string>();
    for (const [name, wanted] of Object.entries(set)) {
      const place = placeOf(`set${pointer(name)}`);
      const point = this.#point(name, place);
      if (typeof wanted !== "string") {
        if (point !== undefined) writes.push({ point, value: { literal: wanted }, plain: undefined });
        continue;
      }
      const value = this.#expression(wanted, types, place);
      for (const input of value?.inputs ?? []) read.add(input);
      const plain = /^\s*arguments\.([A-Za-z]\w*)\s*$/.exec(wanted)?.[1];
      if (point !== undefined && value !== undefined) writes.push({ point, value, plain });
    }
    for (const { name, place } of written) {
      if (read.has(name) || this.#problems.hasErrors) continue;
      this.#problems.warning(place, { message: `nothing that is set reads the argument "${name}"` });
    }
    return { written, writes };
  }

  /** The names behind `arguments` in the expressions, as far as they are not listed. */
  #used(set: NonNullable<OperationDefinition["set"]>): readonly WrittenArgument[] {
    const { placeOf } = this.#operation;
    const known = new Set(this.#declared.map(({ name }) => name));
    const found: WrittenArgument[] = [...this.#declared];
    for (const [point, wanted] of Object.entries(set)) {
      if (typeof wanted !== "string") continue;
      for (const [, plain, quoted] of wanted.matchAll(/\barguments(?:\.([A-Za-z]\w*)|\[["']([^"']+)["']\])/g)) {
        const name = plain ?? quoted ?? "";
        if (known.has(name)) continue;
        known.add(name);
        const place = placeOf(`set${pointer(point)}`);
        found.push({ name, direction: "in", place, argument: name, result: name, type: undefined, list: false });
      }
    }
    return found;
  }

  #point(name: string, place: OperationProgram["place"]): PointProgram | undefined {
    const program = this.#programs.get(name);
    if (program === undefined) {
      // A point with an error of its own is told there.
      if (Object.hasOwn(this.#points, name)) return undefined;
      this.#problems.error(place, {
        message: `there is no point "${name}"`,
        expected: knownNames(name, Object.keys(this.#points)),
      });
      return undefined;
    }
    if (program.write !== undefined) return program;
    this.#problems.error(place, {
      message: `the point "${name}" cannot be written`,
      expected: `write: true, or its bounds, at points.${name}`,
    });
    return undefined;
  }

  #expression(text: string, types: ReadonlyMap<string, ValueType | undefined>, place: OperationProgram["place"]) {
    const compiled = compileExpression(text, { reads: "arguments", types }, celEnvironment());
    if ("expression" in compiled) return compiled.expression;
    for (const problem of compiled.problems) this.#problems.error(place, problem);
    return undefined;
  }
}
