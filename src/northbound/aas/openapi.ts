import { assetKinds } from "../../aas/metamodel/literals.ts";
import { statusOf } from "../status-of.ts";
import type { AasOperation, QueryParameter } from "./aas-operation.ts";
import type { Edition } from "./edition.ts";

/** Descriptions of our own; the bodies' schemas are IDTA's, named and not repeated. */
const queries: Readonly<Record<QueryParameter, { readonly description: string; readonly schema: object }>> = {
  aasId: {
    description: "The shell that the packages must hold, its id in base64url.",
    schema: { type: "string" },
  },
  aasIds: {
    description: "The shells to be in the answer, ids in base64url.",
    schema: { type: "array", items: { type: "string" } },
  },
  assetIds: {
    description: "Asset identifiers that a shell must have, each a base64url JSON object with name and value.",
    schema: { type: "array", items: { type: "string" } },
  },
  assetKind: {
    description: "The kind of the assets whose shells are wanted.",
    schema: { type: "string", enum: [...assetKinds] },
  },
  assetType: { description: "The type of the assets, an identifier in base64url.", schema: { type: "string" } },
  cursor: { description: "Where the page before ended, from its paging_metadata.", schema: { type: "string" } },
  dataSpecificationRef: { description: "A data specification, as base64url JSON.", schema: { type: "string" } },
  extent: {
    description: "Whether the content of Blobs is in the answer.",
    schema: { type: "string", enum: ["withBlobValue", "withoutBlobValue"], default: "withoutBlobValue" },
  },
  idShort: { description: "The idShort, with its case.", schema: { type: "string" } },
  includeConceptDescriptions: {
    description: "Whether the concept descriptions that the submodels refer to are in the answer.",
    schema: { type: "boolean", default: true },
  },
  isCaseOf: { description: "A reference, as base64url JSON.", schema: { type: "string" } },
  level: {
    description: "The whole tree below, or only what lies right below.",
    schema: { type: "string", enum: ["core", "deep"], default: "deep" },
  },
  limit: {
    description: "How many items a page has at most.",
    schema: { type: "integer", minimum: 1, maximum: 1000, default: 100 },
  },
  semanticId: {
    description: "The semanticId or a supplemental one, a reference as base64url JSON or its last value.",
    schema: { type: "string" },
  },
  submodelIds: {
    description: "The submodels to be in the answer, ids in base64url; with neither these nor shells, everything.",
    schema: { type: "array", items: { type: "string" } },
  },
};

const pathParameters: Readonly<Record<string, string>> = {
  aasIdentifier: "The shell's id in base64url without padding.",
  submodelIdentifier: "The submodel's id in base64url without padding.",
  cdIdentifier: "The concept description's id in base64url without padding.",
  handleId: "The handle that the Location of the accepted request held, in base64url.",
  packageId: "The package's id in base64url without padding.",
  idShortPath: "idShorts joined by dots, list items by index: Motor.Phases[0].Current",
};

const metamodel =
  "https://raw.githubusercontent.com/admin-shell-io/aas-specs-metamodel/master/schemas/json/aas.json#/definitions/";
const metamodelSchemas = [
  "AssetAdministrationShell",
  "AssetInformation",
  "ConceptDescription",
  "Environment",
  "Reference",
  "Submodel",
];

/** OpenAPI 3.0.3, made from the operations that answer. */
export function openApiOf(operations: readonly AasOperation[], { base, version }: Edition): unknown {
  const paths: Record<string, Record<string, unknown>> = {};
  for (const operation of operations) {
    paths[operation.path] ??= {};
    Object.assign(paths[operation.path] ?? {}, { [operation.method.toLowerCase()]: described(operation) });
  }
  return {
    openapi: "3.0.3",
    info: {
      title: "Twinweave: Asset Administration Shell API",
      version,
      description: `IDTA-01002 v${version}, bodies in the metamodel IDTA-01001 v3.1.`,
    },
    servers: [{ url: base }],
    paths,
    components: { schemas: { Result: result, ...namedSchemas(operations) } },
  };
}

function described(operation: AasOperation): unknown {
  const inPath = [...operation.path.matchAll(/\{(\w+)\}/g)].map(([, name = ""]) => ({
    name,
    in: "path",
    required: true,
    description: pathParameters[name],
    schema: { type: "string" },
  }));
  const inQuery = operation.query.map((name) => ({ name, in: "query", required: false, ...queries[name] }));
  const content = bodyContent(operation);
  return {
    operationId: operation.name,
    description: operation.clause,
    parameters: [...inPath, ...inQuery],
    ...(content === undefined ? {} : { requestBody: { required: true, content } }),
    responses: responses(operation),
  };
}

function bodyContent({ takes, takesForm }: AasOperation): object | undefined {
  if (takes !== undefined) return { "application/json": { schema: reference(takes) } };
  if (takesForm === undefined) return undefined;
  const part = (name: string): object => {
    if (name === "file") return { type: "string", format: "binary" };
    return name === "aasIds" ? { type: "array", items: { type: "string" } } : { type: "string" };
  };
  const properties = Object.fromEntries(takesForm.map((name) => [name, part(name)]));
  return { "multipart/form-data": { schema: { type: "object", required: ["file"], properties } } };
}

function answerContent({ gives, givesFile, givesTypes = [] }: AasOperation): object {
  const binary = { schema: { type: "string", format: "binary" } };
  if (givesFile) return { content: { "*/*": binary } };
  if (gives === undefined) return {};
  const others = Object.fromEntries(givesTypes.map((type) => [type, binary]));
  return { content: { "application/json": { schema: reference(gives) }, ...others } };
}

function responses(operation: AasOperation): Record<string, unknown> {
  const { success, method, path, takes, takesForm, givesFile } = operation;
  const content = answerContent(operation);
  const good = success.map((status) => [
    status,
    { description: "Success", ...(status === 200 || status === 201 ? content : {}) },
  ]);
  const codes = new Set([statusOf.malformed, statusOf.unauthorized, statusOf.forbidden, statusOf.internal]);
  if (path.includes("{")) codes.add(statusOf["not-found"]);
  if (method === "POST" || method === "DELETE" || method === "PUT") codes.add(statusOf.conflict);
  if (method !== "GET" && method !== "POST") codes.add(statusOf["precondition-failed"]);
  if (path.endsWith("$value") && takes !== undefined) {
    codes.add(statusOf["device-refused"]).add(statusOf["device-timeout"]);
  }
  if (takesForm !== undefined) {
    codes.add(statusOf["too-large"]).add(statusOf["unsupported-media-type"]).add(statusOf["store-full"]);
  }
  if (givesFile) codes.add(statusOf["range-not-satisfiable"]);
  if (path.endsWith("attachment")) codes.add(statusOf["method-not-allowed"]);
  const error = { content: { "application/json": { schema: reference("Result") } } };
  const bad = [...codes].map((code) => [code, { description: "Refused or failed", ...error }]);
  return { ...Object.fromEntries([...good, ...bad]), default: { description: "Failed", ...error } };
}

function reference(name: string): object {
  if (name.endsWith("[]")) return { type: "array", items: { $ref: `#/components/schemas/${name.slice(0, -2)}` } };
  return { $ref: `#/components/schemas/${name}` };
}

const result = {
  type: "object",
  properties: {
    messages: {
      type: "array",
      items: {
        type: "object",
        properties: {
          messageType: { type: "string", enum: ["Undefined", "Info", "Warning", "Error", "Exception"] },
          code: { type: "string", minLength: 1, maxLength: 32 },
          correlationId: { type: "string", minLength: 1, maxLength: 128 },
          timestamp: { type: "string", format: "date-time" },
          text: { type: "string" },
        },
      },
    },
  },
};

/** Metamodel classes by reference to their published schema; what this API adds, as the free JSON that it is. */
function namedSchemas(operations: readonly AasOperation[]): Record<string, unknown> {
  const names = operations.flatMap(({ takes, gives }) => [takes, gives]).flatMap((name) => name ?? []);
  const known = new Set(names.map((name) => name.replace("[]", "")));
  return Object.fromEntries(
    [...known].sort().map((name) => {
      if (metamodelSchemas.includes(name)) return [name, { $ref: `${metamodel}${name}` }];
      if (name === "SubmodelElement") return [name, { $ref: `${metamodel}SubmodelElement_choice` }];
      if (name === "PathItem" || name === "Identifier") return [name, { type: "string" }];
      if (name.startsWith("Get")) return [name, pagedSchema];
      return [name, name === "SubmodelElementValue" ? {} : { type: "object" }];
    }),
  );
}

const pagedSchema = {
  type: "object",
  required: ["paging_metadata", "result"],
  properties: {
    paging_metadata: { type: "object", properties: { cursor: { type: "string" } } },
    result: {},
  },
};
