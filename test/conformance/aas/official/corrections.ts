/** Where IDTA's OpenAPI refuses what its text demands: what is changed before answers are compared, and why. */
export interface Correction {
  readonly reason: string;
  /** @returns the schema as it is meant, the same one where it is right */
  apply(schema: Schema, name: string): Schema;
}

export type Schema = Readonly<Record<string, unknown>>;

const escapedTwice = /\\\\(?=x09|x0a|x0d|x20|ud7ff|ue000|ufffd|ud800|udc00|udfff|ud801|udbfe|udbff)/g;

export const corrections: readonly Correction[] = [
  {
    reason: "patterns that YAML does not unescape have every backslash twice: no letter of an id passes them",
    apply: (schema) =>
      typeof schema.pattern === "string" ? { ...schema, pattern: schema.pattern.replace(escapedTwice, "\\") } : schema,
  },
  {
    reason:
      "SubmodelElementMetadata and SubmodelElementValue are one of several alternatives that overlap, so nothing is exactly one of them",
    apply: (schema, name) => {
      const { oneOf, ...others } = schema;
      return oneOf !== undefined && /^SubmodelElement(?:Metadata|Value)$/.test(name)
        ? { ...others, anyOf: oneOf }
        : schema;
    },
  },
  {
    reason: "PathItem refuses idShorts with a hyphen, which the metamodel (v3.1, AASd-002) allows",
    apply: (schema, name) =>
      name === "PathItem"
        ? {
            ...schema,
            pattern:
              "^([A-Za-z][A-Za-z0-9_-]*[A-Za-z0-9_]|\\[[0-9]+\\])(\\.[A-Za-z][A-Za-z0-9_-]*[A-Za-z0-9_]|\\[[0-9]+\\])*$",
          }
        : schema,
  },
  {
    reason: "the handleId of bulk operations has a parameter where its schema belongs",
    apply: (schema, name) =>
      name === "schema" && String(schema.$ref).endsWith("/parameters/HandleId") ? { type: "string" } : schema,
  },
  {
    reason: "thumbnails and attachments are described as octets; they are answered in the media type that they have",
    apply: (schema, name) => {
      const { "application/octet-stream": octets, ...others } = schema;
      return name === "content" && octets !== undefined ? { ...others, "*/*": octets } : schema;
    },
  },
  {
    reason: "the answer 204 is described with a shell in it, which 204 cannot have",
    apply: (schema, name) => (name === "no-content" ? { description: schema.description } : schema),
  },
];

/** A document with all corrections in it. @param name the key under which it stands */
export function corrected(node: unknown, name = ""): unknown {
  if (Array.isArray(node)) return node.map((one) => corrected(one));
  if (typeof node !== "object" || node === null) return node;
  const inner = Object.fromEntries(Object.entries(node).map(([key, value]) => [key, corrected(value, key)]));
  return corrections.reduce<Schema>((schema, correction) => correction.apply(schema, name), inner);
}
