import { execFile } from "node:child_process";
import { mkdtemp, readFile, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { fileURLToPath } from "node:url";
import { expect } from "chai";
import { requireFile } from "../support/foreign-server.ts";

const MAIN = fileURLToPath(new URL("../../src/main.ts", import.meta.url));

describe("twinweave template", function () {
  this.timeout(20_000);
  let cwd: string;
  before(async () => {
    cwd = await mkdtemp(join(tmpdir(), "twinweave-template-cli-"));
  });
  after(() => rm(cwd, { recursive: true, force: true }));

  const run = (...args: readonly string[]): Promise<{ code: number; out: string; err: string }> =>
    new Promise((resolve) => {
      execFile(process.execPath, [MAIN, "template", ...args], { cwd }, (error, out, err) =>
        resolve({ code: typeof error?.code === "number" ? error.code : 0, out, err }),
      );
    });

  it("lists the templates that come with it", async () => {
    const { code, out } = await run("list");
    expect(code).to.equal(0);
    expect(out).to.match(/^nameplate +3\.0 +https:\/\/admin-shell\.io\/idta-02006-3-0$/m);
  });

  it("makes a submodel, says what is missing with 1, and finds nothing in what is whole", async () => {
    await writeFile(join(cwd, "some.yaml"), "SerialNumber: '4711'\nManufacturerName: { en: Acme }\n");
    const some = await run("new", "nameplate", "--id", "urn:a:1", "--values", "some.yaml", "--out", "some.json");
    expect(some.code).to.equal(1);
    expect(some.err).to.contain("URIOfTheProduct has no value").and.to.contain("3 things to do");
    const made = JSON.parse(await readFile(join(cwd, "some.json"), "utf8"));
    expect(made).to.include({ id: "urn:a:1", kind: "Instance", idShort: "Nameplate" });
    await writeFile(
      join(cwd, "whole.yaml"),
      `URIOfTheProduct: http://a.example/1
ManufacturerName: { en: Acme }
ManufacturerProductDesignation: { en: Pump }
OrderCodeOfManufacturer: P1
`,
    );
    const whole = ["new", "nameplate", "--id", "urn:a:2", "--values", "whole.yaml", "--environment"];
    const { code, out, err } = await run(...whole);
    expect([code, err]).to.deep.equal([0, "nothing is missing\n"]);
    await writeFile(join(cwd, "whole.json"), out);
    expect(await run("check", "whole.json", "--template", "nameplate")).to.include({ code: 0 });
    const other = await run("check", "some.json", "--template", "nameplate");
    expect(other).to.include({ code: 1, err: "" });
    expect(other.out).to.contain("OrderCodeOfManufacturer has no value");
  });

  it("takes IDTA's own files", async function () {
    const official = requireFile(this, "../shared/idta-templates/02002-1-0-1_ContactInformation.json");
    const { code, out } = await run("new", official, "--id", "urn:contact:1");
    expect([code, JSON.parse(out).idShort]).to.deep.equal([0, "ContactInformations"]);
  });

  it("refuses what cannot be read, and a value without a place", async () => {
    expect((await run("new", "nothing-of-this", "--id", "urn:a")).err).to.contain("cannot be read");
    await writeFile(join(cwd, "odd.yaml"), "SerialNumber: { deep: { deeper: 1 } }\n");
    const odd = await run("new", "nameplate", "--id", "urn:a", "--values", "odd.yaml");
    expect(odd.code).to.equal(1);
    expect(odd.err).to.contain("/SerialNumber/deep");
  });
});
