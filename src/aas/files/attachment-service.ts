import { HubError } from "../../core/errors.ts";
import type { Scope } from "../../core/scope.ts";
import { lastStep, parentPath } from "../id-short-path.ts";
import type { File } from "../metamodel/types.ts";
import { splitElement } from "../parts.ts";
import type { ServiceParts } from "../services/commit.ts";
import type { SubmodelReader } from "../services/submodel-reader.ts";
import {
  checkExpectedFile,
  deleteFile,
  type ExpectedFile,
  type FilePlace,
  fileAt,
  putFile,
  type StoredFile,
  type Upload,
} from "./file-place.ts";
import { filesNamedBy } from "./named-files.ts";

/** Files of File elements. @throws HubError of all: `not-found`, `method-not-allowed` for another kind of element */
export interface AttachmentService {
  get(submodel: string, path: string): Promise<StoredFile>;
  /** What can be said before the content is read. @throws HubError `precondition-failed` */
  admit(submodel: string, path: string, expected: ExpectedFile): Promise<void>;
  /** Sets value and contentType with the file. */
  put(scope: Scope, submodel: string, path: string, upload: Upload, expected: ExpectedFile): Promise<void>;
  /** Takes value and file away. */
  delete(scope: Scope, submodel: string, path: string, expected: ExpectedFile): Promise<void>;
}

export function createAttachmentService(parts: ServiceParts, reader: SubmodelReader): AttachmentService {
  const { documents } = parts;

  async function place(submodel: string, path: string): Promise<FilePlace> {
    const { row, stored } = await reader.element(submodel, path);
    if (stored.modelType !== "File") throw noFile(path, stored.modelType);
    return {
      collection: "submodel",
      id: submodel,
      version: row.version,
      what: path,
      path: stored.value,
      contentType: stored.contentType,
      usualName: stored.idShort ?? "file",
      others: await namedBesides(submodel, path),
      naming: (file) => valuePut(submodel, path, stored, file),
    };
  }

  async function namedBesides(submodel: string, path: string): Promise<ReadonlySet<string>> {
    const elements = await documents.parts("submodel", submodel);
    return new Set(elements.flatMap((element) => (element.key === path ? [] : filesNamedBy(element))));
  }

  return {
    get: async (submodel, path) => await fileAt(documents, await place(submodel, path)),
    admit: async (submodel, path, expected) =>
      await checkExpectedFile(documents, await place(submodel, path), expected),
    put: async (scope, submodel, path, upload, expected) =>
      await putFile(parts, scope, () => place(submodel, path), upload, expected),
    delete: async (scope, submodel, path, expected) =>
      await deleteFile(parts, scope, () => place(submodel, path), expected),
  };
}

function valuePut(
  submodel: string,
  path: string,
  { value: _value, ...element }: File,
  file: Parameters<FilePlace["naming"]>[0],
): ReturnType<FilePlace["naming"]> {
  const next: File = file === undefined ? element : { ...element, value: file.path, contentType: file.contentType };
  const split = splitElement(next, parentPath(path), lastStep(path));
  return split.map((part) => ({ kind: "part.put", collection: "submodel", id: submodel, part, how: "value" }));
}

function noFile(path: string, type: string): HubError {
  const why = type === "Blob" ? "a Blob holds its content in its own value" : `a ${type} has no file`;
  const message = `${path} is no File: ${why}`;
  return new HubError("method-not-allowed", message, {
    problems: [{ place: "idShortPath", message, expected: "the path of a File element" }],
  });
}
