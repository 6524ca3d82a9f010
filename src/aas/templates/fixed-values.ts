import { isObject } from "../validation/check.ts";
import { isLanguageMap } from "./fill.ts";

export interface FixedValue {
  readonly path: string;
  readonly value: unknown;
  /** Where it stands in the map that it was given in, as a JSON pointer. */
  readonly pointer: string;
}

/** Fixed values by path; a map is a level of paths unless it is a value of its own, and so is a list. */
export function* fixedValues(
  values: Readonly<Record<string, unknown>>,
  above = "",
  pointer = "",
): Generator<FixedValue> {
  for (const [name, value] of Object.entries(values)) {
    const path = above === "" ? name : `${above}.${name}`;
    yield* below(value, path, `${pointer}/${name.replaceAll("~", "~0").replaceAll("/", "~1")}`);
  }
}

function* below(value: unknown, path: string, pointer: string): Generator<FixedValue> {
  if (Array.isArray(value)) {
    for (const [index, item] of value.entries()) yield* below(item, `${path}[${index}]`, `${pointer}/${index}`);
  } else if (isObject(value) && !isLanguageMap(value) && !isOwnValue(value)) {
    yield* fixedValues(value, path, pointer);
  } else yield { path, value, pointer };
}

/** The values of a Range and of a File have names of their own. */
function isOwnValue(value: Readonly<Record<string, unknown>>): boolean {
  return Object.keys(value).every((key) => ["min", "max", "contentType", "value"].includes(key));
}
