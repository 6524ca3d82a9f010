import { open } from "node:fs/promises";

/** Syncs the entries of a folder: a file whose entry is lost with the power is lost too. */
export async function syncFolder(folder: string): Promise<void> {
  // Windows has no sync of a folder.
  if (process.platform === "win32") return;
  const handle = await open(folder, "r");
  try {
    await handle.sync();
  } finally {
    await handle.close();
  }
}
