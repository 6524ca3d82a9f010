import { HubError } from "../../core/errors.ts";
import type { Entity } from "../../ngsi-ld/entity/entity.ts";
import { parseEntity, parseFragment } from "../../ngsi-ld/entity/parse-entity.ts";
import { isObject, type Json } from "../../ngsi-ld/json/json.ts";
import { isUri, requireUri } from "../../ngsi-ld/names.ts";
import type { WriteResult } from "../../ngsi-ld/service/entity-service.ts";
import type { LocalEntityService } from "../../ngsi-ld/service/local-entity-service.ts";
import type { ApiRequest, ApiResponse, Operation } from "../operation-types.ts";
import { created, multiStatus, noContent } from "./answer.ts";
import { checkParameters, listParameter } from "./parameters.ts";
import { entityError } from "./problem.ts";
import { readItems } from "./request-context.ts";
import type { NgsiLdParts } from "./room.ts";
import { sideBySide } from "./side-by-side.ts";

const MAX_ITEMS = 1000;

type Step = (
  request: ApiRequest,
  entities: LocalEntityService,
  entity: Entity,
  json: Json,
) => Promise<"created" | WriteResult>;

/** Batch operations (5.5.11): items in order, each with its own outcome. */
export function batchOperations(parts: NgsiLdParts): readonly Operation[] {
  const operation = (
    name: string,
    path: string,
    clause: string,
    options: readonly string[],
    step: (options: readonly string[]) => Step,
    duplicates: "refused" | "in order",
  ): Operation => ({
    name,
    method: "POST",
    path: `/entityOperations/${path}`,
    clause: `CIM 009 v1.9.1, ${clause}`,
    right: "write",
    async handle(request) {
      checkParameters(request.query, ["options", "local"]);
      const given = listParameter(request.query, "options") ?? [];
      const unknown = given.find((option) => !options.includes(option));
      if (unknown !== undefined) throw new HubError("invalid", `there is no option "${unknown}"`);
      return runBatch(request, parts, step(given), duplicates);
    },
  });

  const createStep: Step = async (request, entities, entity) => {
    await entities.create(request.scope, entity);
    return "created";
  };
  return [
    operation("BatchCreate", "create", "5.6.7, 6.14.3.1", [], () => createStep, "refused"),
    operation(
      "BatchUpsert",
      "upsert",
      "5.6.8, 6.15.3.1",
      ["replace", "update"],
      (options) => async (request, entities, entity) => {
        try {
          return options.includes("update")
            ? await entities.append(request.scope, entity.id, entity, true)
            : await entities.replace(request.scope, entity);
        } catch (thrown) {
          const error = HubError.from(thrown);
          if (error.code !== "not-found") throw error;
          return createStep(request, entities, entity, null);
        }
      },
      "in order",
    ),
    operation(
      "BatchUpdate",
      "update",
      "5.6.9, 6.16.3.1",
      ["noOverwrite"],
      (options) => (request, entities, entity) =>
        entities.append(request.scope, entity.id, entity, !options.includes("noOverwrite")),
      "in order",
    ),
    {
      name: "BatchMerge",
      method: "POST",
      path: "/entityOperations/merge",
      clause: "CIM 009 v1.9.1, 5.6.20, 6.31.3.1",
      right: "write",
      handle: (request) => batchMerge(request, parts),
    },
    {
      name: "BatchDelete",
      method: "POST",
      path: "/entityOperations/delete",
      clause: "CIM 009 v1.9.1, 5.6.10, 6.17.3.1",
      right: "write",
      handle: (request) => batchDelete(request, parts),
    },
  ];
}

/** What became of one item. */
interface Outcome {
  readonly id: string;
  /** Undefined: nothing of it was done. */
  readonly done: "created" | "changed" | undefined;
  readonly errors: readonly Record<string, unknown>[];
}

/** Items under way at the same time; they share commits. */
const AT_ONCE = 64;

async function runBatch(
  request: ApiRequest,
  parts: NgsiLdParts,
  step: Step,
  duplicates: "refused" | "in order",
): Promise<ApiResponse> {
  const { items, contextOf } = await readItems(request, parts.contexts);
  checkItems(items);
  // Of the batch operations creation alone may make a tenant (5.5.10), and it alone refuses duplicates (5.5.11.1).
  const { entities } = await parts.room(request.scope.tenant, duplicates === "refused");
  const seen = new Set<string>();
  const outcomes = await sideBySide(items, idOf, AT_ONCE, async (item): Promise<Outcome> => {
    const id = idOf(item);
    try {
      request.scope.abort.throwIfAborted();
      const { table } = await contextOf(item);
      if (duplicates === "refused" && seen.has(id)) throw new HubError("already-exists", `the batch names ${id} twice`);
      seen.add(id);
      const entity = isUpdate(request)
        ? asEntity(parseFragment(item, { table, mode: "whole" }), id)
        : parseEntity(item, table);
      const result = await step(request, entities, entity, item);
      if (result === "created") return { id, done: "created", errors: [] };
      return {
        id,
        done: "changed",
        errors: result.failed.map((one) => entityError(id, prefixed(one.attribute, one.error))),
      };
    } catch (thrown) {
      return { id, done: undefined, errors: [entityError(id, HubError.from(thrown))] };
    }
  });
  request.scope.abort.throwIfAborted();
  const errors = outcomes.flatMap((outcome) => outcome.errors);
  const success = outcomes.filter(({ done }) => done !== undefined).map(({ id }) => id);
  if (errors.length > 0) return multiStatus(request, { success, errors });
  const made = outcomes.filter(({ done }) => done === "created").map(({ id }) => id);
  return made.length > 0 ? created(request, "", JSON.stringify(made)) : noContent(request);
}

/** Like PATCH of each entity: linked values go to their devices (rule 4). */
async function batchMerge(request: ApiRequest, parts: NgsiLdParts): Promise<ApiResponse> {
  checkParameters(request.query, ["local"]);
  const { items, contextOf } = await readItems(request, parts.contexts);
  checkItems(items);
  const { entities } = await parts.room(request.scope.tenant);
  const success: string[] = [];
  const errors: Record<string, unknown>[] = [];
  for (const item of items) {
    request.scope.abort.throwIfAborted();
    const id = idOf(item);
    try {
      const { table } = await contextOf(item);
      const fragment = parseFragment(item, { table, mode: "fragment" });
      const result = await entities.merge(request.scope, requireUri(fragment.id, "the id of an item"), fragment);
      for (const { attribute, error } of result.failed) errors.push(entityError(id, prefixed(attribute, error)));
      success.push(id);
    } catch (thrown) {
      errors.push(entityError(id, HubError.from(thrown)));
    }
  }
  return errors.length > 0 ? multiStatus(request, { success, errors }) : noContent(request);
}

const isUpdate = (request: ApiRequest): boolean => request.url.includes("/entityOperations/update");

/** A batch update's item needs no type: it adds to what is there (5.6.9). */
function asEntity(fragment: ReturnType<typeof parseFragment>, id: string): Entity {
  return {
    id: fragment.id ?? id,
    types: fragment.types ?? [],
    scope: fragment.scope ?? [],
    expiresAt: fragment.expiresAt ?? undefined,
    attributes: fragment.attributes.flatMap(({ body, ...rest }) => (body === undefined ? [] : [{ ...rest, body }])),
  };
}

async function batchDelete(request: ApiRequest, parts: NgsiLdParts): Promise<ApiResponse> {
  checkParameters(request.query, ["local"]);
  const { items } = await readItems(
    { ...request, headers: { ...request.headers, "content-type": plainType(request) } },
    parts.contexts,
  );
  checkItems(items, "id");
  const { entities } = await parts.room(request.scope.tenant);
  const outcomes = await sideBySide(items, String, AT_ONCE, async (item) => {
    const id = String(item);
    try {
      request.scope.abort.throwIfAborted();
      const { failed } = await entities.delete(request.scope, requireUri(item, "an entity id of the batch"));
      return { id, errors: failed.map(({ attribute, error }) => entityError(id, prefixed(attribute, error))) };
    } catch (thrown) {
      return { id, errors: [entityError(id, HubError.from(thrown))] };
    }
  });
  request.scope.abort.throwIfAborted();
  const errors = outcomes.flatMap((outcome) => outcome.errors);
  const success = outcomes.filter((outcome) => outcome.errors.length === 0).map(({ id }) => id);
  return errors.length > 0 ? multiStatus(request, { success, errors }) : noContent(request);
}

/** A list of ids has no place for an @context, so JSON-LD's rules on it do not apply. */
const plainType = (request: ApiRequest): string | undefined =>
  request.headers["content-type"]?.replace("application/ld+json", "application/json");

function checkItems(items: readonly Json[], kind: "entity" | "id" = "entity"): void {
  if (items.length > MAX_ITEMS) throw new HubError("too-large", `a batch may have ${MAX_ITEMS} items at most`);
  for (const [index, item] of items.entries()) {
    const fits = kind === "id" ? typeof item === "string" : isObject(item);
    if (!fits) throw new HubError("invalid", `/${index} of the batch is not an ${kind}`);
  }
}

function idOf(item: Json): string {
  const id = isObject(item) ? (item.id ?? item["@id"]) : undefined;
  return isUri(id) ? id : String(id ?? "");
}

const prefixed = (attribute: string, error: HubError): HubError =>
  new HubError(error.code, `${attribute}: ${error.message}`, { problems: error.problems });
