import { TypeError as CelTypeError, type Environment, EvaluationError, ParseError } from "@marcbachmann/cel-js";
import type { Value, ValueType } from "../../core/value.ts";
import { isNumeric } from "../coerce.ts";
import { knownNames } from "../known-names.ts";
import type { ProblemText } from "../problem.ts";
import { ValueProblem } from "../value-problem.ts";
import { celEnvironment } from "./cel-environment.ts";
import { adaptTree } from "./expression-tree.ts";

const MAX_LENGTH = 2000;
const MAX_RESULT_TEXT = 65_536;

/**
 * What an expression may read: the value of its own point, the asset's points or the operation's arguments, with their
 * types where they are known.
 */
export type ExpressionScope =
  | { readonly reads: "value"; readonly type: ValueType | undefined }
  | { readonly reads: "points" | "arguments"; readonly types: ReadonlyMap<string, ValueType | undefined> };

/** A compiled CEL expression: pure, bounded, without a way to anything but its inputs. */
export interface Expression {
  readonly text: string;
  /** What it gives, where that can be told without running it. */
  readonly gives: "number" | "text" | "boolean" | "unknown";
  readonly inputs: readonly string[];
  readonly literals: readonly (number | string)[];
  /** Throws ValueProblem where these inputs have no result. */
  readonly ofValue: (value: Value) => Value;
  readonly ofPoints: (current: (point: string) => Value | undefined) => Value;
  readonly ofArguments: (given: (name: string) => Value | undefined) => Value;
}

export type CompiledExpression = { readonly expression: Expression } | { readonly problems: readonly ProblemText[] };

/** Compiles once; all that can be told without values is told now. `cel` may be shared by the expressions of a file. */
export function compileExpression(text: string, scope: ExpressionScope, cel = celEnvironment()): CompiledExpression {
  if (text.length > MAX_LENGTH) {
    const expected = `at most ${MAX_LENGTH}`;
    return { problems: [{ message: `the expression has ${text.length} characters`, expected }] };
  }
  const named = scope.reads === "value" ? undefined : { under: scope.reads, known: scope.types };
  try {
    const run = declare(cel.clone(), scope, undefined).parse(text);
    const { inputs, literals, problems } = adaptTree(run.ast, named);
    if (problems.length > 0) return { problems };
    const typed = declare(cel.clone(), scope, inputs).parse(text);
    adaptTree(typed.ast, named);
    const verdict = typed.check();
    if (!verdict.valid) return { problems: [told(verdict.error, scope)] };
    return {
      expression: {
        text,
        gives: kindOf(verdict.type),
        inputs,
        literals,
        ofValue: (value) => resultOf(() => run({ value })),
        ofPoints: (current) =>
          resultOf(
            () => run({ points: valuesOf(inputs, current) }),
            () => missing(inputs, current),
          ),
        ofArguments: (given) => resultOf(() => run({ arguments: valuesOf(inputs, given) })),
      },
    };
  } catch (error) {
    return { problems: [told(error, scope)] };
  }
}

/** Types are declared for the check only (with the points that are read): at run time a value may be null, or a 64-bit integer. */
function declare(environment: Environment, scope: ExpressionScope, inputs: readonly string[] | undefined): Environment {
  if (scope.reads === "value") {
    return environment.registerVariable("value", inputs === undefined ? "dyn" : celType(scope.type));
  }
  if (inputs === undefined) return environment.registerVariable(scope.reads, "map<string, dyn>");
  const schema = Object.fromEntries(inputs.map((name) => [name, celType(scope.types.get(name))]));
  return environment.registerVariable({ name: scope.reads, schema });
}

function celType(type: ValueType | undefined): string {
  if (type === undefined || type === "json") return "dyn";
  if (type === "boolean") return "bool";
  return isNumeric(type) ? "double" : "string";
}

function kindOf(type: string | undefined): Expression["gives"] {
  switch (type) {
    case "double":
    case "int":
    case "uint":
      return "number";
    case "string":
      return "text";
    case "bool":
      return "boolean";
    default:
      return "unknown";
  }
}

function valuesOf(inputs: readonly string[], current: (point: string) => Value | undefined): Record<string, Value> {
  const values: Record<string, Value> = {};
  for (const input of inputs) {
    const value = current(input);
    if (value !== undefined) values[input] = value;
  }
  return values;
}

function missing(inputs: readonly string[], current: (point: string) => Value | undefined): string | undefined {
  const absent = inputs.find((input) => current(input) === undefined);
  return absent === undefined ? undefined : `the point "${absent}" has no value yet`;
}

function resultOf(run: () => unknown, reason: () => string | undefined = () => undefined): Value {
  try {
    return toValue(run());
  } catch (error) {
    if (isCelError(error)) throw new ValueProblem(reason() ?? error.summary);
    throw error;
  }
}

const isCelError = (error: unknown): error is EvaluationError | ParseError | CelTypeError =>
  error instanceof EvaluationError || error instanceof ParseError || error instanceof CelTypeError;

/** CEL's values as ours. */
function toValue(result: unknown): Value {
  if (typeof result === "bigint") return Number.isSafeInteger(Number(result)) ? Number(result) : result;
  if (typeof result === "string" && result.length > MAX_RESULT_TEXT) {
    throw new ValueProblem(`the result has ${result.length} characters, more than ${MAX_RESULT_TEXT}`);
  }
  if (result === null || typeof result === "boolean" || typeof result === "number" || typeof result === "string")
    return result;
  if (result instanceof Date) return result.toISOString();
  if (result instanceof Uint8Array) return Buffer.from(result).toString("base64");
  if (Array.isArray(result)) return result.map(toValue);
  if (result instanceof Map) return toValue(Object.fromEntries(result));
  if (typeof result === "object" && Object.getPrototypeOf(result) === Object.prototype) {
    return Object.fromEntries(Object.entries(result).map(([key, value]) => [key, toValue(value)]));
  }
  const plain: unknown = typeof result === "object" && result !== null ? result.valueOf() : undefined;
  if (typeof plain === "bigint") return toValue(plain); // CEL's uint
  throw new ValueProblem("the expression gives no value");
}

/** The library's refusal in the words of mapping files. */
function told(error: unknown, scope: ExpressionScope): ProblemText {
  if (error instanceof ValueProblem) return { message: error.message };
  if (!isCelError(error)) throw error;
  const message = error.summary;
  if (error.code !== "unknown_variable") return { message: `the expression is wrong: ${message}` };
  const name = message.slice(message.lastIndexOf(" ") + 1);
  if (scope.reads === "value")
    return { message: `unknown name "${name}"`, expected: 'the point\'s own value is "value"' };
  const expected = scope.types.has(name) ? `${scope.reads}.${name}` : knownNames(name, [scope.reads]);
  return { message: `unknown name "${name}"`, expected };
}
