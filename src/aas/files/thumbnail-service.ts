import type { Scope } from "../../core/scope.ts";
import type { Shell } from "../metamodel/types.ts";
import type { ServiceParts } from "../services/commit.ts";
import type { ShellService } from "../services/shell-service.ts";
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

/** The thumbnails of assets. @throws HubError of all: `not-found` */
export interface ThumbnailService {
  get(shell: string): Promise<StoredFile>;
  /** What can be said before the content is read. @throws HubError `precondition-failed` */
  admit(shell: string, expected: ExpectedFile): Promise<void>;
  /** Sets defaultThumbnail with the file. */
  put(scope: Scope, shell: string, upload: Upload, expected: ExpectedFile): Promise<void>;
  /** Takes defaultThumbnail and file away. */
  delete(scope: Scope, shell: string, expected: ExpectedFile): Promise<void>;
}

export function createThumbnailService(parts: ServiceParts, shells: ShellService): ThumbnailService {
  const { documents } = parts;

  async function place(id: string): Promise<FilePlace> {
    const { row, value: shell } = await shells.get(id);
    const { path, contentType } = shell.assetInformation.defaultThumbnail ?? {};
    return {
      collection: "shell",
      id,
      version: row.version,
      what: "the shell's thumbnail",
      path,
      contentType,
      usualName: "thumbnail",
      others: new Set(),
      naming: (file) => shells.replacement(row, withThumbnail(shell, file)).mutations,
    };
  }

  return {
    get: async (shell) => await fileAt(documents, await place(shell)),
    admit: async (shell, expected) => await checkExpectedFile(documents, await place(shell), expected),
    put: async (scope, shell, upload, expected) => await putFile(parts, scope, () => place(shell), upload, expected),
    delete: async (scope, shell, expected) => await deleteFile(parts, scope, () => place(shell), expected),
  };
}

function withThumbnail(shell: Shell, thumbnail: Shell["assetInformation"]["defaultThumbnail"]): Shell {
  const { defaultThumbnail: _replaced, ...information } = shell.assetInformation;
  const assetInformation = thumbnail === undefined ? information : { ...information, defaultThumbnail: thumbnail };
  return { ...shell, assetInformation };
}
