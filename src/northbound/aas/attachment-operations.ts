import { parseIdShortPath } from "../../aas/id-short-path.ts";
import { formOverhead } from "../multipart-form.ts";
import type { ApiRequest } from "../operation-types.ts";
import type { OperationForm } from "./aas-operation.ts";
import { noContent } from "./answer.ts";
import type { SubmodelRoot } from "./submodel-root.ts";
import { expectedFileOf, receiveForm, sendFile, uploadOf } from "./uploads.ts";

/**
 * IDTA-01002 v3.1.2, GetFileByPath, PutFileByPath, DeleteFileByPath: the files of File elements.
 * @param limit bytes of a file
 */
export function attachmentOperations(root: SubmodelRoot, limit: number): readonly OperationForm[] {
  const path = `${root.path}/submodel-elements/{idShortPath}/attachment`;
  const named = (name: string): string => `${name}${root.suffix}`;
  const pathOf = ({ params }: ApiRequest): string => {
    const text = params.idShortPath ?? "";
    parseIdShortPath(text);
    return text;
  };

  return [
    {
      name: named("GetFileByPath"),
      method: "GET",
      path,
      givesFile: true,
      handle: async (request, services) => {
        const place = pathOf(request);
        const submodel = await root.locate(request, services);
        return await sendFile(request, services, await services.attachments.get(submodel, place));
      },
    },
    {
      name: named("PutFileByPath"),
      method: "PUT",
      path,
      takesForm: ["fileName", "file"],
      bodyLimit: limit + formOverhead,
      handle: async (request, services) => {
        const place = pathOf(request);
        const submodel = await root.locate(request, services);
        const expected = expectedFileOf(request);
        // A refusal that is certain comes before the content.
        await services.attachments.admit(submodel, place, expected);
        const upload = uploadOf(await receiveForm(request, services, limit));
        await services.attachments.put(request.scope, submodel, place, upload, expected);
        return noContent();
      },
    },
    {
      name: named("DeleteFileByPath"),
      method: "DELETE",
      path,
      // The one DELETE for which the OpenAPI knows no 204.
      success: [200],
      handle: async (request, services) => {
        const place = pathOf(request);
        const submodel = await root.locate(request, services);
        await services.attachments.delete(request.scope, submodel, place, expectedFileOf(request));
        return { status: 200 };
      },
    },
  ];
}
