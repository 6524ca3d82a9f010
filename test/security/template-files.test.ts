import { mkdtemp, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { expect } from "chai";
import { readTemplate } from "../../src/aas/templates/template-file.ts";
import type { HubError } from "../../src/core/errors.ts";

describe("A template file", () => {
  let folder: string;
  before(async () => {
    folder = await mkdtemp(join(tmpdir(), "twinweave-template-"));
  });
  after(() => rm(folder, { recursive: true }));
  const refusal = (file: string): Promise<HubError> =>
    readTemplate(folder, file, "A").then(
      () => expect.fail("it was read"),
      (error: HubError) => error,
    );

  it("that is something else shows nothing of what it holds", async () => {
    await writeFile(join(folder, "secret"), "hunter2:x:0:0\n");
    const error = await refusal("secret");
    expect(error.code).to.equal("config");
    expect(`${error.message}${JSON.stringify(error.problems)}`)
      .to.not.contain("hunter2")
      .and.not.contain(folder);
  });

  it("without an end, or that is a folder, is not read", async function () {
    if (process.platform === "win32") this.skip();
    for (const file of ["/dev/zero", "."]) expect((await refusal(file)).message).to.contain("cannot be read");
  });
});
