import type { MethodArgument, MethodFacts } from "../../core/browse.ts";
import type { ArgumentWish } from "../../core/end-codec.ts";
import type { ValueType } from "../../core/value.ts";
import { knownNames } from "../known-names.ts";
import type { Problems } from "../problem.ts";
import type { OperationProgram, WrittenArgument } from "./operation-program.ts";

/** An argument with its ends: what clients see, and the method's own argument in each direction. */
export interface SettledArgument extends ArgumentWish {
  readonly argument: string;
  readonly result: string;
}

/** The arguments of an operation that sets points; those that are nothing but a point's value have the point's type. */
export function settleSet(
  { written, writes = [], placeOf }: OperationProgram,
  typeOf: (point: string) => ValueType | undefined,
): readonly SettledArgument[] {
  return written.map((one) => {
    const point = writes.find(({ plain }) => plain === one.name)?.point.name;
    const said = point === undefined ? undefined : typeOf(point);
    // A structure is no argument: its end would refuse it in words about the point.
    const type = one.type ?? (said === "json" ? undefined : said);
    return { ...one, type, list: one.list ?? false, place: one.place ?? placeOf("set") };
  });
}

/**
 * The arguments of an operation that calls a method, types from the method where the mapping leaves them out.
 * `undefined` where the source cannot say and the mapping does not either: it is bound when the source answers.
 */
export function settleCall(
  program: OperationProgram,
  facts: MethodFacts | undefined,
  problems: Problems,
): readonly SettledArgument[] | undefined {
  const { written, definition, place } = program;
  if (facts === undefined) {
    const known = written.length > 0 && written.every(({ type }) => type !== undefined);
    return known ? written.map((one) => ({ ...one, list: one.list ?? false })) : undefined;
  }
  const settled = written.map((one) => settleWritten(one, facts, problems));
  const taken = { inputs: new Set<string>(), outputs: new Set<string>() };
  for (const { direction, argument, result } of written) {
    if (direction !== "out") taken.inputs.add(argument);
    if (direction !== "in") taken.outputs.add(result);
  }
  const inputs = facts.inputs.filter(({ name }) => !taken.inputs.has(name));
  if (definition.input !== undefined) {
    for (const { name } of inputs) {
      problems.error(program.placeOf("input"), {
        message: `the method has the argument "${name}", which nothing gives`,
        expected: `${name}: ${name}, or another name for it`,
      });
    }
    inputs.length = 0;
  }
  const outputs = definition.output === undefined ? facts.outputs.filter(({ name }) => !taken.outputs.has(name)) : [];
  const both = inputs.filter((input) => outputs.some((output) => isSame(input, output)));
  const names = new Set(both.map(({ name }) => name));
  const own = (one: MethodArgument, direction: SettledArgument["direction"]): SettledArgument => ({
    name: one.name,
    direction,
    place,
    argument: one.name,
    result: one.name,
    type: one.valueType,
    list: one.list,
    ...(one.description === undefined ? {} : { description: one.description }),
  });
  return [
    ...settled,
    ...inputs.filter(({ name }) => !names.has(name)).map((one) => own(one, "in")),
    // What goes in and comes out under one name is one variable (AASd-134).
    ...both.map((one) => own(one, "inout")),
    ...outputs.filter(({ name }) => !names.has(name)).map((one) => own(one, "out")),
  ];
}

const isSame = (a: MethodArgument, b: MethodArgument): boolean =>
  a.name === b.name && a.valueType === b.valueType && a.list === b.list;

/** One that the mapping writes, against the method's own. */
function settleWritten(written: WrittenArgument, facts: MethodFacts, problems: Problems): SettledArgument {
  const { direction, argument, result, place } = written;
  const found: MethodArgument[] = [];
  const look = (list: readonly MethodArgument[], name: string, kind: string): void => {
    const one = list.find((candidate) => candidate.name === name);
    if (one !== undefined) found.push(one);
    else {
      const names = list.map((candidate) => candidate.name);
      problems.error(place, { message: `the method has no ${kind} "${name}"`, expected: knownNames(name, names) });
    }
  };
  if (direction !== "out") look(facts.inputs, argument, "input argument");
  if (direction !== "in") look(facts.outputs, result, "output argument");
  const [first] = found;
  const list = written.list ?? first?.list ?? false;
  for (const one of found) {
    if (one.list === list) continue;
    problems.error(place, {
      message: `the method's argument "${one.name}" is ${one.list ? "a list" : "a single value"}`,
      expected: `list: ${one.list}`,
    });
  }
  const description = first?.description;
  return {
    ...written,
    type: written.type ?? first?.valueType,
    list,
    ...(description === undefined ? {} : { description }),
  };
}
