import { join } from "node:path";
import { expect } from "chai";
import type { LeafAddress } from "../../src/core/document.ts";
import { silentLogger } from "../../src/core/logger.ts";
import { systemClock } from "../../src/core/time.ts";
import type { HistoryRow } from "../../src/store/series-contract.ts";
import { openSqliteStores } from "../../src/store/sqlite/sqlite-stores.ts";
import { type HubFixture, hubFixture } from "./hub-fixture.ts";
import { ModbusDevice } from "./modbus-device.ts";

const entity = "urn:ngsi-ld:Thing:1";
const vocabulary = "https://uri.etsi.org/ngsi-ld/default-context/";

const mapping = (register: number, attribute = "level"): string => `twinweave: 1
source: plant
twin: { submodels: { Data: { id: "urn:test:thing" } }, entity: { id: "${entity}", type: Thing } }
points: { level: { from: "input:${register}", type: int, aas: Data.Level, ngsi: ${attribute} } }
`;

describe("history (rule 12)", function () {
  this.timeout(20_000);
  let device: ModbusDevice;
  let fixture: HubFixture;

  before(async () => {
    device = await new ModbusDevice().start();
    fixture = await hubFixture({
      "twinweave.yaml": `
mappings: [./things.yaml]
sources: { plant: { type: modbus, host: 127.0.0.1, port: ${device.port}, interval: 50 } }
`,
      "things.yaml": mapping(1),
    });
  });
  after(async () => {
    await fixture.close();
    await device.stop();
  });

  const shows = (value: number, attribute = "level"): Promise<unknown> =>
    fixture.until(`/ngsi-ld/v1/entities/${entity}`, ({ body }) => Number(body?.[attribute]?.value) === value);
  const attrs = `/ngsi-ld/v1/entities/${entity}/attrs`;

  it("a series outlives a renamed tag, a renamed attribute and a restart; both ends share it; a client's attribute has one", async () => {
    device.input[1] = 11;
    device.input[2] = 22;
    await fixture.hub.settled;
    await shows(11);
    await fixture.write({ "things.yaml": mapping(2) });
    await fixture.request("POST", "/admin/mappings/reload");
    await shows(22);
    await fixture.restart();
    await fixture.hub.settled;
    await fixture.write({ "things.yaml": mapping(2, "fill") });
    await fixture.request("POST", "/admin/mappings/reload");
    device.input[2] = 33;
    await shows(33, "fill");
    await fixture.request("POST", attrs, { note: { type: "Property", value: "a" } });
    await fixture.request("PATCH", `${attrs}/note`, { value: "b" });
    await fixture.request("DELETE", `${attrs}/note`);
    await fixture.hub.close();
    const past = await histories({
      aas: { collection: "submodel", document: "urn:test:thing", part: "Level" },
      level: { collection: "entity", document: entity, part: `${vocabulary}level` },
      fill: { collection: "entity", document: entity, part: `${vocabulary}fill` },
      note: { collection: "entity", document: entity, part: `${vocabulary}note` },
    });
    const good = (rows: readonly HistoryRow[] = []) =>
      rows.filter(({ quality }) => quality === "good").map(({ value }) => value);
    expect([...new Set(good(past.aas))]).to.deep.equal([11, 22, 33]);
    expect(past.fill).to.deep.equal(past.aas);
    expect(past.level).to.deep.equal(past.aas);
    expect(past.note?.map(({ deleted }) => deleted === true)).to.deep.equal([false, false, true]);
    expect(past.note?.slice(0, 2).map(({ value }) => (value as { value: unknown }).value)).to.deep.equal(["a", "b"]);
  });

  /** The rows of the one series ever shown at each leaf. */
  async function histories<Name extends string>(
    leaves: Readonly<Record<Name, LeafAddress>>,
  ): Promise<Partial<Record<Name, readonly HistoryRow[]>>> {
    const options = { budget: 1e9, retention: 1e9, outboxBound: 10 };
    const directory = join(fixture.folder, "data");
    const stores = await openSqliteStores({ directory, options, clock: systemClock, log: silentLogger });
    try {
      const { series } = await stores.open("default");
      const found: Partial<Record<Name, readonly HistoryRow[]>> = {};
      for (const [name, leaf] of Object.entries(leaves) as [Name, LeafAddress][]) {
        const shown = await series.at(leaf);
        expect(new Set(shown.map((one) => one.series)).size, `series of ${name}`).to.equal(1);
        found[name] = await series.history(shown[0]?.series ?? -1, { limit: 1000, order: "oldest-first" });
      }
      return found;
    } finally {
      await stores.close();
    }
  }
});
