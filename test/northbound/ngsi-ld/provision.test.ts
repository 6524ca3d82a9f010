import { expect } from "chai";
import { type NgsiHub, startNgsiHub } from "./ngsi-hub.ts";

const ERRORS = "https://uri.etsi.org/ngsi-ld/errors/";
const NULL = "urn:ngsi-ld:null";
const VOCAB = "https://uri.etsi.org/ngsi-ld/default-context/";

interface BatchResult {
  readonly success: readonly string[];
  readonly errors: readonly {
    readonly entityId: string;
    readonly error: { readonly type: string; readonly status: number };
  }[];
}

describe("NGSI-LD API: provision", () => {
  let hub: NgsiHub;

  beforeEach(async () => {
    hub = await startNgsiHub();
  });
  afterEach(() => hub.stop());

  const show = async (id: string, query = ""): Promise<Record<string, unknown>> =>
    (await (await hub.call("GET", `/entities/${id}?format=simplified${query}`)).json()) as Record<string, unknown>;
  const batch = (name: string, items: unknown, query = ""): Promise<Response> =>
    hub.call("POST", `/entityOperations/${name}${query}`, items);
  const car = (n: number, more: Record<string, unknown> = {}) => ({ id: `urn:c:${n}`, type: "Car", ...more });
  const result = async (response: Response): Promise<readonly [number, readonly string[], readonly string[]]> => {
    const { success, errors } = (await response.json()) as BatchResult;
    return [
      response.status,
      success,
      errors.map(({ entityId, error }) => `${entityId} ${error.type.replace(ERRORS, "")}`),
    ];
  };

  it("a batch creates: all, some, none; the first of one id wins (5.6.7, 5.5.11.1, 5.2.16, 5.2.17, 6.14.3.1)", async () => {
    const all = await batch("create", [car(1), car(2)]);
    expect([all.status, await all.json()]).to.deep.equal([201, ["urn:c:1", "urn:c:2"]]);
    const some = await batch("create", [car(2), car(3, { a: 1 }), car(3, { a: 2 }), { id: "no uri", type: "Car" }]);
    const [status, success, errors] = await result(some);
    expect([status, success]).to.deep.equal([207, ["urn:c:3"]]);
    expect(errors).to.deep.equal(["urn:c:2 AlreadyExists", "urn:c:3 AlreadyExists", "no uri BadRequestData"]);
    expect((await show("urn:c:3")).a).to.equal(1);
    expect(await result(await batch("create", [car(1)]))).to.deep.equal([207, [], ["urn:c:1 AlreadyExists"]]);
  });

  it("a batch upserts, replacing or updating, in the order of its items (5.6.8, 5.5.11.2, 4.6.6, 6.15.3.1)", async () => {
    await batch("create", [car(1, { a: 1, b: 1 })]);
    const mixed = await batch("upsert", [car(1, { a: 2 }), car(2, { a: 1, b: 1 }), car(2, { a: 3 })]);
    expect([mixed.status, await mixed.json()]).to.deep.equal([201, ["urn:c:2"]]);
    expect(await show("urn:c:1")).to.deep.equal(car(1, { a: 2 }));
    expect(await show("urn:c:2")).to.deep.equal(car(2, { a: 3 }));
    const updated = await batch("upsert", [car(1, { b: 5 })], "?options=update");
    expect([updated.status, await updated.text()]).to.deep.equal([204, ""]);
    expect(await show("urn:c:1")).to.deep.equal(car(1, { a: 2, b: 5 }));
  });

  it("a batch updates what is there, or leaves it (5.6.9, 5.5.11.3, 6.16.3.1)", async () => {
    await batch("create", [car(1, { a: 1 })]);
    expect((await batch("update", [car(1, { a: 2, b: 1 })])).status).to.equal(204);
    expect(await show("urn:c:1")).to.deep.equal(car(1, { a: 2, b: 1 }));
    const kept = await batch("update", [car(1, { a: 9, c: 1 }), car(8, { a: 1 })], "?options=noOverwrite");
    const [status, success, errors] = await result(kept);
    expect([status, success]).to.deep.equal([207, ["urn:c:1"]]);
    expect(errors).to.include("urn:c:8 ResourceNotFound");
    expect(await show("urn:c:1")).to.deep.equal(car(1, { a: 2, b: 1, c: 1 }));
  });

  it("a batch merges to any depth, in order (5.6.20, 5.5.11.5, 6.31.3.1)", async () => {
    await batch("create", [car(1, { a: { value: { x: 1, y: 2 } } })]);
    const items = [car(1, { a: { value: { x: NULL, z: 3 } } }), car(1, { a: { value: { z: 4 } } }), car(7, { a: 1 })];
    expect(await result(await batch("merge", items))).to.deep.equal([
      207,
      ["urn:c:1", "urn:c:1"],
      ["urn:c:7 ResourceNotFound"],
    ]);
    expect((await show("urn:c:1")).a).to.deep.equal({ y: 2, z: 4 });
  });

  it("a batch deletes; the second of one id is an error (5.6.10, 5.5.11.4, 6.17.3.1)", async () => {
    await batch("create", [car(1), car(2)]);
    expect((await batch("delete", ["urn:c:1"])).status).to.equal(204);
    expect(await result(await batch("delete", ["urn:c:2", "urn:c:2"]))).to.deep.equal([
      207,
      ["urn:c:2"],
      ["urn:c:2 ResourceNotFound"],
    ]);
  });

  for (const name of ["create", "upsert", "update", "merge", "delete"]) {
    it(`a batch to ${name} with nothing, or with null in it, is bad data (5.6.7 to 5.6.10, 5.6.20)`, async () => {
      for (const items of [[], [null], [name === "delete" ? "urn:c:1" : car(1), null], {}]) {
        const refused = await batch(name, items);
        expect([refused.status, ((await refused.json()) as { type: string }).type]).to.deep.equal([
          400,
          `${ERRORS}BadRequestData`,
        ]);
      }
    });
  }

  it("an entity is replaced whole, created when it was, gated by its type (5.6.18, 6.5.3.3)", async () => {
    await hub.call("POST", "/entities", car(1, { a: 1, b: 1 }));
    const { createdAt } = await show("urn:c:1", "&options=sysAttrs");
    expect((await hub.call("PUT", "/entities/urn:c:1", { type: "Bus", a: 5 })).status).to.equal(204);
    expect(await show("urn:c:1")).to.deep.equal({ id: "urn:c:1", type: "Bus", a: 5 });
    expect((await show("urn:c:1", "&options=sysAttrs")).createdAt).to.equal(createdAt);
    expect((await hub.call("PUT", "/entities/urn:c:1?type=Car", { type: "Car" })).status).to.equal(404);
    expect((await hub.call("PUT", "/entities/urn:c:9", { type: "Car" })).status).to.equal(404);
    expect((await hub.call("PUT", "/entities/urn:c:1", { id: "urn:c:2", type: "Car" })).status).to.equal(400);
    expect((await hub.call("PUT", "/entities/urn:c:1", { type: "Car", a: NULL })).status).to.equal(400);
  });

  it("an entity is deleted, once, and only as what it is (5.6.6, 6.5.3.2)", async () => {
    await hub.call("POST", "/entities", car(1));
    expect((await hub.call("DELETE", "/entities/urn:c:1?type=Bus")).status).to.equal(404);
    const gone = await hub.call("DELETE", "/entities/urn:c:1?type=Car");
    expect([gone.status, gone.headers.get("content-length")]).to.deep.equal([204, null]);
    expect((await hub.call("DELETE", "/entities/urn:c:1")).status).to.equal(404);
    expect((await hub.call("DELETE", "/entities/no%20uri")).status).to.equal(400);
  });

  it("a fragment merges into what is there, NGSI-LD Null removes at any depth (5.5.12, 5.4, 6.5.3.4)", async () => {
    const address = { street: "Straße des 17. Juni", city: "Berlin", country: "Germany" };
    await hub.call("POST", "/entities", {
      ...car(1),
      temperature: { value: 25, unitCode: "CEL", observedAt: "2022-03-14T01:59:26.535Z", by: { value: "lab" } },
      address: { value: address },
      names: { languageMap: { en: "a", de: "b" } },
      extra: 1,
    });
    const patched = await hub.call("PATCH", "/entities/urn:c:1", {
      temperature: { value: 100, observedAt: "2022-03-14T13:00:00.000Z", by: NULL },
      address: { value: { street: "Pariser Platz", country: NULL } },
      names: { type: "LanguageProperty", languageMap: { de: NULL, fr: "c" } },
      extra: NULL,
      fresh: { value: { x: 1, y: NULL } },
    });
    expect(patched.status).to.equal(204);
    const shown = (await (await hub.call("GET", "/entities/urn:c:1")).json()) as Record<string, unknown>;
    expect(shown.temperature).to.deep.equal({
      type: "Property",
      value: 100,
      unitCode: "CEL",
      observedAt: "2022-03-14T13:00:00.000Z",
    });
    expect(shown.address).to.deep.equal({ type: "Property", value: { street: "Pariser Platz", city: "Berlin" } });
    expect(shown.names).to.deep.equal({ type: "LanguageProperty", languageMap: { en: "a", fr: "c" } });
    expect(shown.fresh).to.deep.equal({ type: "Property", value: { x: 1 } });
    expect(shown).not.to.have.property("extra");
  });

  it("attributes are appended, updated, patched, replaced, deleted, and what is not there is told (5.6.2 to 5.6.5, 5.6.19, 5.2.18, 5.2.19, 6.6.3.1, 6.6.3.2, 6.7.3.1 to 6.7.3.3)", async () => {
    await hub.call("POST", "/entities", car(1, { a: { value: 1, unitCode: "CEL" } }));
    const kept = await hub.call("POST", "/entities/urn:c:1/attrs?options=noOverwrite", { a: 9, b: 1 });
    expect(kept.status).to.equal(207);
    const told = (await kept.json()) as { updated: string[]; notUpdated: { attributeName: string; reason: string }[] };
    expect(told.updated).to.deep.equal([`${VOCAB}b`]);
    expect(told.notUpdated[0]?.attributeName).to.equal(`${VOCAB}a`);
    expect(told.notUpdated[0]?.reason).to.be.a("string");
    expect((await hub.call("PATCH", "/entities/urn:c:1/attrs/a", { value: 2 })).status).to.equal(204);
    const { a } = (await (await hub.call("GET", "/entities/urn:c:1")).json()) as { a: unknown };
    expect(a).to.deep.equal({ type: "Property", value: 2, unitCode: "CEL" });
    expect((await hub.call("PATCH", "/entities/urn:c:1/attrs", { a: { value: 3 }, b: NULL })).status).to.equal(204);
    expect(await show("urn:c:1")).to.deep.equal(car(1, { a: 3 }));
    expect(
      (await hub.call("PUT", "/entities/urn:c:1/attrs/a", { type: "Relationship", object: "urn:x" })).status,
    ).to.equal(204);
    expect((await show("urn:c:1")).a).to.equal("urn:x");
    expect((await hub.call("DELETE", "/entities/urn:c:1/attrs/a")).status).to.equal(204);
    for (const [method, body] of [
      ["PATCH", { value: 1 }],
      ["PUT", { value: 1 }],
      ["DELETE", undefined],
    ] as const) {
      expect((await hub.call(method, "/entities/urn:c:1/attrs/a", body)).status, method).to.equal(404);
    }
  });

  it("what has expired is gone, and its id is free (4.22)", async () => {
    const soon = new Date(Date.now() + 60).toISOString();
    await hub.call("POST", "/entities", car(1, { expiresAt: soon, a: 1 }));
    await hub.call("POST", "/entities", car(2, { a: { value: 1, expiresAt: soon }, b: 1 }));
    const deadline = Date.now() + 5_000;
    while ((await hub.call("GET", "/entities/urn:c:1")).status !== 404 && Date.now() < deadline);
    expect((await hub.call("GET", "/entities/urn:c:1")).status).to.equal(404);
    expect(await show("urn:c:2")).to.deep.equal(car(2, { b: 1 }));
    expect(await (await hub.call("GET", "/entities?type=Car&pick=id")).json()).to.deep.equal([{ id: "urn:c:2" }]);
    expect((await hub.call("POST", "/entities", car(1))).status).to.equal(201);
  });

  it("as many as like merge into one entity at once, and none of them is lost or sent away (5.6.17)", async () => {
    await hub.call("POST", "/entities", car(1));
    const names = Array.from({ length: 100 }, (_, index) => `a${index}`);
    const answers = await Promise.all(names.map((name) => hub.call("PATCH", "/entities/urn:c:1", { [name]: 1 })));
    expect(new Set(answers.map(({ status }) => status))).to.deep.equal(new Set([204]));
    expect(await show("urn:c:1")).to.include.all.keys(...names);
  });
});
