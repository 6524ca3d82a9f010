import { elementReference } from "../../aas/metamodel/reference.ts";
import type { SubmodelElement } from "../../aas/metamodel/types.ts";
import type { AasServices } from "../../aas/services/aas-services.ts";
import type { PageOf } from "../../aas/services/paging.ts";
import { normalElement } from "../../aas/value-only/content.ts";
import type { ApiRequest } from "../operation-types.ts";
import type { OperationForm } from "./aas-operation.ts";
import { created, paged, pagedText } from "./answer.ts";
import type { Edition } from "./edition.ts";
import { jsonBody, modifiersOf, pageOfRequest, refuseModifiers } from "./parameters.ts";
import type { SubmodelRoot } from "./submodel-root.ts";

/** IDTA-01002 v3.1.2, "Submodel Interface": the elements right below a submodel, in each content, and new ones. */
export function elementListOperations(root: SubmodelRoot, edition: Edition): readonly OperationForm[] {
  const path = `${root.path}/submodel-elements`;
  const named = (name: string): string => `${name}${root.suffix}`;

  async function page(request: ApiRequest, services: AasServices): Promise<PageOf<SubmodelElement>> {
    return await services.reader.elements(await root.locate(request, services), pageOfRequest(request));
  }

  return [
    {
      name: named("GetAllSubmodelElements"),
      method: "GET",
      path,
      query: ["limit", "cursor", "level", "extent"],
      gives: "GetSubmodelElementsResult",
      handle: async (request, services) => {
        const modifiers = modifiersOf(request);
        return paged(await page(request, services), (element) => JSON.stringify(normalElement(element, modifiers, 1)));
      },
    },
    {
      name: named("PostSubmodelElement"),
      method: "POST",
      path,
      takes: "SubmodelElement",
      gives: "SubmodelElement",
      handle: async (request, services) => {
        const submodel = await root.locate(request, services);
        const body = await jsonBody(request);
        const place = await services.elements.create(request.scope, submodel, undefined, body);
        return created(body, `${root.url(request, submodel)}/submodel-elements/${encodeURIComponent(place)}`);
      },
    },
    {
      name: named("GetAllSubmodelElements-Metadata"),
      method: "GET",
      path: `${path}/$metadata`,
      query: ["limit", "cursor"],
      gives: "GetSubmodelElementsMetadataResult",
      handle: async (request, services) => {
        refuseModifiers(request, "metadata");
        const { items, ...rest } = await page(request, services);
        return paged({ ...rest, items: items.flatMap((element) => edition.listedMetadata(element) ?? []) });
      },
    },
    {
      name: named("GetAllSubmodelElements-ValueOnly"),
      method: "GET",
      path: `${path}/$value`,
      query: ["limit", "cursor", "level", "extent"],
      gives: "GetSubmodelElementsValueResult",
      handle: async (request, services) => {
        const modifiers = modifiersOf(request);
        const { items, cursor } = await page(request, services);
        return pagedText(JSON.stringify(edition.elementValues(items, modifiers)), cursor);
      },
    },
    {
      name: named("GetAllSubmodelElements-Reference"),
      method: "GET",
      path: `${path}/$reference`,
      query: ["limit", "cursor"],
      gives: "GetReferencesResult",
      handle: async (request, services) => {
        refuseModifiers(request, "reference");
        const submodel = await root.locate(request, services);
        const { items, ...rest } = await services.reader.elements(submodel, pageOfRequest(request));
        const references = items.map(({ idShort = "", modelType }) =>
          elementReference(submodel, [idShort], [modelType]),
        );
        return paged({ ...rest, items: references });
      },
    },
    {
      name: named("GetAllSubmodelElements-Path"),
      method: "GET",
      path: `${path}/$path`,
      query: ["limit", "cursor", "level"],
      gives: "GetPathItemsResult",
      handle: async (request, services) => {
        const { level } = modifiersOf(request);
        return paged(await services.reader.paths(await root.locate(request, services), pageOfRequest(request), level));
      },
    },
  ];
}
