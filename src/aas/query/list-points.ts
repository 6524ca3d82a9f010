import type { QueryField, Root } from "./query-field.ts";

/** A place on a field's way at which there may be several: elements or items of an array; `key` names it. */
export interface ListPoint {
  readonly key: string;
  /** Steps of the path, and of the attribute, up to here. */
  readonly path: number;
  readonly attribute: number;
}

/**
 * Where a field leads to several, outermost first: `[]` in its path and its attribute, and all elements where `$sme` has
 * no path ("Match of Elements in Lists": the path prefix left of a `[]` is the list).
 */
export function listPoints({ root, path, attribute }: QueryField): readonly ListPoint[] {
  const points: ListPoint[] = root === "$sme" && path.length === 0 ? [{ key: root, path: 0, attribute: 0 }] : [];
  for (const [index, step] of path.entries()) {
    if (isAny(step)) points.push({ key: keyOf(root, path.slice(0, index + 1)), path: index + 1, attribute: 0 });
  }
  for (const [index, step] of attribute.entries()) {
    if (!isAny(step)) continue;
    const key = `${keyOf(root, path)}#${keyOf("", attribute.slice(0, index + 1))}`;
    points.push({ key, path: path.length, attribute: index + 1 });
  }
  return points;
}

/** Names the steps of a field up to a place: equal for equal prefixes. */
export function keyOf(root: Root | "", steps: readonly unknown[]): string {
  return [root, ...steps.map((step) => JSON.stringify(step))].join(".");
}

const isAny = (step: QueryField["attribute"][number]): boolean => typeof step === "object" && step.index === "any";
