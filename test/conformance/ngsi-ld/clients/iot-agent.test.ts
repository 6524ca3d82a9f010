import { spawn } from "node:child_process";
import { once } from "node:events";
import { text } from "node:stream/consumers";
import { fileURLToPath } from "node:url";
import { expect } from "chai";
import { type HubFixture, hubFixture } from "../../../hub/hub-fixture.ts";
import { requireForeign } from "../../../support/foreign-server.ts";

const script = fileURLToPath(new URL("iot-agent.ts", import.meta.url));
const context = {
  "@context": { Sensor: "https://example.org/Sensor", temperature: "https://example.org/temperature" },
};

describe("a FIWARE IoT Agent (npm iotagent-node-lib), unmodified", function () {
  this.timeout(30_000);
  let hub: HubFixture;

  before(async function () {
    const folder = requireForeign(this, "iotagent-node-lib");
    hub = await hubFixture({
      "twinweave.yaml": "egress: { allowPrivate: true }\ntenants: { implicit: true }\n",
    });
    // Upserts make no tenant (5.5.10), so it is made before.
    const hall = { id: "urn:ngsi-ld:Hall:h1", type: "Hall" };
    const made = await hub.request("POST", "/ngsi-ld/v1/entities", hall, { "ngsild-tenant": "plant" });
    expect(made.status).to.equal(201);
    const added = await hub.request("POST", "/ngsi-ld/v1/jsonldContexts", context);
    expect(added.status).to.equal(201);
    const url = new URL(added.headers.get("location") ?? "", `${hub.hub.url}/ngsi-ld/v1/jsonldContexts`).href;
    const run = spawn(process.execPath, [script, folder, hub.hub.url, url], { stdio: ["ignore", "pipe", "inherit"] });
    const ended = once(run, "exit");
    const said = await text(run.stdout);
    expect(await ended, "iot-agent.ts went wrong").to.deep.equal([0, null]);
    expect(JSON.parse(said.trimEnd().split("\n").at(-1) ?? "")).to.deep.equal([null, null, null]);
  });
  after(() => hub?.close());

  it("has its measures taken, in its tenant and in its context's terms (5.6.8, 6.3.14)", async () => {
    const { status, body } = await hub.get("/ngsi-ld/v1/entities/urn:ngsi-ld:Sensor:s1", { "ngsild-tenant": "plant" });
    expect(status).to.equal(200);
    expect(body).to.include({ type: "https://example.org/Sensor" });
    expect(body?.["https://example.org/temperature"]).to.include({ value: 22.5 });
    expect(body?.location?.value).to.deep.equal({ type: "Point", coordinates: [41.2, -8.5] });
    expect(body?.state?.value).to.equal("off");
    expect(Date.parse(String(body?.state?.observedAt))).to.equal(Date.parse("2026-03-01T10:00:00Z"));
    expect((await hub.get("/ngsi-ld/v1/entities/urn:ngsi-ld:Sensor:s1")).status).to.equal(404);
  });
});
