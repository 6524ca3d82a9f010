import { HubError } from "../../core/errors.ts";
import { parseAttribute } from "../../ngsi-ld/entity/parse-attribute.ts";
import { parseFragment, parsePartialAttribute } from "../../ngsi-ld/entity/parse-entity.ts";
import { isObject } from "../../ngsi-ld/json/json.ts";
import { requireName, requireUri } from "../../ngsi-ld/names.ts";
import type { WriteResult } from "../../ngsi-ld/service/entity-service.ts";
import { SCOPE } from "../../ngsi-ld/temporal/evolution-source.ts";
import type { ApiRequest, ApiResponse, Operation } from "../operation-types.ts";
import { multiStatus, noContent } from "./answer.ts";
import { entityId } from "./entity-operations.ts";
import { typeTestOf } from "./entity-view.ts";
import { checkParameters, flagParameter, listParameter } from "./parameters.ts";
import { contextOfHeader, readBody } from "./request-context.ts";
import type { NgsiLdParts } from "./room.ts";

export function attributeOperations(parts: NgsiLdParts): readonly Operation[] {
  const { contexts } = parts;
  const room = (request: ApiRequest) => parts.room(request.scope.tenant);

  return [
    {
      name: "AppendAttributes",
      method: "POST",
      path: "/entities/{entityId}/attrs",
      clause: "CIM 009 v1.9.1, 5.6.3, 6.6.3.1",
      right: "write",
      async handle(request) {
        checkParameters(request.query, ["options", "type", "local"]);
        const options = listParameter(request.query, "options") ?? [];
        const unknown = options.find((option) => option !== "noOverwrite");
        if (unknown !== undefined) throw new HubError("invalid", `there is no option "${unknown}"`);
        const { json, context } = await readBody(request, contexts);
        const fragment = parseFragment(json, { table: context.table, mode: "whole" });
        const test = typeTestOf(request.query, context);
        const { entities } = await room(request);
        return updateAnswer(
          request,
          await entities.append(request.scope, entityId(request), fragment, options.length === 0, test),
        );
      },
    },
    {
      name: "UpdateAttributes",
      method: "PATCH",
      path: "/entities/{entityId}/attrs",
      clause: "CIM 009 v1.9.1, 5.6.2, 6.6.3.2",
      right: "write",
      async handle(request) {
        checkParameters(request.query, ["type", "local"]);
        const { json, context } = await readBody(request, contexts);
        const fragment = parseFragment(json, { table: context.table, mode: "fragment" });
        const test = typeTestOf(request.query, context);
        const { entities } = await room(request);
        return updateAnswer(request, await entities.update(request.scope, entityId(request), fragment, test));
      },
    },
    {
      name: "PartialAttributeUpdate",
      method: "PATCH",
      path: "/entities/{entityId}/attrs/{attrId}",
      clause: "CIM 009 v1.9.1, 5.6.4, 6.7.3.1",
      right: "write",
      async handle(request) {
        checkParameters(request.query, ["type", "local"]);
        const { json, context } = await readBody(request, contexts);
        refuseScope(request, "5.6.4.4");
        const name = context.table.expand(attributeId(request));
        const instance = parsePartialAttribute(attributeId(request), json, context.table);
        const test = typeTestOf(request.query, context);
        const { entities } = await room(request);
        const result = await entities.updateAttribute(request.scope, entityId(request), { ...instance, name }, test);
        return updateAnswer(request, result);
      },
    },
    {
      name: "ReplaceAttribute",
      method: "PUT",
      path: "/entities/{entityId}/attrs/{attrId}",
      clause: "CIM 009 v1.9.1, 5.6.19, 6.7.3.3",
      right: "write",
      async handle(request) {
        checkParameters(request.query, ["type", "local"]);
        const { json, context } = await readBody(request, contexts);
        refuseScope(request, "5.6.19.4");
        const { "@context": _context, ...bare } = isObject(json) ? json : {};
        const [instance] = parseAttribute(
          attributeId(request),
          bare,
          { table: context.table, mode: "whole" },
          `/${attributeId(request)}`,
        );
        if (instance === undefined) throw new HubError("invalid", "the attribute is empty");
        const test = typeTestOf(request.query, context);
        const { entities } = await room(request);
        return updateAnswer(request, await entities.replaceAttribute(request.scope, entityId(request), instance, test));
      },
    },
    {
      name: "DeleteAttribute",
      method: "DELETE",
      path: "/entities/{entityId}/attrs/{attrId}",
      clause: "CIM 009 v1.9.1, 5.6.5, 6.7.3.2",
      right: "write",
      async handle(request) {
        checkParameters(request.query, ["type", "local", "datasetId", "deleteAll"]);
        const context = await contextOfHeader(request, contexts);
        const { entities, past } = await room(request);
        const test = typeTestOf(request.query, context);
        const datasetId = request.query.get("datasetId");
        if (datasetId !== null && datasetId !== "@none") requireUri(datasetId, "the parameter datasetId");
        const one = { datasetId: datasetId === null || datasetId === "@none" ? undefined : datasetId };
        const which = flagParameter(request.query, "deleteAll") ? "all" : one;
        const term = attributeId(request);
        const name = term === SCOPE ? term : context.table.expand(term);
        const id = entityId(request);
        // An entity that has a past alone keeps the deletion as a part of it (4.5.7).
        if (await past.tombstone(request.scope, id, name, which, test)) return noContent(request);
        if (name === SCOPE) return updateAnswer(request, await entities.deleteScope(request.scope, id, test));
        return updateAnswer(request, await entities.deleteAttribute(request.scope, id, name, which, test));
      },
    },
  ];
}

const attributeId = (request: ApiRequest): string =>
  requireName(request.params.attrId, "the attribute name in the path");

function refuseScope(request: ApiRequest, clause: string): void {
  if (attributeId(request) === "scope") {
    throw new HubError("invalid", `the scope cannot be changed like an attribute's instance (CIM 009 ${clause})`);
  }
}

/** 204, or 207 with what was and was not updated (5.2.18); fully qualified names, as 6.3.6 wants. */
function updateAnswer(request: ApiRequest, { updated, failed }: WriteResult): ApiResponse {
  if (failed.length === 0) return noContent(request);
  const notUpdated = failed.map(({ attribute, datasetId, error }) => ({
    attributeName: attribute,
    ...(datasetId === undefined ? {} : { datasetId }),
    reason: error.message,
  }));
  return multiStatus(request, { updated, notUpdated });
}
