import type { Collection } from "../../core/document.ts";
import { isObject } from "../validation/check.ts";

/** An element as it is stored, or a document's head. */
export interface Naming {
  readonly kind: string;
  readonly body: string;
}

/** The paths that an element of its own says, without those below it: a File's value, Files among an Operation's variables. */
export function filesNamedBy({ kind, body }: Naming): readonly string[] {
  if (!holdsFiles(kind)) return [];
  return filesIn(JSON.parse(body));
}

/** Whether elements of this kind may name files themselves. */
export function holdsFiles(kind: string): boolean {
  return kind === "File" || kind === "Operation";
}

/** The path of a shell's thumbnail. */
export function thumbnailNamedBy(body: string): readonly string[] {
  const shell: unknown = JSON.parse(body);
  const information = isObject(shell) ? shell.assetInformation : undefined;
  const thumbnail = isObject(information) ? information.defaultThumbnail : undefined;
  return isObject(thumbnail) && typeof thumbnail.path === "string" ? [thumbnail.path] : [];
}

/** Collections whose documents say what their files are. */
export function namesFiles(collection: Collection): collection is "shell" | "submodel" {
  return collection === "shell" || collection === "submodel";
}

function filesIn(json: unknown): readonly string[] {
  if (Array.isArray(json)) return json.flatMap(filesIn);
  if (!isObject(json)) return [];
  if (json.modelType === "File") return typeof json.value === "string" ? [json.value] : [];
  return Object.values(json).flatMap(filesIn);
}
