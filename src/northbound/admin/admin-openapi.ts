import { statusOf } from "../status-of.ts";
import type { AdminOperation, AdminParameter } from "./admin-operation.ts";

/** OpenAPI 3.0.3 of the hub's own operations, made from those that answer. */
export function openApiOf(operations: readonly AdminOperation[], base: string, title: string): unknown {
  const paths: Record<string, Record<string, unknown>> = {};
  for (const operation of operations) {
    paths[operation.path] = { ...paths[operation.path], [operation.method.toLowerCase()]: described(operation) };
  }
  return {
    openapi: "3.0.3",
    info: { title, version: "1.0.0", description: "Where the values come from, and what an operator does about it." },
    servers: [{ url: base }],
    paths,
    components: {
      schemas: { Problem: problem },
      securitySchemes: {
        bearer: { type: "http", scheme: "bearer", description: "An API key of the configuration." },
        apiKey: { type: "apiKey", in: "header", name: "X-API-Key" },
      },
    },
  };
}

function schemaOf(parameter: AdminParameter): object {
  if ("choices" in parameter) return { type: "string", enum: parameter.choices, default: parameter.choices[0] };
  if (!("min" in parameter)) return { type: "string" };
  const { min, max, fallback } = parameter;
  return { type: "integer", minimum: min, maximum: max, default: fallback };
}

function described({ name, path, method, right, summary, query, gives }: AdminOperation): unknown {
  const inPath = [...path.matchAll(/\{(\w+)\}/g)].map(([, parameter]) => ({
    name: parameter,
    in: "path",
    required: true,
    schema: { type: "string" },
  }));
  const inQuery = query.map((parameter) => ({
    name: parameter.name,
    in: "query",
    required: false,
    description: parameter.description,
    schema: schemaOf(parameter),
  }));
  const codes = [
    ...(query.length > 0 ? [statusOf.malformed] : []),
    ...(right === "none" ? [] : [statusOf.unauthorized, statusOf.forbidden]),
    ...(inPath.length > 0 ? [statusOf["not-found"]] : []),
    statusOf.internal,
  ];
  const failed = {
    description: "Refused or failed",
    content: { "application/problem+json": { schema: { $ref: "#/components/schemas/Problem" } } },
  };
  const good = gives ?? (method === "GET" || name === "ReloadMappings" ? "200" : "204");
  const content = good === "200" ? { content: { "application/json": { schema: { type: "object" } } } } : {};
  return {
    operationId: name,
    summary,
    description: right === "none" ? "Answered to anybody." : `Needs the right \`${right}\`, where keys are configured.`,
    security: right === "none" ? [] : [{ bearer: [] }, { apiKey: [] }],
    parameters: [...inPath, ...inQuery],
    responses: {
      [good]: { description: "Done", ...content },
      ...Object.fromEntries(codes.map((code) => [code, failed])),
    },
  };
}

/** RFC 9457. */
const problem = {
  type: "object",
  required: ["type", "title", "status", "detail", "requestId"],
  properties: {
    type: { type: "string", format: "uri" },
    title: { type: "string" },
    status: { type: "integer" },
    detail: { type: "string" },
    requestId: { type: "string" },
    problems: {
      type: "array",
      items: {
        type: "object",
        required: ["place", "message"],
        properties: {
          place: { type: "string" },
          message: { type: "string" },
          expected: { type: "string" },
          rule: { type: "string" },
        },
      },
    },
  },
};
