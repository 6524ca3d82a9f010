import type { ErrorObject } from "ajv";
import { DURATION_PATTERN } from "../core/duration.ts";
import type { Problem } from "../core/errors.ts";
import { nearestWord } from "../core/nearest-word.ts";
import { type Draft, dotted, pointerStep } from "./draft.ts";
import type { JsonSchema } from "./schema-walk.ts";

/** What a schema asks for, in words: `an integer from 0 to 65535`, `a duration such as 30s`. */
export function describeSchema(schema: JsonSchema): string {
  if (schema.anyOf !== undefined) return [...new Set(schema.anyOf.map(describeSchema))].join(", or ");
  if (schema.enum !== undefined) return `one of ${schema.enum.join(", ")}`;
  if (schema.const !== undefined) return JSON.stringify(schema.const);
  if (schema.quantity === "duration" || schema.pattern === DURATION_PATTERN)
    return "a duration such as 500ms, 30s, 10m, 2h or 90d";
  if (schema.quantity === "bytes") return "a size such as 512 MB or 20 GiB";
  switch (schema.type) {
    case "integer":
    case "number":
      return `${schema.type === "integer" ? "an integer" : "a number"}${range(schema)}`;
    case "boolean":
      return "true or false";
    case "array":
      return `a list of ${schema.items === undefined ? "values" : `items, each ${describeSchema(schema.items)}`}`;
    case "object":
      return "a mapping";
    default:
      if (schema.pattern !== undefined) return `text that matches ${schema.pattern}`;
      return (schema.minLength ?? 0) > 1 ? `text of at least ${schema.minLength} characters` : "text";
  }
}

function range({ minimum, maximum }: JsonSchema): string {
  if (minimum !== undefined && maximum !== undefined) return ` from ${minimum} to ${maximum}`;
  if (minimum !== undefined) return ` of at least ${minimum}`;
  return maximum === undefined ? "" : ` of at most ${maximum}`;
}

/** A value that an alternative refuses gives an error for each alternative; one for the whole says more. */
function withoutAlternatives(errors: readonly ErrorObject[]): ErrorObject[] {
  const choices = errors.filter(({ keyword }) => keyword === "anyOf");
  return errors.filter((error) => {
    const within = choices.find((whole) => error !== whole && error.schemaPath.startsWith(`${whole.schemaPath}/`));
    if (within !== undefined) return error.instancePath !== within.instancePath;
    if (error.keyword !== "anyOf") return true;
    return !errors.some(
      (other) =>
        other.schemaPath.startsWith(`${error.schemaPath}/`) && other.instancePath.length > error.instancePath.length,
    );
  });
}

/** What the validator found, as problems with a place. `at` is the pointer of the validated value in the draft. */
export function schemaProblems(errors: readonly ErrorObject[], draft: Draft, at: string): Problem[] {
  return withoutAlternatives(errors).map((error) => schemaProblem(error, draft, at));
}

function schemaProblem(error: ErrorObject, draft: Draft, at: string): Problem {
  const schema = (error.parentSchema ?? {}) as JsonSchema;
  const pointer = at + error.instancePath;
  const name = dotted(pointer);
  if (error.keyword === "additionalProperties") {
    const key = String(error.params.additionalProperty);
    const { place } = draft.markOf(pointer + pointerStep(key));
    const message = name === "" ? `there is no key "${key}"` : `${name} has no key "${key}"`;
    return { place, message, expected: knownKeys(schema, key) };
  }
  const { place, foreign } = draft.markOf(pointer);
  if (error.keyword === "required") {
    const key = String(error.params.missingProperty);
    const missing = schema.properties?.[key];
    return {
      place,
      message: `${name === "" ? "the configuration" : name} lacks "${key}"`,
      expected: missing === undefined ? key : `${key}: ${missing.description ?? describeSchema(missing)}`,
    };
  }
  const hidden = foreign || schema.secret || schema.guarded;
  return {
    place,
    message: `${name} ${hidden ? "does not fit" : shown(error.data, schema)}`,
    expected: describeSchema(schema),
  };
}

/** What was written. Text in the place of a section is not repeated, nor are a URL's credentials: both may be secrets. */
function shown(data: unknown, schema: JsonSchema): string {
  const inner = schema.type === "object" || schema.type === "array";
  if (inner && typeof data === "string") return "is text";
  const text = JSON.stringify(data) ?? "nothing";
  return `is ${text.replace(/:\/\/[^/@\s]*@/g, "://***@").slice(0, 100)}`;
}

function knownKeys(schema: JsonSchema, key: string): string {
  const pattern = Object.keys(schema.patternProperties ?? {})[0];
  if (pattern !== undefined) return `a name that matches ${pattern}`;
  const known = Object.keys(schema.properties ?? {});
  const nearest = nearestWord(key, known);
  return nearest === undefined ? `one of ${known.join(", ")}` : `did you mean "${nearest}"?`;
}
