import { HubError } from "../core/errors.ts";
import type { Method, Operation } from "./operation-types.ts";

export interface Match {
  readonly operation: Operation;
  readonly params: Readonly<Record<string, string>>;
}

export type Routed = Match | { readonly allowed: readonly Method[] } | undefined;

interface Branch {
  readonly literals: Map<string, Branch>;
  parameter: { readonly name: string; readonly branch: Branch } | undefined;
  readonly operations: Map<Method, { readonly operation: Operation; readonly names: readonly string[] }>;
}

const newBranch = (): Branch => ({ literals: new Map(), parameter: undefined, operations: new Map() });

/**
 * Finds operations by path, one look-up a segment however many there are (Express walks its routes one by one).
 * Literals such as `$value` win over parameters; a trailing slash means nothing. An empty segment matches nothing, unless
 * `emptyParameters` lets it be a parameter without a value.
 */
export function createRouter(
  operations: readonly Operation[],
  emptyParameters = false,
): (method: Method, path: string) => Routed {
  const root = newBranch();
  for (const operation of operations) plant(root, operation);
  return (method, path) => {
    const segments = segmentsOf(path);
    const values: string[] = [];
    const branch = walk(root, segments, 0, values, emptyParameters);
    if (branch === undefined) return undefined;
    const hit = branch.operations.get(method);
    if (hit === undefined) return { allowed: [...branch.operations.keys()] };
    const params: Record<string, string> = {};
    for (const [index, name] of hit.names.entries()) params[name] = decode(values[index] ?? "", name);
    return { operation: hit.operation, params };
  };
}

/** `/a/b/` is `a`, `b`: between the first slash and one at the end. */
function segmentsOf(path: string): readonly string[] {
  const end = path.length > 1 && path.endsWith("/") ? path.length - 1 : path.length;
  return end <= 1 ? [] : path.slice(1, end).split("/");
}

function plant(root: Branch, operation: Operation): void {
  let branch = root;
  const names: string[] = [];
  for (const segment of segmentsOf(operation.path)) {
    const name = /^\{(.+)\}$/.exec(segment)?.[1];
    if (name === undefined) {
      const next = branch.literals.get(segment) ?? newBranch();
      branch.literals.set(segment, next);
      branch = next;
    } else {
      names.push(name);
      branch.parameter ??= { name, branch: newBranch() };
      branch = branch.parameter.branch;
    }
  }
  if (branch.operations.has(operation.method)) {
    throw new HubError("internal", `two operations claim ${operation.method} ${operation.path}`);
  }
  branch.operations.set(operation.method, { operation, names });
}

/** @param values gets what stands in place of the parameters on the way to the branch that is found */
function walk(
  branch: Branch,
  segments: readonly string[],
  depth: number,
  values: string[],
  emptyParameters: boolean,
): Branch | undefined {
  const segment = segments[depth];
  if (segment === undefined) return branch.operations.size > 0 ? branch : undefined;
  const literal = branch.literals.get(literalOf(segment));
  const found = literal === undefined ? undefined : walk(literal, segments, depth + 1, values, emptyParameters);
  if (found !== undefined || branch.parameter === undefined || (segment === "" && !emptyParameters)) return found;
  const before = values.length;
  values.push(segment);
  const below = walk(branch.parameter.branch, segments, depth + 1, values, emptyParameters);
  if (below === undefined) values.length = before;
  return below;
}

/** Some clients write `$value` as `%24value`. */
function literalOf(segment: string): string {
  return segment.startsWith("%24") ? `$${segment.slice(3)}` : segment;
}

function decode(segment: string, name: string): string {
  if (!segment.includes("%")) return segment;
  try {
    return decodeURIComponent(segment);
  } catch (thrown) {
    const problems = [{ place: name, message: "is not percent-encoded UTF-8" }];
    throw new HubError("malformed", `the path parameter ${name} cannot be decoded`, { problems, cause: thrown });
  }
}
