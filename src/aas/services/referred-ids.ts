import { isObject } from "../validation/check.ts";

/**
 * What the references within an AAS object name: the last key of each, wherever it stands (semanticId, valueId,
 * qualifiers, the values of ReferenceElements).
 */
export function referredIds(value: unknown): ReadonlySet<string> {
  const ids = new Set<string>();
  collect(value, ids);
  return ids;
}

function collect(value: unknown, ids: Set<string>): void {
  if (Array.isArray(value)) {
    for (const item of value) collect(item, ids);
  } else if (isObject(value)) {
    const last: unknown = Array.isArray(value.keys) ? value.keys.at(-1) : undefined;
    if (isObject(last) && typeof last.value === "string") ids.add(last.value);
    for (const member of Object.values(value)) collect(member, ids);
  }
}
