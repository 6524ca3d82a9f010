import { mkdtemp, rm, utimes, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { expect } from "chai";
import { readTemplate, TemplateFiles } from "../../../src/aas/templates/template-file.ts";
import type { HubError } from "../../../src/core/errors.ts";

const submodel = (id: string, idShort = "Data") => ({ modelType: "Submodel", id, idShort, kind: "Template" });

describe("template files", () => {
  let folder: string;
  before(async () => {
    folder = await mkdtemp(join(tmpdir(), "twinweave-templates-"));
  });
  after(() => rm(folder, { recursive: true }));
  const write = (file: string, content: unknown): Promise<void> =>
    writeFile(join(folder, file), typeof content === "string" ? content : JSON.stringify(content));

  it("are a submodel, an environment with one, or the one of a name among several", async () => {
    await write("one.json", submodel("urn:1"));
    await write("two.json", { submodels: [submodel("urn:1"), submodel("urn:2", "Blue")] });
    expect((await readTemplate(folder, "one.json", "Any")).submodel.id).to.equal("urn:1");
    expect((await readTemplate(folder, "two.json", "Blue")).submodel.id).to.equal("urn:2");
    const none = await readTemplate(folder, "two.json").then(
      () => expect.fail(),
      (error: HubError) => error,
    );
    expect(none.message).to.contain("holds 2 submodels");
  });

  it("may be XML", async () => {
    await write(
      "one.xml",
      `<?xml version="1.0"?>
<environment xmlns="https://admin-shell.io/aas/3/1"><submodels><submodel>
  <idShort>Data</idShort><id>urn:xml</id><kind>Template</kind>
</submodel></submodels></environment>`,
    );
    expect((await readTemplate(folder, "one.xml", "Data")).submodel).to.deep.equal(submodel("urn:xml"));
    await write("broken.xml", "<environment>secret");
    const error = await readTemplate(folder, "broken.xml").then(
      () => expect.fail(),
      (thrown: HubError) => thrown,
    );
    expect([error.code, error.problems]).to.deep.equal(["config", []]);
  });

  it("are read once for all assets, and again when they are others", async () => {
    const files = new TemplateFiles();
    await write("live.json", submodel("urn:before"));
    const first = await files.read(folder, "live.json", "Data");
    expect(await files.read(folder, "live.json", "Data")).to.equal(first);
    await write("live.json", submodel("urn:after1"));
    await utimes(join(folder, "live.json"), 1, 1);
    expect((await files.read(folder, "live.json", "Data")).submodel.id).to.equal("urn:after1");
  });
});
