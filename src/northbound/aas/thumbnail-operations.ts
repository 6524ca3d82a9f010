import { formOverhead } from "../multipart-form.ts";
import type { OperationForm } from "./aas-operation.ts";
import { noContent } from "./answer.ts";
import type { ShellRoot } from "./shell-root.ts";
import { expectedFileOf, receiveForm, sendFile, uploadOf } from "./uploads.ts";

/**
 * IDTA-01002 v3.1.2, GetThumbnail, PutThumbnail, DeleteThumbnail.
 * @param limit bytes of a file
 */
export function thumbnailOperations(root: ShellRoot, limit: number): readonly OperationForm[] {
  const path = `${root.path}/asset-information/thumbnail`;
  const named = (name: string): string => `${name}${root.suffix}`;

  return [
    {
      name: named("GetThumbnail"),
      method: "GET",
      path,
      givesFile: true,
      handle: async (request, services) => {
        const shell = await root.locate(request, services);
        return await sendFile(request, services, await services.thumbnails.get(shell));
      },
    },
    {
      name: named("PutThumbnail"),
      method: "PUT",
      path,
      takesForm: ["fileName", "file"],
      bodyLimit: limit + formOverhead,
      handle: async (request, services) => {
        const shell = await root.locate(request, services);
        const expected = expectedFileOf(request);
        // A refusal that is certain comes before the content.
        await services.thumbnails.admit(shell, expected);
        const upload = uploadOf(await receiveForm(request, services, limit));
        await services.thumbnails.put(request.scope, shell, upload, expected);
        return noContent();
      },
    },
    {
      name: named("DeleteThumbnail"),
      method: "DELETE",
      path,
      handle: async (request, services) => {
        const shell = await root.locate(request, services);
        await services.thumbnails.delete(request.scope, shell, expectedFileOf(request));
        return noContent();
      },
    },
  ];
}
