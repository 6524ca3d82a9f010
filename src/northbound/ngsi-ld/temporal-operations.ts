import { HubError } from "../../core/errors.ts";
import { requireName, requireUri } from "../../ngsi-ld/names.ts";
import { SCOPE } from "../../ngsi-ld/temporal/evolution-source.ts";
import { parseInstance, parseTemporalFragment } from "../../ngsi-ld/temporal/temporal-entity.ts";
import type { ApiRequest, Operation } from "../operation-types.ts";
import { created, noContent, pathSegment } from "./answer.ts";
import { entityId } from "./entity-operations.ts";
import { checkParameters, flagParameter } from "./parameters.ts";
import { contextOfHeader, readBody } from "./request-context.ts";
import type { NgsiLdParts } from "./room.ts";

/** Writes what entities were (5.6.11 to 5.6.16); nothing of it reaches a device (rule 12). */
export function temporalOperations(parts: NgsiLdParts): readonly Operation[] {
  const { contexts } = parts;
  const writer = async (request: ApiRequest, creates = false) => (await parts.room(request.scope.tenant, creates)).past;
  return [
    {
      name: "UpsertTemporalEntity",
      method: "POST",
      path: "/temporal/entities",
      clause: "CIM 009 v1.9.1, 5.6.11, 6.18.3.1",
      right: "write",
      async handle(request) {
        checkParameters(request.query, ["local"]);
        const { json, context } = await readBody(request, contexts);
        const fragment = parseTemporalFragment(json, context.table);
        const id = requireUri(fragment.id, "the entity's id");
        const outcome = await (await writer(request, true)).upsert(request.scope, fragment);
        return outcome === "created"
          ? created(request, `/ngsi-ld/v1/temporal/entities/${pathSegment(id)}`)
          : noContent(request);
      },
    },
    {
      name: "AddTemporalAttributes",
      method: "POST",
      path: "/temporal/entities/{entityId}/attrs",
      clause: "CIM 009 v1.9.1, 5.6.12, 6.20.3.1",
      right: "write",
      async handle(request) {
        checkParameters(request.query, ["local"]);
        const id = entityId(request);
        const { json, context } = await readBody(request, contexts);
        const fragment = parseTemporalFragment(json, context.table);
        if (fragment.id !== undefined && fragment.id !== id)
          throw new HubError("invalid", `the body's id ${fragment.id} is not that of the path`);
        await (await writer(request)).add(request.scope, id, fragment);
        return noContent(request);
      },
    },
    {
      name: "DeleteTemporalAttribute",
      method: "DELETE",
      path: "/temporal/entities/{entityId}/attrs/{attrId}",
      clause: "CIM 009 v1.9.1, 5.6.13, 6.21.3.1",
      right: "write",
      async handle(request) {
        checkParameters(request.query, ["local", "datasetId", "deleteAll"]);
        const id = entityId(request);
        const name = await attributeOf(request);
        const datasetId = request.query.get("datasetId");
        if (datasetId !== null && datasetId !== "@none") requireUri(datasetId, "the parameter datasetId");
        const one = { datasetId: datasetId === null || datasetId === "@none" ? undefined : datasetId };
        const which = flagParameter(request.query, "deleteAll") ? "all" : one;
        await (await writer(request)).deleteAttribute(request.scope, id, name, which);
        return noContent(request);
      },
    },
    {
      name: "ModifyTemporalInstance",
      method: "PATCH",
      path: "/temporal/entities/{entityId}/attrs/{attrId}/{instanceId}",
      clause: "CIM 009 v1.9.1, 5.6.14, 6.22.3.1",
      right: "write",
      async handle(request) {
        checkParameters(request.query, ["local"]);
        const id = entityId(request);
        const term = requireName(request.params.attrId, "the attribute name in the path");
        const instanceId = instanceOf(request);
        const { json, context } = await readBody(request, contexts);
        const instance = parseInstance(term, json, context.table);
        await (await writer(request)).amend(request.scope, id, instance.name, instanceId, instance);
        return noContent(request);
      },
    },
    {
      name: "DeleteTemporalInstance",
      method: "DELETE",
      path: "/temporal/entities/{entityId}/attrs/{attrId}/{instanceId}",
      clause: "CIM 009 v1.9.1, 5.6.15, 6.22.3.2",
      right: "write",
      async handle(request) {
        checkParameters(request.query, ["local"]);
        const id = entityId(request);
        const name = await attributeOf(request);
        await (await writer(request)).amend(request.scope, id, name, instanceOf(request));
        return noContent(request);
      },
    },
    {
      name: "DeleteTemporalEntity",
      method: "DELETE",
      path: "/temporal/entities/{entityId}",
      clause: "CIM 009 v1.9.1, 5.6.16, 6.19.3.2",
      right: "write",
      async handle(request) {
        checkParameters(request.query, ["local"]);
        const id = entityId(request);
        await (await writer(request)).delete(request.scope, id);
        return noContent(request);
      },
    },
  ];

  /** Expanded. */
  async function attributeOf(request: ApiRequest): Promise<string> {
    const name = requireName(request.params.attrId, "the attribute name in the path");
    const { table } = await contextOfHeader(request, contexts);
    return name === SCOPE ? name : table.expand(name);
  }
}

const instanceOf = (request: ApiRequest): string => requireUri(request.params.instanceId, "the instanceId in the path");
