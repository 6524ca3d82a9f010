import type { Operation } from "../operation-types.ts";

/** An OpenAPI 3.1 document of the surface, made from its operations. */
export function openapiOf(base: string, operations: readonly Operation[]): unknown {
  const paths: Record<string, Record<string, unknown>> = {};
  for (const operation of operations) {
    const parameters = [...operation.path.matchAll(/\{(\w+)\}/g)].map(([, name]) => ({
      name,
      in: "path",
      required: true,
      schema: { type: "string" },
    }));
    const path = paths[operation.path] ?? {};
    paths[operation.path] = path;
    path[operation.method.toLowerCase()] = {
      operationId: operation.name,
      description: operation.clause,
      parameters,
      ...(operation.method === "GET" || operation.method === "DELETE"
        ? {}
        : { requestBody: { required: true, content: media } }),
      responses: { "2XX": { description: "as the clause says", content: media }, "4XX": problem, "5XX": problem },
    };
  }
  return {
    openapi: "3.1.0",
    info: { title: "NGSI-LD API of Twinweave", version: "1.9.1", description: "ETSI GS CIM 009 v1.9.1" },
    servers: [{ url: base }],
    paths,
  };
}

const anyJson = { schema: {} };
const media = { "application/json": anyJson, "application/ld+json": anyJson };
const problem = {
  description: "problem details (RFC 7807)",
  content: {
    "application/json": {
      schema: {
        type: "object",
        required: ["type", "title", "status"],
        properties: {
          type: { type: "string" },
          title: { type: "string" },
          detail: { type: "string" },
          status: { type: "integer" },
        },
      },
    },
  },
};
