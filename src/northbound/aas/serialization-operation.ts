import { Readable } from "node:stream";
import { HubError } from "../../core/errors.ts";
import type { ApiRequest } from "../operation-types.ts";
import type { OperationForm } from "./aas-operation.ts";
import { flagOf, identifiersOf } from "./parameters.ts";

const json = "application/json";

/** IDTA-01002 v3.1.2, "Serialization Interface", in the format that every profile asks for (SerializationFormat: JSON). */
export const serializationOperation: OperationForm = {
  name: "GenerateSerializationByIds",
  method: "GET",
  path: "/serialization",
  query: ["aasIds", "submodelIds", "includeConceptDescriptions"],
  gives: "Environment",
  handle: async (request, { serialization }) => {
    const selection = {
      shells: identifiersOf(request, "aasIds"),
      submodels: identifiersOf(request, "submodelIds"),
      concepts: flagOf(request, "includeConceptDescriptions") ?? true,
    };
    requireJson(request);
    const chunks = await serialization.environment(selection, request.scope.abort);
    return { status: 200, type: json, body: Readable.from(chunks) };
  },
};

/** @throws HubError `not-acceptable` where the client takes AASX or XML alone, which are not written here (yet) */
function requireJson({ headers }: ApiRequest): void {
  const { accept } = headers;
  if (accept === undefined || acceptsJson(accept)) return;
  const problems = [{ place: "Accept", message: "no JSON among what the client takes", expected: json }];
  throw new HubError("not-acceptable", `a serialization is written as ${json} only, not as AASX or XML`, { problems });
}

/** The range that names JSON most closely decides (RFC 9110, 12.5.1). */
function acceptsJson(accept: string): boolean {
  const weights = new Map<string, number>();
  for (const range of accept.split(",")) {
    const [name = "", ...parameters] = range.split(";").map((part) => part.trim().toLowerCase());
    const weight = parameters.find((parameter) => parameter.startsWith("q="))?.slice(2);
    weights.set(name, weight === undefined ? 1 : Number(weight));
  }
  const weight = weights.get(json) ?? weights.get("application/*") ?? weights.get("*/*") ?? 0;
  return weight > 0;
}
