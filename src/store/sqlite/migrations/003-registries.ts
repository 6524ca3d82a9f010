import { documentTables } from "../document-tables.ts";

const added = (name: string, path: string): string => `
INSERT OR IGNORE INTO shell_key (name, value, document)
  SELECT '${name}', json_extract(body, '${path}'), ordinal FROM shell_document
  WHERE json_extract(body, '${path}') IS NOT NULL;
UPDATE shell_document SET keys = json_set(keys, '$.${name}', json_array(json_extract(body, '${path}')))
  WHERE json_extract(body, '${path}') IS NOT NULL;
`;

/** What registries and discovery keep, and the keys by which the registry finds the shells that are there already. */
export const registries = `
${documentTables(["shellDescriptor", "submodelDescriptor", "assetLinks"])}
${added("assetKind", "$.assetInformation.assetKind")}
${added("assetType", "$.assetInformation.assetType")}
`;
