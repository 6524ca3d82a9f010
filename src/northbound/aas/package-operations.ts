import type { PackageUpload } from "../../aas/files/package-service.ts";
import { parseJson } from "../../aas/json/exact-json.ts";
import { HubError } from "../../core/errors.ts";
import type { BlobRef } from "../../store/contract.ts";
import { type FileForm, formOverhead } from "../multipart-form.ts";
import type { ApiRequest } from "../operation-types.ts";
import type { OperationForm } from "./aas-operation.ts";
import { created, noContent, paged } from "./answer.ts";
import { expectedOf, identifierOf, identifiersOf, pageOfRequest, textOf, toBase64url } from "./parameters.ts";
import { receiveForm, sendFile, uploadOf } from "./uploads.ts";

const path = "/packages/{packageId}";
const longestId = 2048;

/**
 * IDTA-01002 v3.1.2, "AASX File Server Interface".
 * @param limit bytes of a package
 */
export function packageOperations(limit: number): readonly OperationForm[] {
  return [
    {
      name: "GetAllAASXPackageIds",
      method: "GET",
      path: "/packages",
      query: ["aasId", "limit", "cursor"],
      gives: "GetPackageDescriptionsResult",
      handle: async (request, services) => {
        const page = pageOfRequest(request);
        return paged(await services.packages.list(aasIdOf(request), page));
      },
    },
    {
      name: "PostAASXPackage",
      method: "POST",
      path: "/packages",
      takesForm: ["aasIds", "fileName", "file"],
      bodyLimit: limit + formOverhead,
      gives: "PackageDescription",
      handle: async (request, services) => {
        const upload = packageOf(await receiveForm(request, services, limit));
        const description = await services.packages.create(request.scope, upload);
        return created(description, urlOf(request, description.packageId));
      },
    },
    {
      name: "GetAASXByPackageId",
      method: "GET",
      path,
      givesFile: true,
      handle: async (request, services) => {
        const { file, version } = await services.packages.get(identifierOf(request, "packageId"));
        const answer = await sendFile(request, services, file, String(version));
        return { ...answer, headers: { ...answer.headers, "x-filename": inHeader(file.fileName) } };
      },
    },
    {
      name: "PutAASXByPackageId",
      method: "PUT",
      path,
      takesForm: ["aasIds", "fileName", "file"],
      bodyLimit: limit + formOverhead,
      gives: "PackageDescription",
      success: [201, 204],
      handle: async (request, services) => {
        const id = identifierOf(request, "packageId");
        const upload = packageOf(await receiveForm(request, services, limit));
        const put = await services.packages.put(request.scope, id, upload, expectedOf(request));
        return put.created ? created(put.description, urlOf(request, id)) : noContent();
      },
    },
    {
      name: "DeleteAASXByPackageId",
      method: "DELETE",
      path,
      handle: async (request, services) => {
        await services.packages.delete(request.scope, identifierOf(request, "packageId"), expectedOf(request));
        return noContent();
      },
    },
  ];
}

function packageOf(form: FileForm<BlobRef>): PackageUpload {
  return { ...uploadOf(form), aasIds: aasIdsOf(form.fields.get("aasIds")) };
}

/**
 * A shell's id in base64url. The BaSyx SDK sends it as it is; where it has a colon, as most have, that is no base64url.
 */
function aasIdOf(request: ApiRequest): string | undefined {
  const given = textOf(request, "aasId");
  return given?.includes(":") === true ? given : identifiersOf(request, "aasId")[0];
}

/**
 * The array `aasIds` in the ways in which clients put one into a form: a field an id, one field of ids between commas,
 * or a JSON array, in which an id may have commas. @throws HubError `malformed`
 */
function aasIdsOf(values: readonly string[] = []): readonly string[] | undefined {
  const [only = ""] = values;
  const ids: readonly unknown[] =
    values.length > 1 ? values : only.startsWith("[") ? (parseJson(only) as unknown[]) : only.split(/\s*,\s*/);
  const given = ids.filter((id) => id !== "");
  if (given.length === 0) return undefined;
  return given.map((id) => {
    if (typeof id === "string" && id.length <= longestId && !/\p{Cc}/u.test(id)) return id;
    const message = "aasIds: no identifiers of shells";
    throw new HubError("malformed", message, {
      problems: [{ place: "aasIds", message, expected: `texts of up to ${longestId} characters` }],
    });
  });
}

function urlOf({ baseUrl }: ApiRequest, id: string): string {
  return `${baseUrl}/packages/${toBase64url(id)}`;
}

/** Header fields are ASCII: all else is percent-encoded. */
function inHeader(fileName: string): string {
  return fileName.replace(/[^\x20-\x24\x26-\x7E]+/g, (text) => encodeURIComponent(text.toWellFormed()));
}
