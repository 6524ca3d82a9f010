import { mkdir } from "node:fs/promises";
import { dirname } from "node:path";
import { syncFolder } from "./sync-folder.ts";

/**
 * Makes a folder with all above it and syncs the entries that are new: SQLite syncs the entries of its own files, but a
 * file whose folder is lost with the power is lost too.
 */
export async function makeSyncedFolder(folder: string): Promise<void> {
  // Plant data, and the secrets that subscriptions give their receivers: for this user alone.
  const first = await mkdir(folder, { recursive: true, mode: 0o700 });
  if (first === undefined) return;
  for (let made = folder; made.length >= first.length; made = dirname(made)) await syncFolder(dirname(made));
}
