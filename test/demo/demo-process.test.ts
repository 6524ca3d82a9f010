import { type ChildProcess, spawn } from "node:child_process";
import { once } from "node:events";
import { mkdtemp, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { fileURLToPath } from "node:url";
import { expect } from "chai";
import type { DemoEndpoints } from "../../src/demo/demo-plant.ts";

const entry = fileURLToPath(new URL("../../src/demo/demo-process.ts", import.meta.url));

describe("demo/demo-process", function () {
  this.timeout(15_000);
  let folder: string;

  before(async () => {
    folder = await mkdtemp(join(tmpdir(), "twinweave-demo-"));
  });

  after(() => rm(folder, { recursive: true, force: true }));

  function start(args: readonly string[], withIpc = false) {
    const child: ChildProcess = spawn(process.execPath, [entry, "--data-dir", folder, ...args], {
      stdio: ["pipe", "pipe", "pipe", ...(withIpc ? (["ipc"] as const) : [])],
    });
    const texts = { out: "", err: "" };
    child.stdout?.on("data", (bytes: Buffer) => {
      texts.out += bytes.toString("utf8");
    });
    child.stderr?.on("data", (bytes: Buffer) => {
      texts.err += bytes.toString("utf8");
    });
    // Not the child's own "close": it does not come where the parent has closed the channel.
    const streams = [child.stdout, child.stderr].flatMap((stream) => (stream === null ? [] : [once(stream, "close")]));
    const ended = Promise.all([once(child, "exit"), ...streams]).then(([[code]]) => ({
      code: code as number | null,
      ...texts,
    }));
    const ready = (async () => {
      const stdout = child.stdout;
      while (stdout !== null && !texts.out.includes("\n")) {
        await Promise.race([once(stdout, "data"), ended.then((end) => Promise.reject(new Error(end.err)))]);
      }
      return JSON.parse(texts.out) as DemoEndpoints;
    })();
    ready.catch(() => undefined); // where a test wants it to fail it looks at `ended`
    return { child, ended, ready };
  }

  it("says where it can be reached in one JSON line and over IPC, and stops on SIGTERM", async () => {
    const { child, ended, ready } = start(["--pumps", "3"], true);
    const [[message], endpoints] = await Promise.all([once(child, "message"), ready]);
    expect(message).to.deep.equal({ ready: true, endpoints });
    expect(endpoints.pumps).to.have.lengthOf(3);
    expect((await fetch(`${endpoints.control}/faults`)).status).to.equal(200);
    child.kill("SIGTERM");
    expect(await ended).to.include({ code: 0, err: "" });
  });

  it("stops when its parent's channel closes", async () => {
    const { child, ended, ready } = start([], true);
    await ready;
    child.disconnect();
    expect(await ended).to.include({ code: 0, err: "" });
  });

  it("stops at the end of stdin where it is told to, even while it starts", async () => {
    const { child, ended } = start(["--stop-with-stdin"]);
    child.stdin?.end();
    expect(await ended).to.include({ code: 0, err: "" });
  });

  it("says what is wrong with its options, and fails", async () => {
    const wrong = await start(["--speed", "0", "--pumps", "x"]).ended;
    expect(wrong.code).to.equal(1);
    expect(wrong.err).to.contain("speed").and.contain("pumps");
    expect((await start(["--color", "red"]).ended).err).to.contain("--color");
  });
});
