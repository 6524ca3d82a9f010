import { isDeepStrictEqual } from "node:util";
import type { NewDocument } from "../core/document.ts";
import type { PlannedDocument } from "../core/plan.ts";

/**
 * Two wishes for one document as one: the first is kept, and what only the second has is added, list items among it (a
 * shell's submodel references). Nothing here knows a standard: bodies are JSON objects, parts have keys.
 */
export function mergeDocuments(first: PlannedDocument, second: PlannedDocument): PlannedDocument {
  const known = new Set(first.parts.map(({ key }) => key));
  return {
    ...first,
    document: {
      ...first.document,
      body: JSON.stringify(united(JSON.parse(first.document.body), JSON.parse(second.document.body))),
      keys: unitedKeys(first.document, second.document),
    },
    parts: [...first.parts, ...second.parts.filter(({ key }) => !known.has(key))],
  };
}

function united(first: unknown, second: unknown): unknown {
  if (Array.isArray(first) && Array.isArray(second)) {
    return [...first, ...second.filter((item) => !first.some((known) => isDeepStrictEqual(known, item)))];
  }
  if (!isObject(first) || !isObject(second)) return first;
  const result: Record<string, unknown> = { ...first };
  for (const [name, value] of Object.entries(second)) {
    result[name] = Object.hasOwn(result, name) ? united(result[name], value) : value;
  }
  return result;
}

const isObject = (value: unknown): value is Record<string, unknown> =>
  typeof value === "object" && value !== null && !Array.isArray(value);

function unitedKeys(first: NewDocument, second: NewDocument): NewDocument["keys"] {
  const names = new Set([...Object.keys(first.keys), ...Object.keys(second.keys)]);
  return Object.fromEntries(
    [...names].map((name) => [name, [...new Set([...(first.keys[name] ?? []), ...(second.keys[name] ?? [])])]]),
  );
}
