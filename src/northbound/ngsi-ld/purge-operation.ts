import { HubError } from "../../core/errors.ts";
import type { Filter } from "../../core/filter.ts";
import type { Context } from "../../ngsi-ld/context/contexts.ts";
import type { EntityState } from "../../ngsi-ld/entity/entity-state.ts";
import { requireName } from "../../ngsi-ld/names.ts";
import type { EntityService, PartError } from "../../ngsi-ld/service/entity-service.ts";
import type { ApiRequest, Operation } from "../operation-types.ts";
import { multiStatus, noContent } from "./answer.ts";
import { filterOf, selectorOf } from "./entity-filter.ts";
import { checkParameters, listParameter } from "./parameters.ts";
import { entityError } from "./problem.ts";
import { SELECTION_PARAMETERS } from "./query-parameters.ts";
import { contextOfHeader } from "./request-context.ts";
import type { NgsiLdParts } from "./room.ts";

const PAGE = 200;

/** Which attributes go; undefined: the entities go whole. */
type Doomed = ((name: string) => boolean) | undefined;

/** Deletes what a query finds, whole or by attributes (5.6.21). Linked attributes stay and are told of (rule 6). */
export function purgeOperation({ contexts, room }: NgsiLdParts): Operation {
  return {
    name: "PurgeEntities",
    method: "DELETE",
    path: "/entities",
    clause: "CIM 009 v1.9.1, 5.6.21, 6.4.3.3",
    right: "write",
    async handle(request) {
      checkParameters(request.query, [...SELECTION_PARAMETERS, "keep", "drop"]);
      const context = await contextOfHeader(request, contexts);
      const filter = filterOf(request.query, selectorOf(request.query), context);
      const doomed = doomedOf(request.query, context);
      const { entities } = await room(request.scope.tenant);
      const { success, errors } = await purge(request, entities, filter, doomed);
      return errors.length === 0 ? noContent(request) : multiStatus(request, { success, errors });
    },
  };
}

function doomedOf(query: URLSearchParams, context: Context): Doomed {
  const names = (parameter: string): ReadonlySet<string> | undefined => {
    const given = listParameter(query, parameter);
    if (given === undefined) return undefined;
    return new Set(given.map((name) => context.table.expand(requireName(name, `the name in "${parameter}"`))));
  };
  const keep = names("keep");
  const drop = names("drop");
  if (keep !== undefined && drop !== undefined) {
    throw new HubError("invalid", "keep and drop exclude each other (CIM 009 6.4.3.3)");
  }
  if (keep !== undefined) return (name) => !keep.has(name);
  return drop === undefined ? undefined : (name) => drop.has(name);
}

async function purge(request: ApiRequest, entities: EntityService, filter: Filter, doomed: Doomed) {
  const success: string[] = [];
  const errors: Record<string, unknown>[] = [];
  let after: number | undefined;
  do {
    request.scope.abort.throwIfAborted();
    const page = await entities.query(request.scope, {
      filter,
      page: { limit: PAGE, ...(after === undefined ? {} : { after }) },
    });
    for (const state of page.entities) {
      const { id } = state.entity;
      const failed = await purgeOne(request, entities, state, doomed);
      for (const { attribute, error } of failed)
        errors.push(entityError(id, new HubError(error.code, `${attribute}: ${error.message}`)));
      if (failed.length === 0) success.push(id);
    }
    after = page.next;
  } while (after !== undefined);
  return { success, errors };
}

/** What could not go. An entity that somebody else deleted in the meantime is gone as well. */
async function purgeOne(
  { scope }: ApiRequest,
  entities: EntityService,
  { entity }: EntityState,
  doomed: Doomed,
): Promise<readonly PartError[]> {
  const failed: PartError[] = [];
  const names =
    doomed === undefined ? [undefined] : [...new Set(entity.attributes.map(({ name }) => name).filter(doomed))];
  for (const name of names) {
    try {
      const result =
        name === undefined
          ? await entities.delete(scope, entity.id)
          : await entities.deleteAttribute(scope, entity.id, name, "all");
      failed.push(...result.failed);
    } catch (thrown) {
      const error = HubError.from(thrown);
      if (error.code === "aborted") throw error;
      if (error.code !== "not-found") failed.push({ attribute: name ?? "the entity", datasetId: undefined, error });
    }
  }
  return failed;
}
