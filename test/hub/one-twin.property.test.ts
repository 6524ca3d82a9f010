import { mkdtemp, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { expect } from "chai";
import fc from "fast-check";
import { createAasEnd } from "../../src/aas/end/aas-end.ts";
import { silentLogger } from "../../src/core/logger.ts";
import { createEgress } from "../../src/egress/egress.ts";
import { defaultEgress } from "../../src/egress/egress-settings.ts";
import { shippedContexts } from "../../src/hub/shipped-contexts.ts";
import { openTenantRoom, type TenantRoom } from "../../src/hub/tenant-room.ts";
import { compileMappings } from "../../src/mapping/compile.ts";
import { parseMapping } from "../../src/mapping/load.ts";
import { ContextFetcher } from "../../src/ngsi-ld/context/context-fetcher.ts";
import { loadContextLibrary } from "../../src/ngsi-ld/context/context-library.ts";
import { Contexts } from "../../src/ngsi-ld/context/contexts.ts";
import { createNgsiEnd } from "../../src/ngsi-ld/end-codec.ts";
import { defaultQualityNames } from "../../src/ngsi-ld/entity/live-attribute.ts";
import { EntityRenderer, plainView } from "../../src/ngsi-ld/entity/render-entity.ts";
import type { Stores } from "../../src/store/contract.ts";
import { openSqliteStores } from "../../src/store/sqlite/sqlite-stores.ts";
import { FakeDevice, ManualClock, scope } from "../twin/twin-fixture.ts";

const mapping = `
twinweave: 1
source: plant
twin:
  submodels: { Data: { id: "urn:sm:P1" } }
  entity: { id: "urn:ngsi-ld:Pump:P1", type: Pump }
points:
  level: { from: level, type: double, write: true, aas: Data.Level, ngsi: level }
  starts: { from: starts, type: long, aas: Data.Starts, ngsi: starts }
  running: { from: running, type: boolean, aas: Data.Running, ngsi: running }
  name: { from: name, type: string, quality: { bad: take }, aas: Data.Name, ngsi: name }
  slow: { from: slow, type: double, report: { deadband: 5 }, quality: { staleAfter: 5s }, aas: Data.Slow, ngsi: slow }
  double: { expr: "points.level * 2.0", type: double, aas: Data.Double, ngsi: double }
`;
const points = ["Level", "Starts", "Running", "Name", "Slow", "Double"];

type Step =
  | {
      readonly kind: "reading";
      readonly point: string;
      readonly value: number | boolean | string;
      readonly quality: "good" | "uncertain" | "bad";
      readonly age: number;
    }
  | { readonly kind: "write-aas" | "write-ngsi"; readonly value: number }
  | { readonly kind: "lost" | "alive" }
  | { readonly kind: "pass"; readonly ms: number };

const number = fc.double({ noNaN: true, noDefaultInfinity: true, min: -1e6, max: 1e6 });
const value: Readonly<Record<string, fc.Arbitrary<number | boolean | string>>> = {
  level: number,
  starts: fc.maxSafeInteger(),
  running: fc.boolean(),
  name: fc.string({ maxLength: 8, unit: "grapheme-ascii" }),
  slow: number,
};
const reading = fc.constantFrom(...Object.keys(value)).chain((point) =>
  fc.record({
    kind: fc.constant("reading" as const),
    point: fc.constant(point),
    value: value[point] ?? number,
    quality: fc.constantFrom("good" as const, "uncertain" as const, "bad" as const),
    age: fc.integer({ min: -1000, max: 10_000 }),
  }),
);
const step: fc.Arbitrary<Step> = fc.oneof(
  { weight: 6, arbitrary: reading },
  {
    weight: 1,
    arbitrary: fc.record({ kind: fc.constantFrom("write-aas" as const, "write-ngsi" as const), value: number }),
  },
  { weight: 1, arbitrary: fc.record({ kind: fc.constantFrom("lost" as const, "alive" as const) }) },
  { weight: 2, arbitrary: fc.record({ kind: fc.constant("pass" as const), ms: fc.integer({ min: 1, max: 20_000 }) }) },
);

describe("one twin, two standards", function () {
  this.timeout(60_000);
  let folder: string;
  let stores: Stores;
  let room: TenantRoom;
  let contexts: Contexts;
  let run = 0;
  const clock = new ManualClock();
  const device = new FakeDevice(clock);
  const egress = createEgress(defaultEgress);
  const renderer = new EntityRenderer(defaultQualityNames);

  before(async () => {
    folder = await mkdtemp(join(tmpdir(), "twinweave-one-twin-"));
    const library = await loadContextLibrary([shippedContexts]);
    contexts = new Contexts({ library, fetcher: new ContextFetcher(egress, clock), clock, ownBase: "http://hub/c/" });
    const options = { budget: 1e9, retention: 1e9, outboxBound: 10 };
    stores = await openSqliteStores({ directory: folder, options, clock, log: silentLogger });
  });
  after(async () => {
    await stores.close();
    egress.close();
    await rm(folder, { recursive: true, force: true });
  });

  async function open(): Promise<TenantRoom> {
    const tenant = `run${run++}`;
    const store = await stores.open(tenant, { create: true });
    const opened = await openTenantRoom({
      tenant,
      store,
      devices: device,
      contexts,
      renderer,
      egress,
      events: { targets: [], channels: [], base: () => "" },
      clock,
      log: silentLogger,
    });
    const addresses = { parse: (from: unknown) => ({ tag: String(from) }) };
    const plant = { type: "test", addresses, browse: async () => [], facts: async () => new Map() };
    const compiled = await compileMappings([parseMapping(mapping, "pump.yaml")], {
      sources: new Map([["plant", plant]]),
      ends: [createAasEnd(), createNgsiEnd(contexts)],
    });
    expect(compiled.problems.filter((problem) => problem.severity === "error")).to.deep.equal([]);
    const [plan] = compiled.plans.values();
    if (plan !== undefined) await opened.twin.apply({ ...plan, tenant });
    return opened;
  }

  async function take(one: Step): Promise<void> {
    const { twin } = room;
    if (one.kind === "reading") {
      const times = { sourceTime: clock.ms - one.age, receivedTime: clock.ms };
      await twin.ingest([{ source: "plant", tag: one.point, value: one.value, quality: one.quality, ...times }]);
    } else if (one.kind === "lost") twin.lost("plant");
    else if (one.kind === "alive") twin.alive("plant", clock.ms);
    else if (one.kind === "pass") clock.advance(one.ms);
    else if (one.kind === "write-aas" || one.kind === "write-ngsi") {
      const standard = one.kind === "write-aas" ? "aas" : "ngsi-ld";
      const leaf = twin.leaf("submodel", "urn:sm:P1", "Level");
      if (leaf !== undefined)
        await twin.write({ ...scope, tenant: twin.tenant }, standard, [{ link: leaf.link, value: one.value }]);
    }
    await twin.sweep();
  }

  /** What each standard shows of a point, in words of neither. */
  async function shown(): Promise<{ readonly aas: object; readonly ngsi: object }> {
    const submodel = room.aas.reader.live(await room.aas.reader.view("urn:sm:P1"));
    const state = await room.ngsiLd.entities.retrieve({ ...scope, tenant: room.tenant }, "urn:ngsi-ld:Pump:P1");
    const entity = JSON.parse(JSON.stringify(renderer.render(state, plainView(), contexts.default.table)));
    const aas: Record<string, unknown> = {};
    const ngsi: Record<string, unknown> = {};
    for (const point of points) {
      const element = (submodel.submodelElements ?? []).find((one) => one.idShort === point);
      const qualifiers = new Map((element?.qualifiers ?? []).map((one) => [one.type, one.value]));
      const text = element !== undefined && "value" in element ? element.value : undefined;
      if (text !== undefined) {
        const quality = qualifiers.get("Twinweave/Quality");
        aas[point] = [
          parsed(String(text), point),
          quality,
          qualifiers.get("Twinweave/StatusCode"),
          qualifiers.get("Twinweave/Time"),
        ];
      }
      const attribute = entity[point.toLowerCase()];
      if (attribute !== undefined) {
        ngsi[point] = [
          attribute.value,
          attribute.quality?.value,
          attribute.quality?.statusCode?.value,
          attribute.observedAt,
        ];
      }
    }
    return { aas, ngsi };
  }

  it("show the same value, quality and time of every link, whatever happened (invariant)", async () => {
    let compared = 0;
    await fc.assert(
      fc.asyncProperty(fc.array(step, { minLength: 1, maxLength: 40 }), async (steps) => {
        room = await open();
        try {
          for (const one of steps) await take(one);
          const { aas, ngsi } = await shown();
          expect(aas).to.deep.equal(ngsi);
          compared += Object.keys(aas).length;
        } finally {
          await room.close();
        }
      }),
      { numRuns: 20, seed: 20_261_122 },
    );
    expect(compared).to.be.greaterThan(40);
  });
});

function parsed(text: string, point: string): unknown {
  if (point === "Running") return text === "true";
  return point === "Name" ? text : Number(text);
}
