import { spawn } from "node:child_process";
import { once } from "node:events";
import { join } from "node:path";
import { expect } from "chai";
import { silentLogger } from "../../src/core/logger.ts";
import { systemClock } from "../../src/core/time.ts";
import { openSqliteStores } from "../../src/store/sqlite/sqlite-stores.ts";
import { errorCode, roomy } from "../contract/store/store-fixture.ts";
import { testFolder } from "./store-test-kit.ts";

const MODULE = new URL("../../src/store/sqlite/store-lock.ts", import.meta.url).href;

describe("a data directory", () => {
  const directory = testFolder();
  const open = () => openSqliteStores({ directory, options: roomy, clock: systemClock, log: silentLogger });

  it("is held by one hub of this process", async () => {
    const first = await open();
    expect(await errorCode(open())).to.equal("store-busy");
    await first.close();
    await (await open()).close();
  });

  it("is held by a hub of another process until that is killed, and not a moment longer", async () => {
    const script = `const { StoreLock } = await import(${JSON.stringify(MODULE)});
      globalThis.lock = new StoreLock(process.argv[1]);
      console.log("held");
      process.stdin.resume();`;
    const other = spawn(process.execPath, ["--input-type=module", "-e", script, join(directory, "hub.lock")]);
    await once(other.stdout, "data");
    expect(await errorCode(open())).to.equal("store-busy");
    other.kill("SIGKILL");
    await once(other, "close");
    await (await open()).close();
  });
});
