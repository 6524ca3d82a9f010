import type { BoundOperation, OperationArgument, OperationWork } from "../../core/bound-operation.ts";
import type { ArgumentValues } from "../../core/browse.ts";
import type { WovenOperation } from "../../core/end-codec.ts";
import type { Value, ValueType } from "../../core/value.ts";
import { coercer } from "../coerce.ts";
import { located } from "../transform.ts";
import type { OperationProgram } from "./operation-program.ts";
import type { SettledArgument } from "./settle-arguments.ts";

export interface BindParts {
  readonly program: OperationProgram;
  readonly settled: readonly SettledArgument[];
  readonly woven: WovenOperation;
  readonly tenant: string;
  readonly mapping: string;
  readonly assetKey: string;
  /** The method, for one that calls. */
  readonly method: { readonly source: string; readonly method: string } | undefined;
  /** The signal's type of a point of the asset. */
  readonly typeOf: (point: string) => ValueType;
}

/** One operation of one asset, ready to be invoked. */
export function bindOperation(parts: BindParts): BoundOperation {
  const { program, settled, woven, tenant, mapping, assetKey } = parts;
  const key = `${tenant}/${mapping}/${assetKey}/${program.name}`;
  const args = settled.map(
    ({ name, direction, list, type }): OperationArgument => ({
      name,
      direction,
      type: woven.types[name] ?? type ?? "string",
      list,
    }),
  );
  return {
    key,
    name: program.name,
    asset: `${mapping}/${assetKey}`,
    place: program.place,
    address: woven.address,
    arguments: args,
    work: parts.method === undefined ? setWork(parts, key) : callWork(parts, parts.method, args, key),
  };
}

function callWork(
  { program: { place }, settled }: BindParts,
  { source, method }: NonNullable<BindParts["method"]>,
  args: readonly OperationArgument[],
  key: string,
): OperationWork {
  const types = new Map(args.map(({ name, type }) => [name, coercer(type)]));
  const into = settled.filter(({ direction }) => direction !== "out");
  const back = settled.filter(({ direction }) => direction !== "in");
  const outputs = (given: ArgumentValues): ArgumentValues =>
    named(back, ({ name, result, list }) => {
      const value = given[result];
      const toType = types.get(name);
      if (value === undefined || value === null || toType === undefined) return [name, undefined];
      return [name, list && Array.isArray(value) ? value.map(toType) : toType(value)];
    });
  return {
    kind: "call",
    source,
    method,
    inputs: (given) => named(into, ({ name, argument }) => [argument, given[name]]),
    outputs: located(outputs, key, place),
  };
}

function setWork({ program, tenant, mapping, assetKey, typeOf }: BindParts, key: string): OperationWork {
  const { writes = [], placeOf } = program;
  return {
    kind: "set",
    writes: writes.map(({ point, value }) => {
      const toType = coercer(typeOf(point.name));
      const made = (given: ArgumentValues): Value =>
        toType("literal" in value ? value.literal : value.ofArguments((name) => given[name]));
      const link = `${tenant}/${mapping}/${assetKey}/${point.name}`;
      return { link, point: point.name, value: located(made, key, placeOf(`set/${point.name}`)) };
    }),
  };
}

function named(
  list: readonly SettledArgument[],
  entry: (one: SettledArgument) => readonly [string, Value | undefined],
): ArgumentValues {
  const values: Record<string, Value> = {};
  for (const one of list) {
    const [name, value] = entry(one);
    if (value !== undefined) values[name] = value;
  }
  return values;
}
