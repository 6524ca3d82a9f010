import { isIdShortPath, parseIdShortPath } from "../../aas/id-short-path.ts";
import { parseExactJson } from "../../aas/json/exact-json.ts";
import { elementReference } from "../../aas/metamodel/reference.ts";
import type { SubmodelElement } from "../../aas/metamodel/types.ts";
import type { AasServices } from "../../aas/services/aas-services.ts";
import type { ElementView } from "../../aas/services/submodel-reader.ts";
import { elementMetadata, normalElement, pathsOf } from "../../aas/value-only/content.ts";
import { defaultModifiers, type Modifiers } from "../../aas/value-only/modifiers.ts";
import { valueOnly } from "../../aas/value-only/value-only.ts";
import { HubError } from "../../core/errors.ts";
import type { ApiRequest, ApiResponse } from "../operation-types.ts";
import type { OperationForm } from "./aas-operation.ts";
import { created, json, jsonText, noContent } from "./answer.ts";
import type { Edition } from "./edition.ts";
import { bodyText, checkMetadataLevel, expectedOf, jsonBody, modifiersOf, refuseModifiers } from "./parameters.ts";
import type { SubmodelRoot } from "./submodel-root.ts";

/** IDTA-01002 v3.1.2, "Submodel Interface": one element by its idShortPath, in each content. */
export function elementOperations(root: SubmodelRoot, edition: Edition): readonly OperationForm[] {
  const path = `${root.path}/submodel-elements/{idShortPath}`;
  const named = (name: string): string => `${name}${root.suffix}`;
  const pathOf = ({ params }: ApiRequest): string => {
    const text = params.idShortPath ?? "";
    if (!isIdShortPath(text)) parseIdShortPath(text);
    return text;
  };
  const urlOf = (request: ApiRequest, submodel: string, place: string): string =>
    `${root.url(request, submodel)}/submodel-elements/${encodeURIComponent(place)}`;

  async function found(request: ApiRequest, services: AasServices): Promise<ElementView> {
    const place = pathOf(request);
    return await services.reader.element(await root.locate(request, services), place);
  }

  async function read(
    request: ApiRequest,
    services: AasServices,
    view: (element: SubmodelElement) => unknown,
  ): Promise<ApiResponse> {
    const { row, live, linked } = await found(request, services);
    const text = JSON.stringify(view(live));
    return jsonText(text, services.reader.etag(row, text, linked));
  }

  return [
    {
      name: named("GetSubmodelElementByPath"),
      method: "GET",
      path,
      query: ["level", "extent"],
      gives: "SubmodelElement",
      handle: async (request, services) => {
        const modifiers = modifiersOf(request);
        return await read(request, services, (element) => normalElement(element, modifiers));
      },
    },
    {
      name: named("PostSubmodelElementByPath"),
      method: "POST",
      path,
      takes: "SubmodelElement",
      gives: "SubmodelElement",
      handle: async (request, services) => {
        const parent = pathOf(request);
        const submodel = await root.locate(request, services);
        const body = await jsonBody(request);
        const place = await services.elements.create(request.scope, submodel, parent, body);
        return created(body, urlOf(request, submodel, place));
      },
    },
    {
      name: named("PutSubmodelElementByPath"),
      method: "PUT",
      path,
      query: ["level"],
      takes: "SubmodelElement",
      gives: "SubmodelElement",
      success: [201, 204],
      handle: async (request, services) => {
        modifiersOf(request);
        const place = pathOf(request);
        const submodel = await root.locate(request, services);
        const body = await jsonBody(request);
        const written = await services.elements.put(request.scope, submodel, place, body, expectedOf(request));
        return written.created ? created(body, urlOf(request, submodel, place), written) : noContent(written);
      },
    },
    {
      name: named("PatchSubmodelElementByPath"),
      method: "PATCH",
      path,
      query: ["level"],
      takes: "SubmodelElement",
      handle: async (request, services) => {
        modifiersOf(request);
        const place = pathOf(request);
        const submodel = await root.locate(request, services);
        const body = await jsonBody(request);
        return noContent(await services.elements.patch(request.scope, submodel, place, body, expectedOf(request)));
      },
    },
    {
      name: named("DeleteSubmodelElementByPath"),
      method: "DELETE",
      path,
      handle: async (request, services) => {
        const place = pathOf(request);
        const submodel = await root.locate(request, services);
        await services.elements.delete(request.scope, submodel, place, expectedOf(request));
        return noContent();
      },
    },
    {
      name: named("GetSubmodelElementByPath-Metadata"),
      method: "GET",
      path: `${path}/$metadata`,
      gives: "SubmodelElementMetadata",
      handle: async (request, services) => {
        refuseModifiers(request, "metadata");
        return await read(request, services, (element) => elementMetadata(element) ?? refuse(element, "$metadata"));
      },
    },
    {
      name: named("PatchSubmodelElementByPath-Metadata"),
      method: "PATCH",
      path: `${path}/$metadata`,
      takes: "SubmodelElementMetadata",
      handle: async (request, services) => {
        checkMetadataLevel(request);
        const place = pathOf(request);
        const submodel = await root.locate(request, services);
        const body = await jsonBody(request);
        const expected = expectedOf(request);
        return noContent(await services.elements.patchMetadata(request.scope, submodel, place, body, expected));
      },
    },
    {
      name: named("GetSubmodelElementByPath-ValueOnly"),
      method: "GET",
      path: `${path}/$value`,
      query: ["level", "extent"],
      gives: "SubmodelElementValue",
      handle: async (request, services) => {
        const modifiers = modifiersOf(request);
        return await read(request, services, (element) =>
          edition.elementValue(element, shownValue(element, modifiers)),
        );
      },
    },
    {
      name: named("PatchSubmodelElementByPath-ValueOnly"),
      method: "PATCH",
      path: `${path}/$value`,
      query: ["level"],
      takes: "SubmodelElementValue",
      handle: async (request, services) => {
        modifiersOf(request);
        const place = pathOf(request);
        const submodel = await root.locate(request, services);
        const body = parseExactJson(await bodyText(request));
        const value = await edition.patchedValue(services.reader, submodel, place, body);
        await services.values.patch(request.scope, submodel, place, value, expectedOf(request));
        return noContent();
      },
    },
    {
      name: named("GetSubmodelElementByPath-Reference"),
      method: "GET",
      path: `${path}/$reference`,
      gives: "Reference",
      handle: async (request, services) => {
        refuseModifiers(request, "reference");
        const { row } = await found(request, services);
        const place = pathOf(request);
        const chain = await services.reader.chain(row.id, place);
        return json(elementReference(row.id, parseIdShortPath(place), chain), `"${row.version}"`);
      },
    },
    {
      name: named("GetSubmodelElementByPath-Path"),
      method: "GET",
      path: `${path}/$path`,
      query: ["level"],
      gives: "PathItem[]",
      handle: async (request, services) => {
        const { level } = modifiersOf(request);
        const { row, live } = await found(request, services);
        if (!["SubmodelElementCollection", "SubmodelElementList", "Entity"].includes(live.modelType)) {
          return refuse(live, "$path");
        }
        return json(pathsOf(live, pathOf(request), { ...defaultModifiers, level }), `"${row.version}"`);
      },
    },
  ];
}

/** A leaf without a value (rule 9) has nothing to show; what holds several values shows those that it has. */
function shownValue(element: SubmodelElement, modifiers: Modifiers): unknown {
  const value = valueOnly(element, modifiers);
  if (value !== undefined) return value;
  switch (element.modelType) {
    case "Capability":
    case "Operation":
      return refuse(element, "$value");
    case "Property":
    case "ReferenceElement":
      throw new HubError("not-found", `${element.idShort ?? "the element"} has no value (yet)`);
    case "MultiLanguageProperty":
    case "SubmodelElementList":
      return [];
    default:
      return {};
  }
}

/** IDTA-01002 v3.1.2, "Applicability of SerializationModifiers". */
function refuse(element: SubmodelElement, content: string): never {
  const message = `a ${element.modelType} has no ${content}`;
  throw new HubError("invalid", message, { problems: [{ place: "idShortPath", message }] });
}
