import { dimensions } from "./dimensions.ts";

/**
 * Common units of UN/ECE Recommendation 20, by dimension. The first unit of a dimension is its base; `factor` (and
 * `offset`) lead there: base = value × factor + offset. Names are the symbol to show and what else people write, UCUM
 * among it. Factors are exact by definition where there is one (inch, pound, psi from both, calorie, BTU).
 */
export interface UnitRow {
  readonly code: string;
  readonly dimension: string;
  /** The symbol first. */
  readonly names: readonly string[];
  readonly factor: number;
  readonly offset: number;
}

/** A number, or numbers (π among them) joined by × and /, read from left to right. */
function factorOf(text: string): number {
  const [first = "1", ...rest] = text.replaceAll("π", "*π").split(/(?=[*/])/);
  const number = (part: string) => (part === "π" ? Math.PI : Number(part));
  return rest.reduce(
    (product, part) => (part.startsWith("*") ? product * number(part.slice(1)) : product / number(part.slice(1))),
    number(first),
  );
}

function rowOf(dimension: string, line: string): UnitRow {
  const [words = "", conversion = ""] = line.split(" = ");
  const [code = "", ...names] = words.trim().split(" ");
  const [factor = "1", offset = "0"] = conversion.split(" + ");
  return { code, dimension, names, factor: factorOf(factor.trim()), offset: factorOf(offset.trim()) };
}

export const unitTable: readonly UnitRow[] = Object.entries(dimensions).flatMap(([dimension, lines]) =>
  lines
    .split("\n")
    .filter((line) => line.trim() !== "")
    .map((line) => rowOf(dimension, line)),
);
