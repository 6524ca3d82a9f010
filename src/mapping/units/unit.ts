import { type Linear, linear } from "./linear.ts";
import { type UnitRow, unitTable } from "./unit-table.ts";

export type Unit = UnitRow;

const byCode: ReadonlyMap<string, Unit> = new Map(unitTable.map((unit) => [unit.code, unit]));
const byName: ReadonlyMap<string, Unit> = new Map(unitTable.flatMap((unit) => unit.names.map((name) => [name, unit])));

/** By UNECE Rec 20 code (`CEL`) or by a symbol as people and UCUM write it (`°C`, `Cel`, `degC`). Case counts: `mW` is not `MW`. */
export function findUnit(text: string): Unit | undefined {
  const wanted = text.trim().replaceAll("μ", "µ"); // Greek mu, micro sign
  return byCode.get(wanted) ?? byName.get(wanted);
}

/** Whether it has the form of a Rec 20 code; more exist than the table knows. */
export function looksLikeUnitCode(text: string): boolean {
  return /^[A-Z0-9]{2,3}$/.test(text);
}

export function unitNames(): readonly string[] {
  return [...byCode.keys(), ...byName.keys()];
}

/** From one unit to another; `undefined` where they measure different things. */
export function conversion(from: Unit, to: Unit): Linear | undefined {
  if (from.dimension !== to.dimension) return undefined;
  if (from.code === to.code) return linear(1, 1, 0);
  return linear(from.factor, to.factor, (from.offset - to.offset) / to.factor);
}
