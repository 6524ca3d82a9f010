import { once } from "node:events";
import { createServer } from "node:net";
import { expect } from "chai";
import { loadConfig } from "../../src/config/load.ts";
import { HubError } from "../../src/core/errors.ts";
import { silentLogger } from "../../src/core/logger.ts";
import { startHub } from "../../src/hub/hub.ts";
import { freePort } from "../support/free-port.ts";
import { httpReceiver } from "./http-receiver.ts";
import { type HubFixture, hubFixture } from "./hub-fixture.ts";
import { type MqttPlant, startMqttPlant } from "./mqtt-plant.ts";

const entity = "/ngsi-ld/v1/entities/urn:ngsi-ld:Thing:1";
const errors = "https://uri.etsi.org/ngsi-ld/errors/";

describe("bad cases: the network around the hub", function () {
  this.timeout(20_000);
  let fixture: HubFixture;
  const closers: (() => Promise<void>)[] = [];

  afterEach(async () => {
    for (const close of closers.splice(0).reverse()) await close();
  });
  const keep = <T extends { close(): Promise<void> }>(what: T): T => {
    closers.push(() => what.close());
    return what;
  };
  const subscribe = async (id: string, uri: string, more: object = {}) =>
    await fixture.request("POST", "/ngsi-ld/v1/subscriptions", {
      id: `urn:ngsi-ld:Subscription:${id}`,
      type: "Subscription",
      entities: [{ type: "Thing" }],
      notification: { endpoint: { uri, accept: "application/json", ...more } },
    });
  const metric = async (name: string): Promise<number> => {
    const text = String((await fixture.get("/metrics")).body);
    return Number(new RegExp(`^twinweave_${name}\\{tenant="default"\\} (.+)$`, "m").exec(text)?.[1]);
  };

  it("a subscriber that never answers is retried and bounded; ingest and the others go on", async () => {
    const broker: MqttPlant = keep(await startMqttPlant());
    fixture = keep(
      await hubFixture({
        "twinweave.yaml": `
mappings: [./things.yaml]
egress: { allowPrivate: true }
outbox: { bound: 20 }
sources: { plant: { type: mqtt, url: "${broker.url}", version: "3.1.1" } }
`,
        "things.yaml": `twinweave: 1
source: plant
twin: { entity: { id: "urn:ngsi-ld:Thing:1", type: Thing } }
points: { level: { from: plant/level, type: double, ngsi: level } }
`,
      }),
    );
    await fixture.hub.settled;
    const silent = keep(await httpReceiver(() => {}));
    const quick = keep(await httpReceiver());
    expect((await subscribe("silent", silent.url, { timeout: 200 })).status).to.equal(201);
    expect((await subscribe("quick", quick.url)).status).to.equal(201);
    for (let level = 1; level <= 60; level += 1) {
      await broker.publish("plant/level", String(level));
      await fixture.until(entity, ({ body }) => Number(body?.level?.value) === level);
      await quick.next((body) => body.includes(`"value":${level},`));
    }
    expect(quick.received).to.have.lengthOf(60);
    expect(await metric("outbox_pending")).to.be.at.most(20);
    expect(await metric("outbox_dropped_total")).to.be.at.least(30);
    const told = await fixture.until(
      "/ngsi-ld/v1/subscriptions/urn:ngsi-ld:Subscription:silent",
      ({ body }) => Number(body?.notification?.timesFailed) >= 2,
    );
    expect(told.body?.notification).to.include({ status: "failed" });
    expect(silent.received.length).to.be.at.least(2);
  });

  it("does not close later than ten seconds although a subscriber does not answer", async () => {
    fixture = await hubFixture({ "twinweave.yaml": "egress: { allowPrivate: true }\n" });
    try {
      const silent = keep(await httpReceiver(() => {}));
      await fixture.until("/ready", ({ status }) => status === 200);
      await subscribe("silent", silent.url);
      await fixture.request("POST", "/ngsi-ld/v1/entities", {
        id: "urn:ngsi-ld:Thing:1",
        type: "Thing",
        level: { type: "Property", value: 1 },
      });
      await silent.next(() => true);
    } finally {
      const begun = Date.now();
      await fixture.close();
      expect(Date.now() - begun).to.be.below(10_000);
    }
  });

  it("private addresses are denied by default, in subscriptions and contexts", async () => {
    fixture = keep(await hubFixture({}));
    await fixture.until("/ready", ({ status }) => status === 200);
    const inner = keep(await httpReceiver());
    for (const host of ["127.0.0.1", "localhost", "[::1]", "10.0.0.1", "169.254.169.254", "2130706433", "0.0.0.0"]) {
      const made = await subscribe(`to-${encodeURIComponent(host)}`, `http://${host}:${inner.port}/`);
      // A name is resolved when it is called: a subscription to one is taken, and its delivery refused.
      expect(made.status, host).to.equal(host === "localhost" ? 201 : 400);
    }
    await fixture.request("POST", "/ngsi-ld/v1/entities", {
      id: "urn:ngsi-ld:Thing:1",
      type: "Thing",
      level: { type: "Property", value: 1 },
    });
    await fixture.until(
      "/ngsi-ld/v1/subscriptions/urn:ngsi-ld:Subscription:to-localhost",
      ({ body }) => String(body?.notification?.status) === "failed",
    );
    const withContext = await fixture.get("/ngsi-ld/v1/entities?type=Thing", {
      link: `<http://127.0.0.1:${inner.port}/c.jsonld>; rel="http://www.w3.org/ns/json-ld#context"; type="application/ld+json"`,
    });
    expect(withContext.status).to.be.oneOf([400, 504]);
    expect(inner.received).to.deep.equal([]);
  });

  it("a context that cannot be had is 504 LdContextNotAvailable, and nothing is made", async () => {
    fixture = keep(await hubFixture({ "twinweave.yaml": "egress: { allowPrivate: true, timeout: 1s }\n" }));
    await fixture.until("/ready", ({ status }) => status === 200);
    const silent = keep(await httpReceiver(() => {}));
    for (const url of [`http://127.0.0.1:${await freePort()}/c.jsonld`, `http://127.0.0.1:${silent.port}/c.jsonld`]) {
      const link = `<${url}>; rel="http://www.w3.org/ns/json-ld#context"; type="application/ld+json"`;
      const body = { id: "urn:ngsi-ld:Thing:1", type: "Thing" };
      const made = await fixture.request("POST", "/ngsi-ld/v1/entities", body, { link });
      expect(made.status).to.equal(504);
      expect(made.body?.type).to.equal(`${errors}LdContextNotAvailable`);
      expect((await fixture.get(entity)).status).to.equal(404);
    }
  });

  it("a port in use is said at start, and leaves nothing open", async () => {
    const other = createServer().listen(0, "127.0.0.1");
    await once(other, "listening");
    const address = other.address();
    const port = typeof address === "object" && address !== null ? address.port : 0;
    fixture = await hubFixture({});
    await fixture.hub.close();
    const at = async (wanted: number) =>
      await loadConfig({ env: {}, flags: { "http.port": wanted, "store.sqlite": `${fixture.folder}/data` } });
    const refused = await startHub(await at(port), silentLogger).then(
      () => undefined,
      (thrown: unknown) => thrown,
    );
    other.close();
    expect(refused).to.be.instanceOf(HubError);
    expect(String(refused)).to.contain(String(port));
    const again = await startHub(await at(0), silentLogger);
    await again.close();
    await fixture.close();
  });
});
