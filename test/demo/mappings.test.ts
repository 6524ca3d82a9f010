import { fileURLToPath } from "node:url";
import { expect } from "chai";
import type { Static, TSchema } from "typebox";
import { Value } from "typebox/value";
import { createAasEnd } from "../../src/aas/end/aas-end.ts";
import { silentLogger } from "../../src/core/logger.ts";
import type { Reading } from "../../src/core/reading.ts";
import { systemClock } from "../../src/core/time.ts";
import { type CompiledMappings, compileMappings } from "../../src/mapping/compile.ts";
import type { SourceView } from "../../src/mapping/environment.ts";
import { loadMappings } from "../../src/mapping/load.ts";
import { ContextFetcher } from "../../src/ngsi-ld/context/context-fetcher.ts";
import { loadContextLibrary } from "../../src/ngsi-ld/context/context-library.ts";
import { Contexts } from "../../src/ngsi-ld/context/contexts.ts";
import { createNgsiEnd } from "../../src/ngsi-ld/end-codec.ts";
import type { Connection, ConnectorType } from "../../src/southbound/contract.ts";
import { modbus } from "../../src/southbound/modbus/modbus.ts";
import { mqtt } from "../../src/southbound/mqtt/mqtt.ts";
import { opcua } from "../../src/southbound/opcua/opcua.ts";
import { startTestPlant, type TestPlant } from "./test-plant.ts";

const mappings = fileURLToPath(new URL("../../mappings", import.meta.url));

/** A live source, as the hub would give it to the compiler. */
interface LiveSource {
  readonly view: SourceView;
  readonly connection: Connection;
  /** Resolves when every one of the tags had a reading of good quality. */
  good(tags: readonly string[]): Promise<void>;
}

describe("demo/mappings, compiled against the running plant", function () {
  this.timeout(20_000);
  const stopping = new AbortController();
  const sources = new Map<string, LiveSource>();
  let running: TestPlant;
  let compiled: CompiledMappings;

  async function connect<S extends TSchema>(name: string, type: ConnectorType<S>, given: object): Promise<void> {
    const config = Value.Default(type.config, given) as Static<S>;
    const waiting = new Set<() => void>();
    const seen = new Set<string>();
    const connector = type.create(config, {
      source: name,
      log: silentLogger,
      clock: systemClock,
      dataDir: `${running.folder}/${name}`,
    });
    const sink = {
      async push(readings: readonly Reading[]) {
        for (const { tag, quality } of readings) if (quality === "good") seen.add(tag);
        for (const look of waiting) look();
      },
      alive() {},
    };
    const connection = await connector.connect(sink, stopping.signal);
    sources.set(name, {
      connection,
      view: {
        type: type.type,
        addresses: type.addresses(config),
        browse: (pattern, limit) => connection.browse(pattern, limit, stopping.signal),
        facts: (tags) => connection.facts(tags, stopping.signal),
        ...(connection.methods && { methods: (tags) => methodsOf(connection, tags) }),
      },
      good: (tags) =>
        new Promise((resolve) => {
          const look = () => {
            if (tags.every((tag) => seen.has(tag))) resolve();
          };
          waiting.add(look);
          look();
        }),
    });
  }

  async function methodsOf(connection: Connection, tags: readonly string[]) {
    return (await connection.methods?.(tags, stopping.signal)) ?? new Map();
  }

  before(async () => {
    running = await startTestPlant();
    const { opcua: endpoint, mqtt: url, modbus: meter } = running.plant.endpoints;
    await connect("pump-station", opcua, { endpoint, security: "None" });
    await connect("sensors", mqtt, { url, version: "3.1.1", clean: true });
    await connect("meter", modbus, { ...meter, interval: 100 });
    const contexts = new Contexts({
      library: await loadContextLibrary([fileURLToPath(new URL("../../ngsi-ld-contexts", import.meta.url))]),
      fetcher: new ContextFetcher({ get: () => Promise.reject(new Error("nothing is fetched")) }, systemClock),
      clock: systemClock,
      ownBase: "http://127.0.0.1/ngsi-ld/v1/jsonldContexts/",
    });
    const ends = [createAasEnd(), createNgsiEnd(contexts)];
    const views = new Map([...sources].map(([name, { view }]) => [name, view]));
    compiled = await compileMappings(await loadMappings([mappings]), { sources: views, ends });
  });

  after(async () => {
    for (const { connection } of sources.values()) await connection.close();
    stopping.abort();
    await running?.close();
  });

  it("has no problem", () => {
    expect(compiled.problems).to.deep.equal([]);
  });

  it("weaves one twin of each pump from two protocols, in both standards", () => {
    const plan = compiled.plans.get("default");
    const documents = new Map(plan?.documents.map(({ document, parts }) => [document.id, parts.map(({ key }) => key)]));
    for (const pump of running.plant.endpoints.pumps) {
      const submodel = documents.get(`https://twinweave.example/sm/${pump}/operational-data`);
      expect(submodel).to.include.members(["State", "SpeedSetpoint", "TotalVolume", "Vibration.VelocityX"]);
      const entity = documents.get(`urn:ngsi-ld:Pump:${pump}`);
      const vocabulary = "https://twinweave.example/ontology/pump-station#";
      expect(entity).to.include.members([`${vocabulary}volumeFlow`, `${vocabulary}vibrationX`]);
      expect(documents.has(`https://twinweave.example/aas/${pump}`)).to.equal(true);
    }
    expect(documents.get("urn:ngsi-ld:PumpStation:PS1")).to.have.lengthOf(5);
    const writable = plan?.links.filter(({ write }) => write !== undefined).map(({ point }) => point);
    expect(new Set(writable)).to.deep.equal(new Set(["setpoint", "demandLimit"]));
  });

  it("binds the operations of each pump to its methods, with their arguments", () => {
    const operations = compiled.plans.get("default")?.operations ?? [];
    const { pumps } = running.plant.endpoints;
    expect(operations).to.have.lengthOf(6 * pumps.length);
    for (const pump of pumps) {
      const submodel = `https://twinweave.example/sm/${pump}/operational-data`;
      const own = operations.filter(({ address }) => address.document === submodel);
      expect(own.map(({ address }) => address.part)).to.include.members([
        "Start",
        "ResetFault",
        "SetSpeed",
        "Throttle",
      ]);
      const setSpeed = own.find(({ name }) => name === "setSpeed");
      expect(setSpeed?.arguments).to.deep.equal([
        { name: "Speed", direction: "in", type: "double", list: false },
        { name: "PreviousSpeed", direction: "out", type: "double", list: false },
      ]);
      const method = `Objects/Machines/${pump}/Operational/Control/SetSpeed`;
      expect(setSpeed?.work).to.include({ kind: "call", source: "pump-station", method });
    }
  });

  it("gets good readings for every tag that the files ask for", async () => {
    expect([...compiled.tags.keys()].sort()).to.deep.equal(["meter", "pump-station", "sensors"]);
    for (const [name, wishes] of compiled.tags) {
      const source = sources.get(name);
      expect(source, name).to.not.equal(undefined);
      const tags = wishes.map(({ tag }) => tag);
      expect(await source?.connection.subscribe(wishes, stopping.signal)).to.deep.equal([]);
      await source?.good(tags);
    }
  });
});
