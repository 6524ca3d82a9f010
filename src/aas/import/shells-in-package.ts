import type { BlobPort, BlobRef } from "../../store/contract.ts";
import { BlobArchive } from "../aasx/blob-archive.ts";
import { openAasx } from "../aasx/read-aasx.ts";
import { isObject } from "../validation/check.ts";
import { ofPackage } from "./environment-file.ts";

/**
 * The ids of the shells in a package that is kept among the blobs, in its order, valid or not.
 * @throws HubError for what is no package, or cannot be read to its end
 */
export async function shellsInPackage(blobs: Pick<BlobPort, "read">, blob: BlobRef): Promise<readonly string[]> {
  const file = ofPackage(await openAasx(new BlobArchive(blobs, blob)));
  try {
    const ids = new Set<string>();
    for await (const { type, value } of file.documents(() => undefined)) {
      const id = type === "AssetAdministrationShell" && isObject(value) ? value.id : undefined;
      if (typeof id === "string") ids.add(id);
    }
    return [...ids];
  } finally {
    file.close();
  }
}
