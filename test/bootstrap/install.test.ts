import { spawnSync } from "node:child_process";
import { mkdir, mkdtemp, readFile, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { pathToFileURL } from "node:url";
import { expect } from "chai";
import { missingPackages } from "../../bin/bootstrap/install.js";
import { installedNode, nodeFor } from "../../bin/bootstrap/runtime.js";
import { ROOT } from "../architecture/walls.ts";

describe("bootstrap: what is missing", () => {
  let folder: string;
  beforeEach(async () => {
    folder = await mkdtemp(join(tmpdir(), "twinweave-install-"));
  });
  afterEach(() => rm(folder, { recursive: true }));

  async function lock(file: string, packages: Readonly<Record<string, object>>): Promise<void> {
    await mkdir(join(folder, file, ".."), { recursive: true });
    await writeFile(join(folder, file), JSON.stringify({ packages: { "": { name: "x" }, ...packages } }));
  }

  const one = { version: "1.0.0" };
  const wanted = {
    "node_modules/one": one,
    "node_modules/one/node_modules/@s/two": { version: "2.0.0" },
    "node_modules/tool": { version: "3.0.0", dev: true },
    "node_modules/native": { version: "4.0.0", optional: true },
  };

  it("is everything that the lock asks for, in a fresh clone", async () => {
    await lock("package-lock.json", wanted);
    expect(missingPackages(folder, { dev: false })).to.deep.equal(["one@1.0.0", "@s/two@2.0.0"]);
    expect(missingPackages(folder, { dev: true })).to.deep.equal(["one@1.0.0", "@s/two@2.0.0", "tool@3.0.0"]);
  });

  it("is nothing after an install, whoever made it", async () => {
    await lock("package-lock.json", wanted);
    await lock("node_modules/.package-lock.json", wanted);
    for (const name of Object.keys(wanted)) await mkdir(join(folder, name), { recursive: true });
    expect(missingPackages(folder, { dev: true })).to.deep.equal([]);
  });

  it("is a package of another version, or one whose folder is gone", async () => {
    await lock("package-lock.json", wanted);
    await lock("node_modules/.package-lock.json", { ...wanted, "node_modules/one": { version: "0.9.0" } });
    for (const name of Object.keys(wanted)) await mkdir(join(folder, name), { recursive: true });
    await rm(join(folder, "node_modules/tool"), { recursive: true });
    expect(missingPackages(folder, { dev: true })).to.deep.equal(["one@1.0.0", "tool@3.0.0"]);
  });

  describe("is installed", () => {
    /** Runs ensureInstalled in a process of its own, with an npm that writes down how it was called. */
    async function install(exitCode: number): Promise<{ status: number | null; stderr: string; called: string }> {
      await writeFile(
        join(folder, "npm-cli.js"),
        `require("fs").writeFileSync(${JSON.stringify(join(folder, "called"))}, process.argv.slice(2).join(" ")); process.exit(${exitCode});`,
      );
      const script = `import { ensureInstalled } from ${JSON.stringify(pathToFileURL(join(ROOT, "bin/bootstrap/install.js")).href)};
        try { ensureInstalled(${JSON.stringify(folder)}, { dev: true }); } catch (error) { console.error(error.message); process.exit(9); }`;
      const { status, stderr } = spawnSync(process.execPath, ["--input-type=module", "-e", script], {
        encoding: "utf8",
        env: { ...process.env, npm_execpath: join(folder, "npm-cli.js"), NODE_ENV: "production" },
      });
      return { status, stderr, called: await readFile(join(folder, "called"), "utf8").catch(() => "") };
    }

    it("by the npm that is running, as locked, whole, without install scripts", async () => {
      await lock("package-lock.json", wanted);
      const { status, stderr, called } = await install(0);
      expect(status).to.equal(0);
      expect(called).to.match(/^ci --ignore-scripts --include=dev --include=optional /);
      expect(stderr).to.contain("Installing 3 packages (one@1.0.0, @s/two@2.0.0, tool@3.0.0)");
    });

    it("not at all where there is no lock, as in the published package", async () => {
      expect(await install(0)).to.deep.equal({ status: 0, stderr: "", called: "" });
    });

    it("or says that npm failed", async () => {
      await lock("package-lock.json", wanted);
      const { status, stderr } = await install(3);
      expect(status).to.equal(9);
      expect(stderr).to.contain("`npm ci` failed with exit code 3");
    });
  });

  it("Node 26 is found by its path, also beside a published package, and never in .bin", async () => {
    expect(installedNode(ROOT)).to.match(/node_modules[\\/]node-[a-z0-9-]+[\\/]bin[\\/]node(\.exe)?$/);
    const published = join(folder, "node_modules/twinweave");
    await mkdir(published, { recursive: true });
    expect(installedNode(published)).to.equal(undefined);
    // The tests run on Node 26, which is then good enough by itself.
    expect(nodeFor(published)).to.equal(process.execPath);
  });
});
