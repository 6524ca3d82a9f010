import { expect } from "chai";
import { createNgsiLdSurface } from "../../src/northbound/ngsi-ld/surface.ts";
import type { Answer, Json } from "./hub-fixture.ts";
import { type Asset, type LinkState, linkStates, type PerState, type RulePlant, rulePlant } from "./rule-plant.ts";

const api = "/ngsi-ld/v1";

interface Read {
  /** The operation's name in the surface's table. */
  readonly name: string;
  readonly method: string;
  readonly path: (asset: Asset) => string;
  readonly body?: (asset: Asset) => unknown;
}

/** Every operation that answers with entities as they are now. */
const reads: readonly Read[] = [
  { name: "RetrieveEntity", method: "GET", path: ({ entity }) => `${api}/entities/${entity}?` },
  { name: "QueryEntities", method: "GET", path: ({ entity }) => `${api}/entities?type=Tank&id=${entity}&` },
  {
    name: "QueryEntitiesByPost",
    method: "POST",
    path: () => `${api}/entityOperations/query?`,
    body: ({ entity }) => ({ type: "Query", entities: [{ id: entity, type: "Tank" }] }),
  },
];

/** What an answer of the normalized form says of the leaf's quality; `none`: it says nothing of it. */
const qualities: PerState<RegExp | "none" | "no attribute"> = {
  writable: /^good$/,
  readOnly: /^good$/,
  lost: /^(?:uncertain|bad)$/,
  silent: "no attribute",
  unlinked: "none",
};

const forms: Readonly<Record<string, string>> = {
  normalized: "format=normalized",
  concise: "format=concise",
  simplified: "format=simplified",
  GeoJSON: "format=normalized",
  "simplified GeoJSON": "format=simplified",
};

describe("twin rules 7 to 9: every NGSI-LD read of a leaf in every state", function () {
  this.timeout(20_000);
  let plant: RulePlant;

  before(async () => {
    plant = await rulePlant(1);
  });
  after(() => plant?.close());

  const ask = async ({ method, path, body }: Read, state: LinkState, form: string): Promise<Answer> => {
    const asset = plant.asset(state, 0);
    const accept: Record<string, string> = form.includes("GeoJSON") ? { accept: "application/geo+json" } : {};
    return await plant.fixture.request(method, `${path(asset)}${forms[form]}`, body?.(asset), accept);
  };

  it("knows every such operation of the surface", () => {
    const { operations } = createNgsiLdSurface({} as Parameters<typeof createNgsiLdSurface>[0]);
    const known = reads.map(({ method, path }) => `${method} ${path({ entity: "e" } as Asset).replace(/\?.*$/, "")}`);
    const answering = operations.filter(({ method, path }) => {
      const reading = method === "GET" || path.endsWith("/query");
      return reading && !path.startsWith("/temporal") && /^\/(?:entities|entityOperations)/.test(path);
    });
    const asked = answering.map(({ method, path }) => `${method} ${api}${path.replace(/\{\w+\}/, "e")}`);
    expect(known.sort()).to.deep.equal(asked.sort());
  });

  for (const read of reads) {
    for (const state of linkStates) {
      for (const form of Object.keys(forms)) {
        it(`${read.name}, ${form}, ${state}`, async () => {
          const { status, headers, body } = await ask(read, state, form);
          expect(status).to.equal(200);
          const level = leafOf(body);
          const { before } = plant.asset(state, 0);
          expect(plainValue(level)).to.equal(before);
          const expected = qualities[state];
          const warned = /^110\b/.test(headers.get("ngsild-warning") ?? "");
          expect(warned, "NGSILD-Warning: 110").to.equal(form.includes("simplified") && state === "lost");
          if (form.includes("simplified") || expected === "no attribute") return;
          const quality = plainValue(level?.quality);
          if (expected === "none") expect(quality).to.equal(undefined);
          else expect(quality).to.match(expected);
        });
      }
    }
  }
});

/** The leaf in an entity, a list of one, a feature or a collection of one. */
function leafOf(body: Json | undefined): Json | undefined {
  const one = Array.isArray(body) ? body[0] : (body?.features?.[0] ?? body);
  return (one?.properties ?? one)?.level;
}

/** A value in any form: itself, or the member of an attribute. */
function plainValue(level: Json | undefined): unknown {
  return typeof level === "object" ? level.value : level;
}
