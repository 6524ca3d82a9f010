import { createWriteStream } from "node:fs";
import { writeFile } from "node:fs/promises";
import { join } from "node:path";
import { Readable } from "node:stream";
import { pipeline } from "node:stream/promises";
import { type AasxFile, writeAasx } from "../../../src/aas/aasx/write-aasx.ts";
import type { ImportOptions, ImportReport } from "../../../src/aas/import/import-report.ts";
import { HubError } from "../../../src/core/errors.ts";
import type { Scope } from "../../../src/core/scope.ts";
import { type AasRoom, openAasRoom } from "../../northbound/aas/aas-room.ts";

/** A hub's repositories with what tests of imports do to them. */
export async function openImportRoom() {
  const room: AasRoom = await openAasRoom();
  const scope: Scope = {
    tenant: "default",
    actor: { name: "test", rights: ["admin"] },
    requestId: "test",
    abort: new AbortController().signal,
  };
  let count = 0;
  const fresh = (): string => join(room.directory, `import-${++count}`);

  async function run(
    content: string | Uint8Array | object,
    options: Partial<ImportOptions> = {},
  ): Promise<ImportReport> {
    const file = fresh();
    const isText = typeof content === "string" || content instanceof Uint8Array;
    await writeFile(file, isText ? content : JSON.stringify(content));
    return await room.services.imports.run(scope, file, { mode: "mend", conflict: "skip", ...options });
  }

  return {
    ...room,
    scope,
    run,
    /** `what place: rule` of each note. */
    async notes(
      content: string | Uint8Array | object,
      options: Partial<ImportOptions> = {},
    ): Promise<readonly string[]> {
      return (await run(content, options)).notes.map(({ what, place, rule }) => `${what} ${place}: ${rule}`);
    },
    async refused(content: string | Uint8Array | object, options: Partial<ImportOptions> = {}): Promise<HubError> {
      const thrown = await run(content, options).catch((error: unknown) => error);
      if (thrown instanceof HubError) return thrown;
      throw new Error("it was imported");
    },
    /** An AASX as the hub writes it, with these files. */
    async package(environment: object, files: readonly AasxFile[], thumbnail?: string): Promise<string> {
      const file = fresh();
      const spec = Readable.from([JSON.stringify(environment)]) as AsyncIterable<string>;
      const made = writeAasx({ spec, format: "json", files: () => files, thumbnail: () => thumbnail });
      await pipeline(made, createWriteStream(file));
      return file;
    },
    importFile: (file: string, options: Partial<ImportOptions> = {}) =>
      room.services.imports.run(scope, file, { mode: "mend", conflict: "skip", ...options }),
  };
}

export type ImportRoom = Awaited<ReturnType<typeof openImportRoom>>;

export const fileOf = (name: string, content: string, contentType = "text/plain"): AasxFile => ({
  name,
  contentType,
  open: async () => Readable.from([Buffer.from(content)]),
});
