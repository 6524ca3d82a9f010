import { HubError } from "../../core/errors.ts";
import { isArray, isObject, type Json, type JsonObject } from "../json/json.ts";

const MAX_ENTRIES = 1_000;

export function refuse(message: string): never {
  throw new HubError("invalid", message);
}

/** An array with at least one entry. Throws HubError `invalid`, as all here. */
export function listOf(json: Json, what: string): readonly Json[] {
  if (!isArray(json) || json.length === 0) return refuse(`${what} must be an array with at least one entry`);
  return json.length <= MAX_ENTRIES ? json : refuse(`${what} has more than ${MAX_ENTRIES} entries`);
}

export const objectOf = (json: Json | undefined, what: string): JsonObject =>
  isObject(json) ? json : refuse(`${what} must be a JSON object`);

export const textOf = (json: Json, what: string): string =>
  typeof json === "string" ? json : refuse(`${what} must be a text`);

export const flagOf = (json: Json, what: string): boolean =>
  typeof json === "boolean" ? json : refuse(`${what} must be true or false`);

export const positiveOf = (json: Json, what: string): number =>
  typeof json === "number" && json > 0 ? json : refuse(`${what} must be a number greater than 0`);

export const oneOf = <T extends string>(json: Json, known: readonly T[], what: string): T =>
  known.find((one) => one === json) ?? refuse(`${what} must be one of ${known.join(", ")}`);

/** Refuses members that a data type does not have: a misspelt one would be ignored. */
export function onlyMembers(json: JsonObject, known: ReadonlySet<string>, what: string): void {
  const unknown = Object.keys(json).find((member) => !known.has(member));
  if (unknown !== undefined) refuse(`${what} has no member "${unknown}"`);
}

/** The members that are there, each read by its reader. */
export function readMembers<T extends object>(
  json: JsonObject,
  readers: { readonly [K in keyof T]-?: (json: Json, member: string) => Exclude<T[K], undefined> },
): T {
  const read: Partial<Record<keyof T, unknown>> = {};
  for (const member of Object.keys(readers) as (keyof T & string)[]) {
    const value = json[member];
    if (value !== undefined) read[member] = readers[member](value, member);
  }
  return read as T;
}
