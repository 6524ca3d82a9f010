import { ConfigSchema } from "../config/schema.ts";
import type { ConnectorType } from "../southbound/contract.ts";
import { editorSchema, schemaFile } from "./editor-schema.ts";

/** docs/schema/twinweave.schema.json: each source is checked by the schema of its kind of connector. */
export function configurationSchema(connectors: readonly ConnectorType[]): string {
  const schema = structuredClone(editorSchema(ConfigSchema, true)) as { properties: Record<string, unknown> };
  if (connectors.length > 0) {
    const { description, additionalProperties, patternProperties } = schema.properties.sources as Record<
      string,
      object
    >;
    const [names = ".*"] = Object.keys(patternProperties ?? {});
    schema.properties.sources = {
      type: "object",
      description,
      additionalProperties,
      patternProperties: { [names]: sourceSchema(connectors) },
    };
  }
  return schemaFile("twinweave.yaml", schema);
}

/** One of the connectors' own schemas, told apart by `type`. */
function sourceSchema(connectors: readonly ConnectorType[]): object {
  return {
    anyOf: connectors.map(({ type, title, config }) => {
      const schema = editorSchema(config, true) as { properties?: object; required?: string[] };
      const properties = { type: { const: type, description: title }, ...schema.properties };
      return { ...schema, properties, required: ["type", ...(schema.required ?? [])] };
    }),
  };
}
