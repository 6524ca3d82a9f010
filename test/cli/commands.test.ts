import { type ChildProcess, spawn } from "node:child_process";
import { once } from "node:events";
import { mkdtemp, rm, writeFile } from "node:fs/promises";
import type { AddressInfo } from "node:net";
import { createServer } from "node:net";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { fileURLToPath } from "node:url";
import { expect } from "chai";

const MAIN = fileURLToPath(new URL("../../src/main.ts", import.meta.url));

/** The command as a process of its own, and what it says. */
function start(args: readonly string[], cwd: string, ipc = false) {
  const child: ChildProcess = spawn(process.execPath, [MAIN, ...args], {
    cwd,
    stdio: ["ignore", "pipe", "pipe", ...(ipc ? (["ipc"] as const) : [])],
  });
  const said = { out: "", err: "" };
  child.stdout?.setEncoding("utf8").on("data", (text) => {
    said.out += text;
  });
  child.stderr?.setEncoding("utf8").on("data", (text) => {
    said.err += text;
  });
  const ended = once(child, "close").then(([code]) => ({ code: code as number | null, ...said }));
  return { child, ended };
}

describe("the twinweave command", function () {
  this.timeout(30_000);
  let cwd: string;
  before(async () => {
    cwd = await mkdtemp(join(tmpdir(), "twinweave-cli-"));
  });
  after(() => rm(cwd, { recursive: true, force: true }));
  const run = (...args: string[]) => start(args, cwd).ended;

  it("tells its version and its help with 0, and a command line that means nothing with 2", async () => {
    const [version, help, none, wrong, flag] = await Promise.all([
      run("--version"),
      run("check", "--help"),
      run("rnu"),
      run("demo", "--pumps", "many"),
      run("key", "me", "--rights", "fly"),
    ]);
    expect(version).to.include({ code: 0, err: "" });
    expect(version.out).to.match(/^\d+\.\d+\.\d+\n$/);
    expect(help.code).to.equal(0);
    expect(help.out).to.contain("--wait").and.to.contain("Exit codes");
    expect(none.code).to.equal(2);
    expect(none.err).to.contain("Did you mean run?");
    expect([wrong.code, flag.code]).to.deep.equal([2, 2]);
    expect(wrong.err).to.contain("--pumps");
  });

  it("is a ready, empty hub without any file, and stops on SIGTERM", async () => {
    const { child, ended } = start(["run", "--port", "0"], cwd, true);
    const [{ url }] = (await once(child, "message")) as [{ url: string }];
    expect((await fetch(`${url}/health`)).status).to.equal(200);
    expect(await (await fetch(`${url}/admin/sources`)).json()).to.deep.equal({ total: 0, sources: [] });
    child.kill("SIGTERM");
    expect(await ended).to.deep.include({ code: 0, out: `twinweave is ready at ${url}\n`, err: "" });
  });

  it("stops in order on Ctrl-C", async () => {
    const { child, ended } = start(["run", "--port", "0"], cwd, true);
    child.once("message", () => child.kill("SIGINT"));
    expect((await ended).code).to.equal(0);
  });

  it("prints problems of the configuration with file, line and what would be right", async () => {
    const file = join(cwd, "wrong.yaml");
    await writeFile(file, "http:\n  prot: 80\nsources:\n  line: { type: modbus, hots: 1 }\n");
    const form = await run("run", "--config", file);
    expect(form.code).to.equal(1);
    expect(form.err).to.contain(`${file}:2:3: http has no key "prot"\n      expected: did you mean "port"?`);
    await writeFile(file, "sources:\n  line: { type: modbus, hots: 1 }\n");
    const source = await run("run", "--config", file);
    expect(source.err).to.contain(`${file}:2:25: sources.line has no key "hots"`).and.to.contain('"host"');
    expect(form.err + source.err).not.to.contain("    at ");
  });

  it("does not take a port in use, nor other machines without a key", async () => {
    const taken = createServer().listen(0, "127.0.0.1");
    await once(taken, "listening");
    const { port } = taken.address() as AddressInfo;
    const [inUse, exposed] = await Promise.all([
      run("run", "--port", String(port), "--data", join(cwd, "a")),
      run("run", "--port", "0", "--host", "0.0.0.0", "--data", join(cwd, "b")),
    ]);
    taken.close();
    expect(inUse.code).to.equal(1);
    expect(inUse.err).to.contain(`cannot listen on 127.0.0.1:${port}`).and.to.contain("the port is in use");
    expect(exposed.code).to.equal(1);
    expect(exposed.err).to.contain("security.apiKeys");
  });

  it("checks mapping files: 0 for good ones, 1 and the line for broken ones", async () => {
    await writeFile(join(cwd, "hub.yaml"), 'sources:\n  line: { type: mqtt, url: "mqtt://127.0.0.1:9" }\n');
    const mapping = (from: string) => `twinweave: 1
source: line
twin: { entity: { id: "urn:ngsi-ld:Press:P1", type: Press } }
points:
  temperature: { ${from}: "plant/P1#t", type: double, ngsi: temperature }
`;
    await writeFile(join(cwd, "good.yaml"), mapping("from"));
    await writeFile(join(cwd, "broken.yaml"), mapping("form"));
    const flags = ["--config", "hub.yaml", "--wait", "0"];
    const [broken, missing] = await Promise.all([
      run("check", "broken.yaml", ...flags),
      run("check", "none.yaml", ...flags),
    ]);
    expect(broken.code, broken.err).to.equal(1);
    expect(broken.out).to.match(/^broken\.yaml:5:\d+: error: .*"?form"?.*from/m);
    expect(missing.code).to.equal(1);
    const good = await run("check", "good.yaml", ...flags);
    expect(good.out + good.err).to.contain("1 file, 0 errors");
    expect(good.code).to.equal(0);
  });

  it("makes keys that the hub knows, and speaks to a hub with them", async () => {
    const made = await run("key", "operator", "--rights", "admin");
    const key = /twk_\S+/.exec(made.out)?.[0] ?? "";
    const yaml = made.out.slice(made.out.indexOf("security:"));
    const source = 'sources:\n  line: { type: opcua, endpoint: "opc.tcp://127.0.0.1:9", security: None }\n';
    await writeFile(join(cwd, "keys.yaml"), yaml + source);
    expect(yaml).not.to.contain(key);
    const { child, ended } = start(["run", "--port", "0", "--config", "keys.yaml", "--data", "keyed"], cwd, true);
    const [{ url }] = (await once(child, "message")) as [{ url: string }];
    const [without, listed, unknown] = await Promise.all([
      run("trust", "line", "--url", url),
      run("trust", "line", "--url", url, "--key", key),
      run("trust", "line", "ab12", "--url", url, "--key", key),
    ]);
    child.kill("SIGTERM");
    const hub = await ended;
    expect(without.code).to.equal(1);
    expect(without.err).to.contain("an API key is wanted");
    expect(listed).to.deep.include({ code: 0, out: "no certificate was offered\n" });
    expect(unknown.err).to.contain("no certificate of line begins with ab12");
    expect(hub.code).to.equal(0);
    expect(hub.out + hub.err).not.to.contain(key);
    expect((await run("trust", "line", "--url", "http://127.0.0.1:9")).err).to.contain("no hub answers");
  });

  it("`start` runs the demo plant and the hub, and Ctrl-C ends both within ten seconds", async () => {
    const { child, ended } = start(["start", "--port", "0", "--data", "demo"], cwd, true);
    const [{ url }] = (await once(child, "message")) as [{ url: string }];
    const { sources } = (await (await fetch(`${url}/admin/sources`)).json()) as { sources: { state: string }[] };
    expect(sources.map(({ state }) => state)).to.deep.equal(["connected", "connected", "connected"]);
    const asked = performance.now();
    child.kill("SIGINT");
    const { code, out } = await ended;
    expect(performance.now() - asked).to.be.below(10_000);
    expect(code).to.equal(0);
    expect(out).to.contain("Ctrl-C stops.").and.to.contain("everything is on the disk");
  });
});
