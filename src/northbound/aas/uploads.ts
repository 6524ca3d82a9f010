import type { ExpectedFile, StoredFile, Upload } from "../../aas/files/file-place.ts";
import type { AasServices } from "../../aas/services/aas-services.ts";
import { HubError } from "../../core/errors.ts";
import type { BlobRef } from "../../store/contract.ts";
import { fileAnswer } from "../file-answer.ts";
import { type FileForm, readFileForm } from "../multipart-form.ts";
import type { ApiRequest, ApiResponse } from "../operation-types.ts";
import { renderError } from "./error-envelope.ts";

/** Reads a form whose file goes into the store while it arrives. @throws HubError as `readFileForm`, `store-full` */
export async function receiveForm(
  request: ApiRequest,
  { blobs }: AasServices,
  limit: number,
): Promise<FileForm<BlobRef>> {
  return await readFileForm(request, (content) => blobs.write(content, limit, request.scope.abort));
}

/** The file of a form: `fileName` names it, else its part does. */
export function uploadOf({ fields, file }: FileForm<BlobRef>): Upload {
  const fileName = [fields.get("fileName")?.[0], file.fileName].find((name) => name !== undefined && name !== "");
  return {
    ...(fileName === undefined ? {} : { fileName }),
    ...(file.contentType === undefined ? {} : { contentType: file.contentType }),
    blob: file.taken,
  };
}

/** @param etag without its quotes; the content's digest where left out */
export async function sendFile(
  request: ApiRequest,
  { blobs }: AasServices,
  file: StoredFile,
  etag: string = file.digest,
): Promise<ApiResponse> {
  const open = async (range?: { readonly start: number; readonly end: number }) => await blobs.read(file.digest, range);
  return await fileAnswer(request, { ...file, etag: `"${etag}"`, open }, () => {
    const error = new HubError("range-not-satisfiable", `the file has ${file.size} bytes; the range is beyond them`);
    return renderError(error, request.scope);
  });
}

/** If-Match and If-None-Match of a file; the tags of its document are taken, too. */
export function expectedFileOf({ headers }: ApiRequest): ExpectedFile {
  const given = headers["if-match"]?.trim();
  if (given === undefined) return headers["if-none-match"]?.trim() === "*" ? "absent" : undefined;
  if (given === "*") return "exist";
  return { tags: [...given.matchAll(/(?<!W\/)"([^"]*)"/g)].map(([, tag = ""]) => tag) };
}
