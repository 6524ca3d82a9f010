import { randomBytes } from "node:crypto";
import { mkdir, readFile, writeFile } from "node:fs/promises";
import { join } from "node:path";

/**
 * The name of our session at the broker: made once and kept, so that a restart resumes the session, and two hubs with
 * the same configuration do not throw each other out.
 */
export async function ownClientId(source: string, dataDir: string): Promise<string> {
  const file = join(dataDir, "client-id");
  const kept = await readFile(file, "utf8").catch((error: NodeJS.ErrnoException) => {
    if (error.code === "ENOENT") return "";
    throw error;
  });
  if (kept !== "") return kept;
  const made = `twinweave-${source}-${randomBytes(4).toString("hex")}`;
  await mkdir(dataDir, { recursive: true });
  await writeFile(file, made, { mode: 0o600 });
  return made;
}
