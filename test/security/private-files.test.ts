import { spawn } from "node:child_process";
import { once } from "node:events";
import { lstat, mkdtemp, readdir, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { expect } from "chai";

describe("The data folder", function () {
  this.timeout(20_000);
  let folder: string;
  beforeEach(async () => {
    folder = await mkdtemp(join(tmpdir(), "twinweave-modes-"));
  });
  afterEach(() => rm(folder, { recursive: true }));

  it("is for the hub's own user alone, with all that is in it", async function () {
    if (process.platform === "win32") this.skip();
    const data = join(folder, "data");
    const hub = spawn(process.execPath, ["src/main.ts", "run", "--port", "0", "--data", data], {
      stdio: ["ignore", "ignore", "inherit", "ipc"],
      env: { ...process.env, TWINWEAVE_CONFIG: undefined },
    });
    const exited = once(hub, "exit");
    await Promise.race([once(hub, "message"), exited]);
    const entries = [data, ...(await readdir(data, { recursive: true })).map((name) => join(data, name))];
    const open: string[] = [];
    for (const entry of entries) if (((await lstat(entry)).mode & 0o077) !== 0) open.push(entry);
    hub.kill("SIGTERM");
    await exited;
    expect(entries.length).to.be.greaterThan(3);
    expect(open).to.deep.equal([]);
  });
});
