import { FIELD_KEYWORDS } from "../config/fields.ts";
import type { JsonSchema } from "../config/schema-walk.ts";

const OWN_KEYWORDS: ReadonlySet<string> = new Set(FIELD_KEYWORDS);

/**
 * A schema as editors should see it: what has a default may be left out, and keywords of our own are gone. A value
 * other than text may also be given by a reference, `"${env:NAME}"`.
 */
export function editorSchema(schema: unknown, references: boolean): unknown {
  if (Array.isArray(schema)) return schema.map((item) => editorSchema(item, references));
  if (typeof schema !== "object" || schema === null) return schema;
  const { required, ...rest } = schema as JsonSchema;
  const entries = Object.entries(rest)
    .filter(([key]) => !OWN_KEYWORDS.has(key))
    .map(([key, value]) => [
      key,
      key === "properties" ? eachSchema(value, references) : editorSchema(value, references),
    ]);
  const cleaned: Record<string, unknown> = Object.fromEntries(entries);
  const needed = (required ?? []).filter((key) => rest.properties?.[key]?.default === undefined);
  if (needed.length > 0) cleaned.required = needed;
  return references && needsReference(rest) ? withReference(cleaned) : cleaned;
}

/** `properties` maps names to schemas, so that a property may be called like a keyword. */
function eachSchema(properties: unknown, references: boolean): unknown {
  return Object.fromEntries(
    Object.entries(properties as object).map(([name, schema]) => [name, editorSchema(schema, references)]),
  );
}

/** Numbers, booleans and text of a certain form would refuse `${…}`. */
function needsReference({ type, pattern, minLength = 0, enum: words }: JsonSchema): boolean {
  if (type === "string") return (pattern ?? words) !== undefined || minLength > 1;
  return type === "integer" || type === "number" || type === "boolean";
}

function withReference({ description, default: usual, ...rest }: Record<string, unknown>): Record<string, unknown> {
  return {
    ...(description === undefined ? {} : { description }),
    ...(usual === undefined ? {} : { default: usual }),
    anyOf: [rest, { type: "string", pattern: "\\$\\{(env|file):[^}]+\\}" }],
  };
}

/** A schema file's text. */
export function schemaFile(title: string, schema: unknown): string {
  const head = { $schema: "http://json-schema.org/draft-07/schema#", title };
  return `${JSON.stringify({ ...head, ...(schema as object) }, null, 2)}\n`;
}
