import { parseExactJson } from "../../aas/json/exact-json.ts";
import { modelReference } from "../../aas/metamodel/reference.ts";
import { submodelMetadata, submodelPaths } from "../../aas/value-only/content.ts";
import { defaultModifiers } from "../../aas/value-only/modifiers.ts";
import type { OperationForm } from "./aas-operation.ts";
import { created, json, jsonText, noContent } from "./answer.ts";
import { bodyText, checkMetadataLevel, expectedOf, jsonBody, modifiersOf, refuseModifiers } from "./parameters.ts";
import type { SubmodelRoot } from "./submodel-root.ts";

/** IDTA-01002 v3.1.2, "Submodel Interface", for one submodel at a root; its elements are in `element-operations.ts`. */
export function submodelOperations(root: SubmodelRoot): readonly OperationForm[] {
  const { path } = root;
  const named = (name: string): string => `${name}${root.suffix}`;
  return [
    {
      name: named("GetSubmodelById"),
      method: "GET",
      path,
      query: ["level", "extent"],
      gives: "Submodel",
      handle: async (request, services) => {
        const modifiers = modifiersOf(request);
        const { text, etag } = await services.reader.normal(await root.locate(request, services), modifiers);
        return jsonText(text, etag);
      },
    },
    {
      name: named("PutSubmodelById"),
      method: "PUT",
      path,
      query: ["level"],
      takes: "Submodel",
      gives: "Submodel",
      success: [201, 204],
      handle: async (request, services) => {
        modifiersOf(request);
        const body = await jsonBody(request);
        const id = await root.locateNew(request, services, body);
        const alongside = () => root.gaining(request, services, id);
        const written = await services.submodels.put(request.scope, id, body, expectedOf(request), alongside);
        return written.created ? created(body, root.url(request, id), written) : noContent(written);
      },
    },
    {
      name: named("PatchSubmodelById"),
      method: "PATCH",
      path,
      query: ["level"],
      takes: "Submodel",
      handle: async (request, services) => {
        modifiersOf(request);
        const id = await root.locate(request, services);
        const body = await jsonBody(request);
        return noContent(await services.submodels.patch(request.scope, id, body, expectedOf(request)));
      },
    },
    ...deletion(root),
    {
      name: named("GetSubmodelById-Metadata"),
      method: "GET",
      path: `${path}/$metadata`,
      gives: "SubmodelMetadata",
      handle: async (request, services) => {
        refuseModifiers(request, "metadata");
        const { row, stored } = await services.reader.head(await root.locate(request, services));
        return json(submodelMetadata(stored), `"${row.version}"`);
      },
    },
    {
      name: named("PatchSubmodelById-Metadata"),
      method: "PATCH",
      path: `${path}/$metadata`,
      query: ["level"],
      takes: "SubmodelMetadata",
      handle: async (request, services) => {
        checkMetadataLevel(request);
        const id = await root.locate(request, services);
        const body = await jsonBody(request);
        return noContent(await services.submodels.patchMetadata(request.scope, id, body, expectedOf(request)));
      },
    },
    {
      name: named("GetSubmodelById-ValueOnly"),
      method: "GET",
      path: `${path}/$value`,
      query: ["level", "extent"],
      gives: "SubmodelValue",
      handle: async (request, services) => {
        const modifiers = modifiersOf(request);
        const view = await services.reader.view(await root.locate(request, services));
        const { text, etag } = services.reader.text(view, "value", modifiers);
        return jsonText(text, etag);
      },
    },
    {
      name: named("PatchSubmodelById-ValueOnly"),
      method: "PATCH",
      path: `${path}/$value`,
      query: ["level"],
      takes: "SubmodelValue",
      handle: async (request, services) => {
        modifiersOf(request);
        const id = await root.locate(request, services);
        const body = parseExactJson(await bodyText(request));
        await services.values.patch(request.scope, id, undefined, body, expectedOf(request));
        return noContent();
      },
    },
    {
      name: named("GetSubmodelById-Reference"),
      method: "GET",
      path: `${path}/$reference`,
      gives: "Reference",
      handle: async (request, services) => {
        refuseModifiers(request, "reference");
        const { row } = await services.reader.head(await root.locate(request, services));
        return json(modelReference("Submodel", row.id), `"${row.version}"`);
      },
    },
    {
      name: named("GetSubmodelById-Path"),
      method: "GET",
      path: `${path}/$path`,
      query: ["level"],
      gives: "PathItem[]",
      handle: async (request, services) => {
        const { level } = modifiersOf(request);
        const { row, shown } = await services.reader.view(await root.locate(request, services));
        return json(submodelPaths(shown, { ...defaultModifiers, level }), `"${row.version}"`);
      },
    },
  ];
}

/** Where a hub serves one submodel there is no end of it. */
function deletion({ path, suffix, losing, locate }: SubmodelRoot): readonly OperationForm[] {
  if (losing === undefined) return [];
  return [
    {
      name: `DeleteSubmodelById${suffix}`,
      method: "DELETE",
      path,
      handle: async (request, services) => {
        const id = await locate(request, services);
        const alongside = () => losing(request, services, id);
        await services.submodels.delete(request.scope, id, expectedOf(request), alongside);
        return noContent();
      },
    },
  ];
}
