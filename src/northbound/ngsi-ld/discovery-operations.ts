import { randomUUID } from "node:crypto";
import type { Context } from "../../ngsi-ld/context/contexts.ts";
import type { Discovery } from "../../ngsi-ld/discovery/discovery.ts";
import { isArray, type Json, type JsonObject, stringifyJson } from "../../ngsi-ld/json/json.ts";
import { requireName } from "../../ngsi-ld/names.ts";
import type { ApiRequest, Operation } from "../operation-types.ts";
import { answer } from "./answer.ts";
import { LD_TYPE, negotiate } from "./media-type.ts";
import { checkParameters, flagParameter } from "./parameters.ts";
import { contextOfHeader } from "./request-context.ts";
import type { NgsiLdParts } from "./room.ts";

type Find = (
  discovery: Discovery,
  context: Context,
  request: ApiRequest,
) => Promise<JsonObject | readonly JsonObject[]>;

/** Types and attributes that there are (CIM 009 5.7.5 to 5.7.10). */
export function discoveryOperations(parts: NgsiLdParts): readonly Operation[] {
  const operation = (name: string, path: string, clause: string, known: readonly string[], find: Find): Operation => ({
    name,
    method: "GET",
    path,
    clause: `CIM 009 v1.9.1, ${clause}`,
    right: "read",
    async handle(request) {
      const type = negotiate(request.headers.accept);
      checkParameters(request.query, known);
      const context = await contextOfHeader(request, parts.contexts);
      const { discovery } = await parts.room(request.scope.tenant);
      const found = await find(discovery, context, request);
      const whole = (item: JsonObject): JsonObject =>
        type === LD_TYPE ? { ...item, "@context": context.reference } : item;
      const body: Json = isArray(found) ? found.map(whole) : whole(found as JsonObject);
      return answer(request, type, context, stringifyJson(body));
    },
  });

  return [
    operation(
      "RetrieveEntityTypes",
      "/types",
      "5.7.5, 5.7.6, 6.25.3.1",
      ["details", "local"],
      (discovery, { table }, { query }) =>
        flagParameter(query, "details")
          ? discovery.typeDetails(table)
          : discovery.types(table, `urn:ngsi-ld:EntityTypeList:${randomUUID()}`),
    ),
    operation("RetrieveEntityType", "/types/{type}", "5.7.7, 6.26.3.1", ["local"], (discovery, { table }, { params }) =>
      discovery.type(table.expand(requireName(params.type, "the entity type in the path")), table),
    ),
    operation(
      "RetrieveAttributes",
      "/attributes",
      "5.7.8, 5.7.9, 6.27.3.1",
      ["details", "local"],
      (discovery, { table }, { query }) =>
        flagParameter(query, "details")
          ? discovery.attributeDetails(table)
          : discovery.attributes(table, `urn:ngsi-ld:AttributeList:${randomUUID()}`),
    ),
    operation(
      "RetrieveAttribute",
      "/attributes/{attrId}",
      "5.7.10, 6.28.3.1",
      ["local"],
      (discovery, { table }, { params }) =>
        discovery.attribute(table.expand(requireName(params.attrId, "the attribute name in the path")), table),
    ),
  ];
}
