import type { ASTNode } from "@marcbachmann/cel-js";
import { knownNames } from "../known-names.ts";
import type { ProblemText } from "../problem.ts";
import { ValueProblem } from "../value-problem.ts";
import { compilePattern, linearMatches } from "./cel-environment.ts";

/** Loops over lists: nested they cost the product of their lengths, so there are none. */
const loops = new Set(["all", "exists", "exists_one", "map", "filter", "bind", "transformList", "transformMap"]);

/** What an expression's tree tells without running it. */
export interface TreeFacts {
  /** Points or arguments that it reads, each once. */
  readonly inputs: readonly string[];
  /** Numbers and texts written in it: the values at which it probably changes its mind. */
  readonly literals: readonly (number | string)[];
  readonly problems: readonly ProblemText[];
}

/** Values that an expression reads by name: the asset's `points`, or an operation's `arguments`. */
export interface NamedValues {
  readonly under: "points" | "arguments";
  /** Those that exist. */
  readonly known: ReadonlyMap<string, unknown>;
}

/**
 * Makes the tree ours, in place: whole numbers become doubles, `matches` the linear one; loops and computed names are
 * refused. `named`: `undefined` where the expression may not use any.
 */
export function adaptTree(root: ASTNode, named: NamedValues | undefined): TreeFacts {
  const inputs = new Set<string>();
  const literals: (number | string)[] = [];
  const problems: ProblemText[] = [];

  const read = (name: string) => {
    inputs.add(name);
    if (named !== undefined && !named.known.has(name)) {
      const kind = named.under === "points" ? "point" : "argument";
      problems.push({ message: `there is no ${kind} "${name}"`, expected: knownNames(name, named.known.keys()) });
    }
  };
  const visit = (node: ASTNode): void => {
    switch (node.op) {
      case "value": {
        const value = node.args;
        if (typeof value === "bigint" && Number.isSafeInteger(Number(value))) Reflect.set(node, "args", Number(value));
        if (typeof node.args === "number" || typeof node.args === "string") literals.push(node.args);
        return;
      }
      case "id":
        if (named !== undefined && node.args === named.under) {
          problems.push({ message: `${named.under} are read one by one`, expected: `${named.under}.name` });
        }
        return;
      case ".":
        if (named !== undefined && isNamed(node.args[0], named)) read(node.args[1]);
        else visit(node.args[0]);
        return;
      case "[]": {
        const [target, index] = node.args;
        const text = index.op === "value" && typeof index.args === "string" ? index.args : undefined;
        if (named !== undefined && isNamed(target, named) && text !== undefined) {
          read(text);
          return;
        }
        visit(target);
        visit(index);
        return;
      }
      case "rcall": {
        const [name, receiver, args] = node.args;
        if (loops.has(name)) {
          problems.push({
            message: `"${name}" runs over a list, which an expression may not`,
            expected: "a formula over single values",
          });
        }
        if (name === "matches") {
          Reflect.set(node.args, 0, linearMatches);
          checkPattern(args[0], problems);
        }
        visit(receiver);
        for (const argument of args) visit(argument);
        return;
      }
      case "call":
        for (const argument of node.args[1]) visit(argument);
        return;
      default:
        for (const child of children(node.args)) visit(child);
    }
  };
  visit(root);
  return { inputs: [...inputs], literals, problems };
}

const isNamed = (node: ASTNode, { under }: NamedValues): boolean => node.op === "id" && node.args === under;

function* children(args: unknown): Generator<ASTNode> {
  if (Array.isArray(args)) {
    for (const item of args) yield* children(item);
  } else if (isNode(args)) {
    yield args;
  }
}

function isNode(value: unknown): value is ASTNode {
  return typeof value === "object" && value !== null && "op" in value && "args" in value;
}

function checkPattern(node: ASTNode | undefined, problems: ProblemText[]): void {
  if (node?.op !== "value" || typeof node.args !== "string") return;
  try {
    compilePattern(node.args);
  } catch (error) {
    if (!(error instanceof ValueProblem)) throw error;
    problems.push({ message: error.message, expected: "RE2 syntax, without look-around and back-references" });
  }
}
