import { resolve } from "node:path";
import { Ajv } from "ajv";
import type { TSchema } from "typebox";
import { parseDuration } from "../core/duration.ts";
import type { Problem } from "../core/errors.ts";
import { Secret } from "../core/secret.ts";
import { parseByteSize } from "./byte-size.ts";
import type { Draft } from "./draft.ts";
import { schemaProblems } from "./schema-problems.ts";
import { asJsonSchema, type JsonSchema, mapLeaves } from "./schema-walk.ts";

export type Checked = { readonly value: unknown } | { readonly problems: readonly Problem[] };

/** Text from the environment or a reference, as the type that the schema asks for; text that is none stays as it is. */
function coerce(schema: JsonSchema, text: string): unknown {
  if (schema.type === "boolean" && /^(true|false)$/.test(text)) return text === "true";
  if ((schema.type === "integer" || schema.type === "number") && /^-?[0-9.]+(e[+-]?[0-9]+)?$/i.test(text))
    return Number(text);
  if (schema.type === "array") return text.split(",").map((item) => coerce(schema.items ?? {}, item.trim()));
  return text;
}

/** A checked leaf as the hub uses it: paths absolute, quantities as numbers, secrets wrapped. */
function asUsed(schema: JsonSchema, value: unknown, base: string, wrapSecrets: boolean): unknown {
  if (typeof value !== "string") return value;
  if (schema.path) return resolve(base, value);
  if (schema.quantity === "duration") return parseDuration(value);
  if (schema.quantity === "bytes") return parseByteSize(value);
  return schema.secret && wrapSecrets ? new Secret(value) : value;
}

/**
 * A value of the draft, coerced, checked against its schema with defaults filled in, and in the form the hub uses; or
 * everything that is wrong with it.
 * @param at the value's pointer in the draft, for the problems' places
 */
export function checkValue(
  schema: TSchema,
  value: unknown,
  { draft, at = "", wrapSecrets = true }: { draft: Draft; at?: string; wrapSecrets?: boolean },
): Checked {
  const json = asJsonSchema(schema);
  const coerced = mapLeaves(json, value, at, (leaf, item, pointer) =>
    typeof item === "string" && draft.markOf(pointer).foreign ? coerce(leaf, item) : item,
  );
  // Keywords of our own (fields.ts) and of the connectors are none of the validator's business, hence not strict.
  const ajv = new Ajv({ allErrors: true, useDefaults: true, verbose: true, strict: false });
  if (!ajv.validate(schema, coerced)) return { problems: schemaProblems(ajv.errors ?? [], draft, at) };
  const used = mapLeaves(json, coerced, at, (leaf, item, pointer) =>
    asUsed(leaf, item, draft.markOf(pointer).base, wrapSecrets),
  );
  return { value: used };
}
