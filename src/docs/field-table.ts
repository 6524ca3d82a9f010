import { describeSchema } from "../config/schema-problems.ts";
import type { JsonSchema } from "../config/schema-walk.ts";

interface Field {
  readonly name: string;
  readonly schema: JsonSchema;
  readonly required: boolean;
}

/** A schema's fields with their dotted names, those of its sections in place of the sections. */
function fields(schema: JsonSchema, prefix = ""): Field[] {
  return Object.entries(schema.properties ?? {}).flatMap(([key, below]) => {
    const name = prefix + key;
    const required = (schema.required ?? []).includes(key) && below.default === undefined;
    const item = below.items ?? below;
    const step = below.items === undefined ? "." : "[].";
    const own =
      below.properties === undefined || below.description !== undefined ? [{ name, schema: below, required }] : [];
    return [...own, ...fields(item, name + step), ...alternatives(item, name + step), ...named(below, `${name}.`)];
  });
}

/** Fields of a value that may be one of several objects. */
function alternatives(schema: JsonSchema, prefix: string): Field[] {
  const seen = new Map<string, Field>();
  for (const member of schema.anyOf ?? []) {
    for (const field of fields(member, prefix))
      if (!seen.has(field.name)) seen.set(field.name, { ...field, required: false });
  }
  return [...seen.values()];
}

/** Fields below keys that the writer names. */
function named(schema: JsonSchema, prefix: string): Field[] {
  return Object.values(schema.patternProperties ?? {}).flatMap((below) => fields(below, `${prefix}<name>.`));
}

function cell(text: string): string {
  return text.replaceAll("|", "\\|").replaceAll("\n", " ");
}

function shownDefault({ schema, required }: Field): string {
  if (required) return "required";
  if (schema.default === undefined || schema.properties !== undefined) return "";
  return `\`${JSON.stringify(schema.default)}\``;
}

/** A Markdown table of all fields of a schema: name, what it takes, default, meaning. */
export function fieldTable(schema: JsonSchema): string {
  const rows = fields(schema).map((field) => {
    const secret = field.schema.secret ? " A secret: give it by reference." : "";
    const takes = field.schema.properties === undefined ? describeSchema(field.schema) : "a section";
    return `| \`${field.name}\` | ${cell(takes)} | ${cell(shownDefault(field))} | ${cell((field.schema.description ?? "") + secret)} |`;
  });
  return ["| key | takes | default | meaning |", "|---|---|---|---|", ...rows].join("\n");
}
