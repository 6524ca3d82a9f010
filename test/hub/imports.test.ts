import { mkdir, mkdtemp, readdir, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { PassThrough, Readable } from "node:stream";
import { expect } from "chai";
import type { ImportReport } from "../../src/aas/import/import-report.ts";
import type { ImportService } from "../../src/aas/import/import-service.ts";
import { HubError } from "../../src/core/errors.ts";
import type { Scope } from "../../src/core/scope.ts";
import { createImports } from "../../src/hub/imports.ts";

const wish = { mode: "mend", conflict: "skip" } as const;

describe("files that are imported over the network", () => {
  let folder: string;
  const stop = new AbortController();
  const scope: Scope = {
    tenant: "default",
    actor: { name: "t", rights: ["admin"] },
    requestId: "1",
    abort: stop.signal,
  };
  const seen: string[] = [];
  const imports: ImportService = {
    async begin(_scope, path) {
      seen.push(path);
      if (seen.length === 1) throw new HubError("malformed", "no AAS file");
      return { done: Promise.reject(new HubError("store-full", "no room")), soFar: () => ({}) as ImportReport };
    },
    run: () => Promise.reject(new HubError("internal", "nobody calls it")),
  };
  before(async () => {
    folder = join(await mkdtemp(join(tmpdir(), "twinweave-imports-")), "uploads");
    await mkdir(folder);
    await writeFile(join(folder, "left-over"), "of a hub that was killed");
  });
  after(() => rm(join(folder, ".."), { recursive: true }));

  it("are kept aside while that lasts, however it ends, and no longer", async () => {
    const port = await createImports({ servicesOf: () => ({ imports }), folder });
    const failed = async (content: Readable): Promise<unknown> => {
      const run = await port.begin(scope, content, wish);
      return await run.done;
    };
    for (const code of ["malformed", "store-full"]) {
      const thrown = await failed(Readable.from([Buffer.from("{}")])).catch((error: unknown) => error);
      expect(thrown).to.be.instanceOf(HubError).with.property("code", code);
    }
    expect(seen).to.have.length(2);
    expect(await readdir(folder)).to.deep.equal([]);
  });

  it("are taken four at a time; another is asked to come again", async () => {
    const port = await createImports({ servicesOf: () => ({ imports }), folder });
    const running = [1, 2, 3, 4].map(() => port.begin(scope, new PassThrough(), wish).catch((error: unknown) => error));
    const fifth = await port.begin(scope, new PassThrough(), wish).catch((error: unknown) => error);
    expect(fifth).to.be.instanceOf(HubError).with.property("code", "overloaded");
    stop.abort();
    await Promise.all(running);
    expect(await readdir(folder)).to.deep.equal([]);
    const after = await port.begin({ ...scope, abort: new AbortController().signal }, Readable.from(["x"]), wish);
    expect(await after.done.catch((error: unknown) => error)).to.be.instanceOf(HubError);
  });
});
