import { modelReference } from "../../aas/metamodel/reference.ts";
import type { AasServices } from "../../aas/services/aas-services.ts";
import { cursorPlace, type PageOf } from "../../aas/services/paging.ts";
import type { SubmodelHead, SubmodelView } from "../../aas/services/submodel-reader.ts";
import { submodelMetadata, submodelPaths } from "../../aas/value-only/content.ts";
import { defaultModifiers, type Modifiers } from "../../aas/value-only/modifiers.ts";
import type { Filter } from "../../core/filter.ts";
import type { ApiRequest } from "../operation-types.ts";
import type { OperationForm } from "./aas-operation.ts";
import { created, paged, pagedText } from "./answer.ts";
import type { Edition } from "./edition.ts";
import { jsonBody, modifiersOf, pageOfRequest, referenceKeyOf, refuseModifiers, textOf } from "./parameters.ts";
import { repositoryRoot } from "./submodel-root.ts";

const filters = ["semanticId", "idShort", "limit", "cursor"] as const;

/** IDTA-01002 v3.1.2, "Submodel Repository Interface": all submodels in each content, and new ones. */
export const submodelListOperations = (edition: Edition): readonly OperationForm[] => [
  {
    name: "GetAllSubmodels",
    method: "GET",
    path: "/submodels",
    query: [...filters, "level", "extent"],
    gives: "GetSubmodelsResult",
    handle: async (request, services) => {
      const modifiers = modifiersOf(request);
      return paged(await listed(request, services), (view) => services.reader.text(view, "normal", modifiers).text);
    },
  },
  {
    name: "PostSubmodel",
    method: "POST",
    path: "/submodels",
    takes: "Submodel",
    gives: "Submodel",
    handle: async (request, { submodels }) => {
      const submodel = await submodels.create(request.scope, await jsonBody(request));
      return created(submodel, repositoryRoot.url(request, submodel.id));
    },
  },
  {
    name: "GetAllSubmodels-Metadata",
    method: "GET",
    path: "/submodels/$metadata",
    query: filters,
    gives: "GetSubmodelsMetadataResult",
    handle: async (request, services) => {
      refuseModifiers(request, "metadata");
      return paged(await heads(request, services), ({ stored }) => JSON.stringify(submodelMetadata(stored)));
    },
  },
  {
    // The schema of v3.1 is one object for all submodels; their ids alone tell them apart.
    name: "GetAllSubmodels-ValueOnly",
    method: "GET",
    path: "/submodels/$value",
    query: [...filters, "level", "extent"],
    gives: "GetSubmodelsValueResult",
    handle: async (request, services) => {
      const modifiers = modifiersOf(request);
      const { items, cursor } = await listed(request, services);
      const texts = items.map((view) => [view.row.id, services.reader.text(view, "value", modifiers).text] as const);
      return pagedText(edition.submodelValues(new Map(texts)), cursor);
    },
  },
  {
    name: "GetAllSubmodels-Reference",
    method: "GET",
    path: "/submodels/$reference",
    query: filters,
    gives: "GetReferencesResult",
    handle: async (request, services) => {
      refuseModifiers(request, "reference");
      return paged(await heads(request, services), ({ row }) => JSON.stringify(modelReference("Submodel", row.id)));
    },
  },
  {
    name: "GetAllSubmodels-Path",
    method: "GET",
    path: "/submodels/$path",
    query: [...filters, "level"],
    gives: "GetPathItemsResult",
    handle: async (request, services) => {
      const { level } = modifiersOf(request);
      return paged(await listedPaths(request, services, { ...defaultModifiers, level }));
    },
  },
];

/** A page of paths, not of submodels: it may end within one, so its cursor is a submodel's and an index in it. */
async function listedPaths(
  request: ApiRequest,
  { reader }: AasServices,
  modifiers: Modifiers,
): Promise<PageOf<string>> {
  const filter = filterOf(request);
  const { limit, cursor } = pageOfRequest(request);
  const from = pathCursor(cursor);
  const items: string[] = [];
  let at = from.submodel;
  for (let start = from.index; ; start = 0) {
    const page = await reader.views(filter, at === "" ? { limit: 1 } : { limit: 1, cursor: at });
    const [view] = page.items;
    const paths = view === undefined ? [] : submodelPaths(view.shown, modifiers);
    const taken = paths.slice(start, start + limit - items.length);
    items.push(...taken);
    if (start + taken.length < paths.length) return { items, cursor: `${at}.${start + taken.length}` };
    if (page.cursor === undefined) return { items };
    at = page.cursor;
    if (items.length === limit) return { items, cursor: `${at}.0` };
  }
}

/** Whose paths come next, and how many of them were in the page before. @throws HubError `malformed` */
function pathCursor(cursor: string | undefined): { readonly submodel: string; readonly index: number } {
  if (cursor === undefined) return { submodel: "", index: 0 };
  const [, submodel = "", index = ""] = /^([\w-]*)\.(\d{1,9})$/.exec(cursor) ?? [];
  if (submodel !== "" || index === "") cursorPlace(submodel);
  return { submodel, index: Number(index) };
}

async function listed(request: ApiRequest, { reader }: AasServices): Promise<PageOf<SubmodelView>> {
  return await reader.views(filterOf(request), pageOfRequest(request));
}

/** For contents that show no element: none is loaded. */
async function heads(request: ApiRequest, { reader }: AasServices): Promise<PageOf<SubmodelHead>> {
  return await reader.heads(filterOf(request), pageOfRequest(request));
}

function filterOf(request: ApiRequest): Filter | undefined {
  const idShort = textOf(request, "idShort");
  const semanticId = referenceKeyOf(request, "semanticId");
  const of: Filter[] = [];
  if (idShort !== undefined) of.push({ kind: "key", name: "idShort", in: [idShort] });
  if (semanticId !== undefined) of.push({ kind: "key", name: "semanticId", in: [semanticId] });
  return of.length === 0 ? undefined : { kind: "all", of };
}
