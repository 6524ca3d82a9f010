import { Environment } from "@marcbachmann/cel-js";
import { RE2JS } from "re2js";
import { ValueProblem } from "../value-problem.ts";

/** An expression is a formula, not a program. */
const limits = { maxAstNodes: 256, maxDepth: 24, maxListElements: 64, maxMapEntries: 64, maxCallArguments: 8 };
const MAX_PATTERNS = 16;

/** The name under which our `matches` is registered: the library's own can hang on a hostile pattern. */
export const linearMatches = "matchesInLinearTime";

/** A 64-bit integer meets a number: exact below 2^53, refused beyond, where digits would be lost. */
function number(value: number | bigint): number {
  if (typeof value === "bigint" && (value > Number.MAX_SAFE_INTEGER || value < Number.MIN_SAFE_INTEGER)) {
    throw new ValueProblem(`${value} is beyond 2^53, too large to calculate with`);
  }
  return Number(value);
}

/** What mappings need beyond CEL's own functions. All take numbers. */
const functions: Readonly<Record<string, (...numbers: number[]) => number | boolean>> = {
  "round(double): double": (value) => Math.round(value ?? 0),
  "floor(double): double": (value) => Math.floor(value ?? 0),
  "ceil(double): double": (value) => Math.ceil(value ?? 0),
  "abs(double): double": (value) => Math.abs(value ?? 0),
  "sqrt(double): double": (value) => Math.sqrt(value ?? 0),
  "pow(double, double): double": (base, exponent) => (base ?? 0) ** (exponent ?? 0),
  "min(double, double): double": Math.min,
  "max(double, double): double": Math.max,
  "bit(double, double): bool": (word, index) => Math.floor((word ?? 0) / 2 ** (index ?? 0)) % 2 !== 0,
};

const arithmetic: Readonly<Record<string, (a: number, b: number) => number>> = {
  "+": (a, b) => a + b,
  "-": (a, b) => a - b,
  "*": (a, b) => a * b,
  "/": (a, b) => a / b,
  "%": (a, b) => a % b,
};

/**
 * CEL as mappings use it: whole numbers in the text are doubles, so that `value * 2` and `1 / 2` mean what they say;
 * integers and doubles mix; patterns match in linear time (RE2).
 */
export function celEnvironment(): Environment {
  const environment = new Environment({ limits, homogeneousAggregateLiterals: false });
  for (const [operator, calculate] of Object.entries(arithmetic)) {
    environment.registerOperator(`int ${operator} double: double`, (a: bigint, b: number) => calculate(number(a), b));
    environment.registerOperator(`double ${operator} int: double`, (a: number, b: bigint) => calculate(a, number(b)));
  }
  environment.registerOperator("double % double", (a: number, b: number) => a % b);
  for (const [signature, handler] of Object.entries(functions)) environment.registerFunction(signature, handler);
  const cut = (text: string, start: number | bigint, end: number | bigint = text.length) => {
    return text.substring(Number(start), Number(end));
  };
  for (const types of ["double", "double, double", "double, int", "int, double"]) {
    environment.registerFunction(`string.substring(${types}): string`, cut);
  }
  return environment.registerFunction(`string.${linearMatches}(string): bool`, matcher());
}

function matcher(): (text: string, pattern: string) => boolean {
  const patterns = new Map<string, RE2JS>();
  return (text, pattern) => {
    let compiled = patterns.get(pattern);
    if (compiled === undefined) {
      compiled = compilePattern(pattern);
      if (patterns.size >= MAX_PATTERNS) patterns.clear();
      patterns.set(pattern, compiled);
    }
    return compiled.matcher(text).find();
  };
}

/** RE2 syntax; a ValueProblem where it is none. */
export function compilePattern(pattern: string): RE2JS {
  try {
    return RE2JS.compile(pattern);
  } catch (error) {
    const reason = error instanceof Error ? error.message : String(error);
    throw new ValueProblem(`the pattern ${JSON.stringify(pattern)} cannot be used: ${reason}`);
  }
}
