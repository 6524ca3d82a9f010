import { expect } from "chai";
import type { LeafRequest } from "../../src/core/end-codec.ts";
import { ContextFetcher } from "../../src/ngsi-ld/context/context-fetcher.ts";
import { loadContextLibrary } from "../../src/ngsi-ld/context/context-library.ts";
import { Contexts } from "../../src/ngsi-ld/context/contexts.ts";
import { createNgsiEnd } from "../../src/ngsi-ld/end-codec.ts";
import { CONTEXTS } from "../northbound/ngsi-ld/ngsi-hub.ts";

const VOCAB = "https://uri.etsi.org/ngsi-ld/default-context/";
const place = (line: number) => ({ file: "pump.yaml", line, column: 3 });
const clock = { now: () => 0 };

describe("The NGSI-LD end of mapping files", () => {
  let contexts: Contexts;
  before(async () => {
    const fetcher = new ContextFetcher({ get: () => Promise.reject(new Error("no network")) }, clock);
    contexts = new Contexts({
      library: await loadContextLibrary([CONTEXTS]),
      fetcher,
      clock,
      ownBase: "https://hub.example/c/",
    });
  });

  const leaf = (point: string, end: unknown, more: Partial<LeafRequest> = {}): LeafRequest => ({
    point,
    end,
    place: place(point.length),
    type: "double",
    unit: undefined,
    writable: false,
    ...more,
  });
  const weave = (entity: unknown, ...leaves: LeafRequest[]) =>
    createNgsiEnd(contexts).weave({
      asset: "p1",
      owner: "pump",
      place: place(1),
      adopt: false,
      twin: entity === undefined ? {} : { entity },
      placeOf: (pointer) => place(pointer.length),
      folder: ".",
      leaves,
    });

  it("makes the entity, its own attributes, and a part without a value for every leaf", async () => {
    const woven = await weave(
      { id: "urn:p:1", type: "Pump", context: "ngsi-ld-core-context-v1.8.jsonld", attributes: { maker: "ACME" } },
      leaf("flow", "flow", { unit: "MQH" }),
      leaf("twice", { attribute: "flow", datasetId: "urn:d:1" }),
      leaf("where", "location", { type: "json" }),
    );
    expect(woven.problems).to.deep.equal([]);
    expect(woven.leaves.map(({ address }) => address.part)).to.deep.equal([
      `${VOCAB}flow`,
      `${VOCAB}flow urn:d:1`,
      "https://uri.etsi.org/ngsi-ld/location",
    ]);
    const [planned] = woven.documents;
    expect(planned?.document).to.deep.include({
      id: "urn:p:1",
      owner: "pump",
      keys: { type: [`${VOCAB}Pump`], scope: [] },
    });
    expect(planned?.parts.map(({ body }) => JSON.parse(body))).to.deep.equal([
      { type: "Property", value: "ACME" },
      { type: "Property", unitCode: "MQH" },
      { type: "Property", datasetId: "urn:d:1" },
      { type: "GeoProperty" },
    ]);
  });

  it("lets the entity name the shell of its asset, unless it says so itself", async () => {
    const request = (entity: object) => ({
      asset: "p1",
      owner: "pump",
      place: place(1),
      adopt: false,
      twin: { entity: { id: "urn:p:1", type: "Pump", ...entity } },
      placeOf: () => place(1),
      folder: ".",
      leaves: [],
      kin: { shell: "urn:shell:1", entity: "urn:p:1" },
    });
    const named = async (entity: object) => {
      const { documents, problems } = await createNgsiEnd(contexts).weave(request(entity));
      expect(problems).to.deep.equal([]);
      return documents[0]?.parts.map(({ name, body }) => [name, JSON.parse(body).value]);
    };
    expect(await named({})).to.deep.equal([[`${VOCAB}assetAdministrationShell`, "urn:shell:1"]]);
    const own = { attributes: { assetAdministrationShell: "urn:mine" } };
    expect(await named(own)).to.deep.equal([[`${VOCAB}assetAdministrationShell`, "urn:mine"]]);
  });

  const wrong: readonly (readonly [string, unknown, LeafRequest[], RegExp, string])[] = [
    ["no entity for a point", undefined, [leaf("flow", "flow")], /has no entity/, "pump.yaml:4:3"],
    ["an id that is no URI", { id: "p1", type: "Pump" }, [], /must be a URI/, "pump.yaml:10:3"],
    ["no type", { id: "urn:p:1" }, [], /no type/, "pump.yaml:7:3"],
    ["an unknown context", { id: "urn:p:1", type: "P", context: "none.jsonld" }, [], /not the URL/, "pump.yaml:15:3"],
    ["a misspelt member", { id: "urn:p:1", type: "P", contxt: "x" }, [], /no member "contxt"/, "pump.yaml:14:3"],
    [
      "a name with a hyphen",
      { id: "urn:p:1", type: "P" },
      [leaf("flow", "a-b")],
      /names no attribute/,
      "pump.yaml:4:3",
    ],
    [
      "an attribute twice",
      { id: "urn:p:1", type: "P" },
      [leaf("flow", "a"), leaf("other", "a")],
      /already belongs to the point "flow"/,
      "pump.yaml:5:3",
    ],
    [
      "a number as a Relationship",
      { id: "urn:p:1", type: "P" },
      [leaf("flow", { attribute: "a", type: "Relationship" })],
      /cannot show a signal of type double/,
      "pump.yaml:4:3",
    ],
  ];
  for (const [what, entity, leaves, message, at] of wrong) {
    it(`reports ${what}, with its place`, async () => {
      const { problems } = await weave(entity, ...leaves);
      expect(problems).to.have.length(1);
      expect(problems[0]?.message).to.match(message);
      expect(problems[0]?.place).to.equal(at);
    });
  }
});
