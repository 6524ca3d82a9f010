import { type ChildProcess, spawn } from "node:child_process";
import { once } from "node:events";
import { mkdtemp, readdir, readFile, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { text } from "node:stream/consumers";
import { fileURLToPath } from "node:url";
import { expect } from "chai";
import { environment } from "../northbound/aas/all-elements.ts";

const MAIN = fileURLToPath(new URL("../../src/main.ts", import.meta.url));
const whole = { assetAdministrationShells: environment.shells, submodels: environment.submodels };

describe("twinweave import and export", function () {
  this.timeout(30_000);
  let folder: string;
  let hub: ChildProcess;
  let url: string;
  before(async () => {
    folder = await mkdtemp(join(tmpdir(), "twinweave-files-"));
    const args = [MAIN, "run", "--port", "0", "--data", join(folder, "data")];
    hub = spawn(process.execPath, args, { cwd: folder, stdio: ["ignore", "ignore", "inherit", "ipc"] });
    [{ url }] = (await once(hub, "message")) as [{ url: string }];
  });
  after(async () => {
    hub.kill("SIGTERM");
    await once(hub, "exit");
    await rm(folder, { recursive: true });
  });

  async function run(...args: readonly string[]) {
    const child = spawn(process.execPath, [MAIN, ...args, "--url", url], {
      cwd: folder,
      stdio: ["ignore", "pipe", "pipe"],
    });
    const [out, err, [code]] = await Promise.all([text(child.stdout), text(child.stderr), once(child, "close")]);
    return { out, err, code: code as number };
  }

  it("takes files, says what became of them, and writes them back in every format", async () => {
    await writeFile(join(folder, "plant.json"), JSON.stringify(whole));
    expect(await run("import", "plant.json", "--strict")).to.deep.equal({
      code: 0,
      err: "",
      out: "plant.json (json)\n  shells: 2 created\n  submodels: 4 created\n",
    });
    const served = await fetch(`${url}/api/v3.1/serialization`);
    expect(await served.json()).to.deep.equal(whole);
    expect((await run("export", "all.aasx")).out).to.equal("all.aasx\n");
    const again = await run("import", "all.aasx", "--on-conflict", "replace");
    expect(again.out).to.contain("all.aasx (aasx)\n  shells: 2 replaced\n  submodels: 4 replaced\n");
    const old = await run("export", "one.xml", "--shell", "urn:test:aas:1", "--api-version", "3.0", "--no-concepts");
    expect(old.code).to.equal(0);
    const xml = await readFile(join(folder, "one.xml"), "utf8");
    expect(xml)
      .to.contain("https://admin-shell.io/aas/3/0")
      .and.to.contain("urn:test:sm:2")
      .and.not.to.contain("<id>urn:test:sm:3");
    expect(await readdir(join(folder, "data", "uploads"))).to.deep.equal([]);
  });

  it("ends with 1 where something was left out or refused, and says where", async () => {
    const bad = { submodels: [{ modelType: "Submodel", id: "urn:bad", idShort: "Bad", kind: "Nonsense" }] };
    await writeFile(join(folder, "bad.json"), JSON.stringify(bad));
    const strict = await run("import", "bad.json", "--strict");
    expect([strict.code, strict.out]).to.deep.equal([1, ""]);
    expect(strict.err).to.contain("bad.json: the file breaks the metamodel in 1 place: nothing is taken");
    expect(strict.err).to.contain("  /submodels/0/kind: ").and.to.contain("expected: ");
    const mended = await run("import", "bad.json");
    expect(mended.code).to.equal(1);
    expect(mended.out).to.contain("submodels: 1 created").and.to.contain("left-out /submodels/0/kind");
  });

  it("says what it needs", async () => {
    const runs = await Promise.all([run("import", "none.json"), run("export", "x.json", "--shell", "urn:none")]);
    expect(runs.map(({ code }) => code)).to.deep.equal([1, 1]);
    const [none, shell] = runs.map(({ err }) => err);
    expect(none).to.contain("there is no file none.json");
    expect(shell).to.contain("urn:none");
    expect((await readdir(folder)).filter((name) => name.startsWith("x."))).to.deep.equal([]);
  });
});
