import type { BodyPath } from "./filter.ts";

/** What stands at a path of a body, every item where a step is any index; nothing where the path does not lead on. */
export function bodyValues(body: unknown, path: BodyPath): readonly unknown[] {
  return path.reduce<readonly unknown[]>((found, step) => found.flatMap((one) => below(one, step)), [body]);
}

function below(value: unknown, step: BodyPath[number]): readonly unknown[] {
  if (typeof step === "string") {
    const isObject = typeof value === "object" && value !== null && !Array.isArray(value);
    return isObject && Object.hasOwn(value, step) ? [(value as Readonly<Record<string, unknown>>)[step]] : [];
  }
  if (!Array.isArray(value)) return [];
  return step.index === "any" ? value : value.slice(step.index, step.index + 1);
}
