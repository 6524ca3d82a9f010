import { execFile } from "node:child_process";
import { fileURLToPath } from "node:url";
import { expect } from "chai";
import { type HubFixture, hubFixture } from "../hub/hub-fixture.ts";

const main = fileURLToPath(new URL("../../src/main.ts", import.meta.url));

/** Exit code and what the command said. */
function run(...args: string[]): Promise<{ readonly code: number; readonly out: string; readonly err: string }> {
  return new Promise((resolve) => {
    execFile(process.execPath, [main, ...args], (error, out, err) => {
      resolve({ code: typeof error?.code === "number" ? error.code : 0, out, err });
    });
  });
}

describe("twinweave registries", function () {
  this.timeout(20_000);
  let outside: HubFixture;
  let hub: HubFixture;

  before(async () => {
    outside = await hubFixture({});
    const shells = `${outside.hub.url}/api/v3.1`;
    hub = await hubFixture({ "twinweave.yaml": `registries: { partner: { shells: "${shells}" } }\n` });
    await hub.hub.woven;
    const assetInformation = { assetKind: "Instance", globalAssetId: "urn:asset" };
    await hub.request("POST", "/api/v3.1/shells", {
      modelType: "AssetAdministrationShell",
      id: "urn:aas",
      assetInformation,
    });
    await outside.until("/api/v3.1/shell-descriptors", ({ body }) => body?.result?.length === 1);
    await hub.until("/admin/registries", ({ body }) => String(body?.registries?.[0]?.state) === "idle");
  });
  after(async () => {
    await hub?.close();
    await outside?.close();
  });

  it("shows how registration goes, withdraws, and refuses what means nothing", async () => {
    const at = ["--url", hub.hub.url];
    const [shown, wrong, unknown] = await Promise.all([
      run("registries", ...at),
      run("registries", "forget", "partner", ...at),
      run("registries", "withdraw", "other", ...at),
    ]);
    expect(shown).to.deep.equal({
      code: 0,
      out: "partner  default  idle  1 registered, 0 pending, 0 refused\n",
      err: "",
    });
    expect([wrong.code, wrong.err.includes("`register` or `withdraw`")]).to.deep.equal([1, true]);
    expect([unknown.code, unknown.err.includes("there is no registry other")]).to.deep.equal([1, true]);
    const withdrawn = await run("registries", "withdraw", "partner", ...at);
    expect(withdrawn.out).to.equal("partner  default  withdrawn  0 registered, 0 pending, 0 refused\n");
    expect((await outside.get("/api/v3.1/shell-descriptors")).body?.result).to.deep.equal([]);
  });
});
