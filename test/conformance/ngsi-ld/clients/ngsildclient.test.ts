import { spawn } from "node:child_process";
import { once } from "node:events";
import { createServer } from "node:http";
import type { AddressInfo } from "node:net";
import { json, text } from "node:stream/consumers";
import { fileURLToPath } from "node:url";
import { expect } from "chai";
import { hubFixture } from "../../../hub/hub-fixture.ts";
import { requireForeign } from "../../../support/foreign-server.ts";

const script = fileURLToPath(new URL("ngsild_client.py", import.meta.url));
const parking = (number: number): string => `urn:ngsi-ld:OffStreetParking:P${number}`;

/** What a receiver was told. */
interface Notification {
  readonly subscriptionId: string;
  readonly data: readonly { readonly id: string; readonly availableSpotNumber: { readonly value: number } }[];
}

describe("ngsildclient (PyPI), unmodified", function () {
  this.timeout(30_000);
  let seen: Readonly<Record<string, unknown>>;
  let told: Notification;

  before(async function () {
    const python = requireForeign(this, "ngsildclient");
    const hub = await hubFixture({ "twinweave.yaml": "egress: { allowPrivate: true }\n" });
    const receiver = createServer();
    receiver.listen(0, "127.0.0.1");
    await once(receiver, "listening");
    const notified = once(receiver, "request").then(async ([request, response]) => {
      response.writeHead(204).end();
      return (await json(request)) as Notification;
    });
    try {
      const { hostname, port } = new URL(hub.hub.url);
      const { port: receiving } = receiver.address() as AddressInfo;
      const run = spawn(python, [script, hostname, port, `http://127.0.0.1:${receiving}/`], {
        stdio: ["ignore", "pipe", "inherit"],
      });
      const ended = once(run, "exit");
      const said = await text(run.stdout);
      expect(await ended, "ngsild_client.py went wrong").to.deep.equal([0, null]);
      seen = JSON.parse(said.trimEnd().split("\n").at(-1) ?? "");
      told = await notified;
    } finally {
      receiver.close();
      receiver.closeAllConnections();
      await hub.close();
    }
  });

  it("creates, reads, updates, upserts and deletes entities", () => {
    expect(seen).to.deep.include({
      create: true,
      exists: [true, false],
      get: [parking(1), 100, "urn:ngsi-ld:Company:C1", "Point"],
      update: true,
      updated: 90,
      upsert: true,
      delete: true,
      deleted: false,
    });
  });

  it("sends batches and reads their 201, 204 and 207 (5.6.7 to 5.6.10)", () => {
    expect(seen).to.deep.include({
      "batch create": [true, 2, 0],
      "batch create again": [false, 1, 1],
      // It counts what was created, of two of which one was there.
      "batch upsert": [true, 1],
      "batch update": [true, 1],
      "batch delete": [true, 2],
    });
  });

  it("queries, counts and turns pages", () => {
    expect(seen).to.deep.include({
      count: 6,
      query: [1, 4, 5, 6].map(parking),
      "query by POST": [2, 3].map(parking),
      pages: 6,
      types: ["OffStreetParking"],
    });
  });

  it("reads evolutions, as values and aggregated (5.7.3, 5.7.4)", () => {
    // Its update deletes the entity and makes it anew, and evolutions remember that.
    expect(seen.evolution).to.have.members([100, 90, "urn:ngsi-ld:null"]);
    const greatest = Object.fromEntries([100, 20, 33, 42, 50, 60].map((spots, index) => [parking(index + 1), spots]));
    expect(seen.greatest).to.deep.equal(greatest);
  });

  it("subscribes and is notified", () => {
    expect(seen).to.deep.include({
      subscribe: "urn:ngsi-ld:Subscription:parking",
      subscription: ["OffStreetParking", true, 1],
    });
    expect(told).to.have.property("subscriptionId", "urn:ngsi-ld:Subscription:parking");
    const [entity] = told.data;
    expect([entity?.id, entity?.availableSpotNumber.value]).to.deep.equal([parking(3), 7]);
  });

  it("adds, serves and deletes contexts", () => {
    expect(seen).to.deep.include({ context: [true, true], "context deleted": [true, false] });
  });
});
