import type { TSchema } from "typebox";
import { pointerStep } from "./draft.ts";
import type { FieldKeywords } from "./fields.ts";

/** What the walkers read of a JSON schema; a TypeBox schema is one. */
export interface JsonSchema extends FieldKeywords {
  readonly type?: string;
  readonly description?: string;
  readonly default?: unknown;
  readonly enum?: readonly unknown[];
  readonly const?: unknown;
  readonly properties?: Readonly<Record<string, JsonSchema>>;
  readonly patternProperties?: Readonly<Record<string, JsonSchema>>;
  readonly additionalProperties?: boolean | JsonSchema;
  readonly required?: readonly string[];
  readonly items?: JsonSchema;
  readonly anyOf?: readonly JsonSchema[];
  readonly pattern?: string;
  readonly minimum?: number;
  readonly maximum?: number;
  readonly minLength?: number;
  readonly minItems?: number;
}

export function asJsonSchema(schema: TSchema): JsonSchema {
  return schema as JsonSchema;
}

/** The schema of one key of an object, if the schema knows it. */
function schemaOfKey(schema: JsonSchema, key: string): JsonSchema | undefined {
  if (schema.properties !== undefined && Object.hasOwn(schema.properties, key)) return schema.properties[key];
  const pattern = Object.entries(schema.patternProperties ?? {}).find(([source]) => new RegExp(source, "u").test(key));
  if (pattern !== undefined) return pattern[1];
  return typeof schema.additionalProperties === "object" ? schema.additionalProperties : undefined;
}

export type LeafChange = (schema: JsonSchema, value: unknown, pointer: string) => unknown;

/** A copy of the value in which each leaf that the schema knows is changed; what it does not know stays as it is. */
export function mapLeaves(
  schema: JsonSchema | undefined,
  value: unknown,
  pointer: string,
  change: LeafChange,
): unknown {
  if (schema === undefined) return structuredClone(value);
  if (schema.anyOf !== undefined) {
    return schema.anyOf.reduce((changed, member) => mapLeaves(member, changed, pointer, change), value);
  }
  if (Array.isArray(value)) {
    return value.map((item, index) => mapLeaves(schema.items, item, pointer + pointerStep(index), change));
  }
  if (typeof value === "object" && value !== null) {
    const entries = Object.entries(value).map(([key, item]) => [
      key,
      mapLeaves(schemaOfKey(schema, key), item, pointer + pointerStep(key), change),
    ]);
    return Object.fromEntries(entries);
  }
  return change(schema, value, pointer);
}
