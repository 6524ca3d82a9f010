import { expect } from "chai";
import { type NgsiHub, PUMP, startNgsiHub } from "./ngsi-hub.ts";

const noon = (minute: number): string => `2020-08-01T12:${String(minute).padStart(2, "0")}:00Z`;
const at = (value: unknown, minute: number, more: object = {}) => ({
  type: "Property",
  value,
  observedAt: noon(minute),
  ...more,
});

interface Shown {
  readonly value?: unknown;
  readonly observedAt?: string;
  readonly instanceId: string;
  readonly deletedAt?: string;
  readonly quality?: { readonly value: string; readonly statusCode?: { readonly value: string } };
  readonly [member: string]: unknown;
}
type Evolution = Readonly<Record<string, readonly Shown[]>>;

describe("the temporal API (CIM 009 5.6.11 to 5.6.16, 5.7.3, 5.7.4)", () => {
  let hub: NgsiHub;
  before(async () => {
    hub = await startNgsiHub();
  });
  after(() => hub.stop());
  let number = 0;
  const newId = (): string => `urn:ngsi-ld:Car:${++number}`;
  const path = (id: string, more = ""): string => `/temporal/entities/${encodeURIComponent(id)}${more}`;
  const send = async (method: string, to: string, body?: unknown): Promise<number> => {
    const response = await hub.call(method, to, body);
    await response.text();
    return response.status;
  };
  const make = async (members: object, type = "Car"): Promise<string> => {
    const id = newId();
    expect(await send("POST", "/temporal/entities", { id, type, ...members })).to.equal(201);
    return id;
  };
  const get = async (to: string, status = 200): Promise<unknown> => {
    const response = await hub.call("GET", to);
    const text = await response.text();
    expect(response.status, text).to.equal(status);
    return JSON.parse(text);
  };
  const read = async (id: string, query = "", status = 200) => (await get(path(id, query), status)) as Evolution;
  const valuesOf = (evolution: Evolution, name = "speed") => (evolution[name] ?? []).map(({ value }) => value);
  const query = async (more: string) => (await get(`/temporal/entities?${more}`)) as readonly Record<string, unknown>[];
  const first = (evolution: Evolution, name = "speed"): Shown => {
    const found = evolution[name]?.[0];
    if (found === undefined) throw new Error(`${name} has an instance`);
    return found;
  };

  it("an evolution is made without an entity, then added to (5.6.11, 5.6.12, 6.18.3.1)", async () => {
    const id = newId();
    const made = await hub.call("POST", "/temporal/entities", { id, type: "Car", speed: [at(1, 1), at(2, 2)] });
    expect([made.status, made.headers.get("location")]).to.deep.equal([201, `/ngsi-ld/v1/temporal/entities/${id}`]);
    expect(await send("POST", "/temporal/entities", { id, type: "Taxi", speed: at(0, 0) })).to.equal(204);
    expect(await send("POST", path(id, "/attrs"), { fuel: [at(50, 3)] })).to.equal(204);
    const shown = await read(id);
    expect(shown.type).to.have.members(["Car", "Taxi"]);
    expect(valuesOf(shown)).to.deep.equal([0, 1, 2]);
    expect(first(shown, "fuel")).to.include({ type: "Property", value: 50, observedAt: noon(3) });
    expect(await send("GET", `/entities/${id}`)).to.equal(404);
    expect(await send("POST", path("urn:x:none", "/attrs"), { a: [at(1, 1)] })).to.equal(404);
  });

  it("what was sent can be sent again, and corrects itself: one moment, one instance of a dataset (4.5.7)", async () => {
    const other = at(9, 1, { datasetId: "urn:x:d" });
    const id = await make({ speed: [at(1, 1), other, at(2, 2)] });
    const before = first(await read(id));
    expect(await send("POST", path(id, "/attrs"), { speed: [at(10, 1), other, at(2, 2)] })).to.equal(204);
    const after = await read(id);
    expect(valuesOf(after)).to.have.members([10, 9, 2]);
    expect(after.speed?.find(({ value }) => value === 10)?.instanceId).to.equal(before.instanceId);
  });

  it("refuses what is no instance: wrong times, wrong names, Null, no type (5.5.4, 5.6.11.4)", async () => {
    for (const wrong of [
      { speed: [{ ...at(1, 1), observedAt: "2020-08-01T12:00:00+02:00" }] },
      { speed: [at("urn:ngsi-ld:null", 1)] },
      { "no-name": [at(1, 1)] },
      { speed: [5] },
      { scope: [{ type: "Property", value: "not/-a" }] },
    ]) {
      expect(await send("POST", "/temporal/entities", { id: newId(), type: "Car", ...wrong })).to.equal(400);
    }
    expect(await send("POST", "/temporal/entities", { id: newId(), speed: [at(1, 1)] })).to.equal(400);
  });

  it("one instance is replaced or taken away; its id and its creation stay (5.6.14, 5.6.15)", async () => {
    const id = await make({ speed: [at(1, 1), at(2, 2)] });
    const old = first(await read(id, "?options=sysAttrs"));
    const one = path(id, `/attrs/speed/${encodeURIComponent(old.instanceId)}`);
    expect(await send("PATCH", one, at(11, 30))).to.equal(204);
    const amended = (await read(id, "?options=sysAttrs")).speed?.at(-1);
    expect(amended).to.include({ value: 11, instanceId: old.instanceId, createdAt: old.createdAt });
    expect(Date.parse(String(amended?.modifiedAt))).to.be.at.least(Date.parse(String(old.modifiedAt)));
    expect(await send("PATCH", one, { speed: [at(12, 31)] })).to.equal(204);
    expect(valuesOf(await read(id))).to.deep.equal([2, 12]);
    expect(await send("DELETE", one)).to.equal(204);
    expect(await send("DELETE", one)).to.equal(404);
    expect(valuesOf(await read(id))).to.deep.equal([2]);
    expect(await send("DELETE", path(id, "/attrs/speed/urn:other:1"))).to.equal(404);
    expect(await send("DELETE", path(id, "/attrs/speed/nothing"))).to.equal(400);
  });

  it("an attribute's past is deleted by dataset or whole, then the evolution (5.6.13, 5.6.16)", async () => {
    const id = await make({ speed: [at(1, 1), at(2, 2, { datasetId: "urn:x:d" })], fuel: at(1, 1) });
    expect(await send("DELETE", path(id, "/attrs/speed?datasetId=urn:x:none"))).to.equal(404);
    expect(await send("DELETE", path(id, "/attrs/speed"))).to.equal(204);
    expect(valuesOf(await read(id))).to.deep.equal([2]);
    expect(await send("DELETE", path(id, "/attrs/speed?deleteAll=true"))).to.equal(204);
    expect(await read(id)).to.not.have.property("speed");
    expect(await send("DELETE", path(id))).to.equal(204);
    expect(await send("GET", path(id))).to.equal(404);
    expect(await send("DELETE", path(id))).to.equal(404);
  });

  it("before excludes its moment, after has it, between has the first alone (4.11)", async () => {
    const id = await make({ speed: [at(1, 1), at(2, 2), at(3, 3)] });
    const within = async (more: string) => valuesOf(await read(id, `?${more}`));
    expect(await within(`timerel=before&timeAt=${noon(2)}`)).to.deep.equal([1]);
    expect(await within(`timerel=after&timeAt=2020-08-01T12:02:00.000Z`)).to.deep.equal([2, 3]);
    expect(await within(`timerel=between&timeAt=${noon(1)}&endTimeAt=${noon(3)}`)).to.deep.equal([1, 2]);
    expect(await within("lastN=2")).to.deep.equal([2, 3]);
    await read(id, `?timerel=after&timeAt=${noon(9)}`, 404);
    for (const wrong of [
      "timerel=during&timeAt=2020-08-01T12:00:00Z",
      "timerel=after",
      "timeAt=2020-08-01T12:00:00Z",
    ]) {
      await read(id, `?${wrong}`, 400);
    }
    await read(id, "?lastN=0", 400);
    await read(id, "?timeproperty=age", 400);
    await read(id, "?format=simplified", 400);
  });

  it("what nobody observed is found by when it was made, not by observedAt (4.11)", async () => {
    const id = await make({ speed: [at(1, 1), { type: "Property", value: 2 }] });
    expect(valuesOf(await read(id))).to.have.members([1, 2]);
    expect(valuesOf(await read(id, "?timerel=after&timeAt=1970-01-01T00:00:00Z"))).to.deep.equal([1]);
    const created = "?timerel=after&timeAt=2021-01-01T00:00:00Z&timeproperty=createdAt";
    expect(valuesOf(await read(id, created))).to.have.members([1, 2]);
  });

  it("what does not fit into one answer is a 206 up to a time that all attributes reach (6.3.10)", async () => {
    const many = (count: number) => Array.from({ length: count }, (_, minute) => at(minute, minute));
    const id = await make({ speed: many(40), fuel: many(10) });
    const seen: unknown[] = [];
    let from = noon(0);
    for (let page = 0; page < 5; page++) {
      const response = await hub.call("GET", path(id, `?timerel=after&timeAt=${from}`));
      const body = (await response.json()) as Evolution;
      seen.push(...valuesOf(body));
      const range = /^date-time (.+Z)-(.+Z)\/\*$/.exec(response.headers.get("content-range") ?? "");
      if (response.status === 200) break;
      expect([response.status, range?.[1]]).to.deep.equal([206, from]);
      expect(body.speed?.at(-1)?.observedAt).to.equal(range?.[2]);
      from = range?.[2] ?? "";
    }
    expect([...new Set(seen)]).to.deep.equal(Array.from({ length: 40 }, (_, minute) => minute));
    const back = await hub.call("GET", path(id, `?lastN=30&timerel=before&timeAt=${noon(35)}`));
    expect(back.status).to.equal(206);
    expect(back.headers.get("content-range")).to.equal(`date-time ${noon(35)}-${noon(19)}/30`);
  });

  it("shows values with their times, each kind in its form, datasets apart (4.5.9)", async () => {
    const speed = [at(1, 1), at(2, 2), at(7, 1, { datasetId: "urn:x:d" })];
    const owner = { type: "Relationship", object: "urn:x:o", observedAt: noon(1) };
    const name = { type: "LanguageProperty", languageMap: { en: "a", de: "b" }, observedAt: noon(1) };
    const id = await make({ speed, owner, name });
    const shown = (await read(id, "?format=temporalValues")) as unknown as Record<string, unknown>;
    const pairs = [
      [1, noon(1)],
      [2, noon(2)],
    ];
    expect(shown.speed).to.deep.equal([
      { type: "Property", values: pairs },
      { type: "Property", datasetId: "urn:x:d", values: [[7, noon(1)]] },
    ]);
    expect(shown.owner).to.deep.equal({ type: "Relationship", objects: [["urn:x:o", noon(1)]] });
    expect(shown.name).to.deep.equal({
      type: "LanguageProperty",
      languageMaps: [[{ languageMap: { en: "a", de: "b" } }, noon(1)]],
    });
    expect((await read(id, "?lang=de")).name?.[0]).to.include({ type: "Property", value: "b", lang: "de" });
    const again = newId();
    expect(await send("POST", "/temporal/entities", { ...shown, id: again })).to.equal(201);
    expect(await read(again, "?format=temporalValues")).to.deep.equal({ ...shown, id: again });
  });

  it("brings values together by periods; what has no meaning is refused where it was named (4.5.19, 5.7.4.4)", async () => {
    const id = await make({ speed: [at(1, 0), at(3, 1), at(8, 6)], note: [at("b", 0), at("a", 1)] });
    const asked = `?format=aggregatedValues&timerel=after&timeAt=${noon(0)}&aggrPeriodDuration=PT5M`;
    const shown = (await read(id, `${asked}&aggrMethods=avg,max`)) as unknown as Record<string, unknown>;
    expect(shown.speed).to.deep.equal({
      type: "Property",
      avg: [
        [2, noon(0), noon(5)],
        [8, noon(5), noon(10)],
      ],
      max: [
        [3, noon(0), noon(5)],
        [8, noon(5), noon(10)],
      ],
    });
    expect(shown.note).to.deep.equal({ type: "Property", max: [["b", noon(0), noon(5)]] });
    await read(id, `${asked}&aggrMethods=avg&attrs=note`, 400);
    await read(id, `${asked}&aggrMethods=median`, 400);
    await read(id, "?format=aggregatedValues", 400);
  });

  it("a query judges instances inside its window alone, pages and counts what it finds (5.7.4)", async () => {
    const fast = await make({ speed: [at(30, 1), at(5, 50)] }, "Van");
    const slow = await make({ speed: [at(10, 1), at(80, 50)] }, "Van");
    const window = `type=Van&timerel=before&timeAt=${noon(30)}`;
    const ids = async (more: string) => (await query(`${window}&${more}`)).map(({ id }) => id);
    expect(await ids("q=speed%3E25")).to.deep.equal([fast]);
    expect(await ids("q=speed%3C20")).to.deep.equal([slow]);
    expect(await ids("attrs=fuel")).to.deep.equal([]);
    expect(await ids("orderBy=id;desc&local=true")).to.deep.equal([fast, slow].toSorted().toReversed());
    const page = await hub.call("GET", `/temporal/entities?${window}&limit=1&count=true`);
    expect(page.headers.get("ngsild-results-count")).to.equal("2");
    expect(page.headers.get("link")).to.contain("offset=1").and.contain('rel="next"');
    const posted = await hub.call("POST", "/temporal/entityOperations/query", {
      type: "Query",
      entities: [{ type: "Van" }],
      q: "speed>25",
      temporalQ: { timerel: "before", timeAt: noon(30) },
    });
    expect(((await posted.json()) as { id: string }[]).map(({ id }) => id)).to.deep.equal([fast]);
    expect(await send("GET", "/temporal/entities?type=Van")).to.equal(400);
    expect(await send("GET", `/temporal/entities?timerel=after&timeAt=${noon(0)}&id=${fast}`)).to.equal(400);
    expect(await send("GET", `/temporal/entities?${window}&orderBy=speed&local=true`)).to.equal(400);
    expect(await send("GET", `/temporal/entities?${window}&pick=speed{name}`)).to.equal(400);
  });

  it("what the core does becomes instances; a deletion too, and the entity is found when it is gone (4.5.6, 4.5.7)", async () => {
    const id = newId();
    await send("POST", "/entities", { id, type: "Tram", speed: at(1, 1), scope: "/A" });
    await send("PATCH", `/entities/${id}/attrs`, { speed: at(2, 2) });
    await send("DELETE", `/entities/${id}/attrs/speed`);
    await send("POST", `/entities/${id}/attrs`, { scope: ["/B"], fuel: { type: "Property", value: 3 } });
    const shown = await read(id);
    expect(valuesOf(shown)).to.deep.equal([1, 2, "urn:ngsi-ld:null"]);
    expect(shown.speed?.at(-1)?.deletedAt).to.be.a("string");
    expect(valuesOf(shown, "scope")[0]).to.equal("/A");
    expect(await send("DELETE", `/entities/${id}`)).to.equal(204);
    const gone = await read(id, "?timeproperty=deletedAt&options=sysAttrs");
    expect(valuesOf(gone, "fuel")).to.deep.equal(["urn:ngsi-ld:null"]);
    expect(gone.deletedAt).to.be.a("string");
    const found = await query(`type=Tram&timerel=before&timeAt=${noon(30)}`);
    expect(found.map((one) => one.id)).to.deep.equal([id]);
    expect(await send("POST", "/entities", { id, type: "Tram", speed: at(9, 9) })).to.equal(201);
    expect(valuesOf(await read(id))).to.deep.equal([1, 2, 9, "urn:ngsi-ld:null"]);
  });

  it("the core deletes an attribute of an entity that has a past alone: a deletion is recorded (5.6.5)", async () => {
    const id = await make({ speed: [at(1, 1)], scope: ["/A"] });
    expect(await send("DELETE", `/entities/${id}/attrs/speed`)).to.equal(204);
    expect(await send("DELETE", `/entities/${id}/attrs/speed`)).to.equal(404);
    expect(await send("DELETE", `/entities/${id}/attrs/scope`)).to.equal(204);
    const shown = await read(id, "?timeproperty=deletedAt");
    expect(valuesOf(shown)).to.deep.equal(["urn:ngsi-ld:null"]);
    expect(shown.scope?.[0]).to.include({ type: "Property" }).and.have.property("deletedAt");
  });

  it("a scope query takes what was said while the scope held (5.7.4.4, C.5.16)", async () => {
    const scope = [at("/R", 0), at("/S", 30)];
    const id = await make({ scope, speed: [at("old", 20), at("new", 40)] }, "Bike");
    const window = `type=Bike&timerel=between&timeAt=${noon(10)}&endTimeAt=${noon(50)}`;
    const [inR] = await query(`${window}&scopeQ=/R`);
    expect(inR?.id).to.equal(id);
    expect(valuesOf(inR as Evolution)).to.deep.equal(["old"]);
    expect(valuesOf(inR as Evolution, "scope")).to.deep.equal(["/R"]);
    expect(valuesOf((await query(`${window}&scopeQ=/S`))[0] as Evolution)).to.deep.equal(["new"]);
    expect(await query(`${window}&scopeQ=/T`)).to.deep.equal([]);
  });

  it("says what an older version can say, where that is preferred (4.3.6.8, 6.19.3.1)", async () => {
    const id = await make({ note: { type: "JsonProperty", json: { a: 1 }, observedAt: noon(1) } });
    const response = await hub.call("GET", path(id), undefined, { prefer: "ngsi-ld=1.5" });
    expect([response.status, response.headers.get("preference-applied")]).to.deep.equal([203, "ngsi-ld=1.5"]);
    expect(((await response.json()) as Evolution).note?.[0]).to.include({ type: "Property" });
  });

  it("a page of which the scope leaves nothing still says how far it goes (6.3.10)", async () => {
    const many = Array.from({ length: 30 }, (_, minute) => at(minute, minute));
    await make({ speed: many, scope: [at("/P", 25)] }, "Boat");
    const window = `type=Boat&timerel=after&timeAt=${noon(0)}&scopeQ=/P`;
    const partial = await hub.call("GET", `/temporal/entities?${window}`);
    expect([partial.status, partial.headers.get("content-range")]).to.deep.equal([
      206,
      `date-time ${noon(0)}-${noon(15)}/*`,
    ]);
    const rest = await query(window.replace(noon(0), noon(15)));
    expect(valuesOf(rest[0] as Evolution)).to.deep.equal([25, 26, 27, 28, 29]);
  });

  it("picks and omits members; nothing left is not found (4.21)", async () => {
    const id = await make({ speed: [at(1, 1)], fuel: [at(2, 2)] });
    expect(Object.keys(await read(id, "?pick=speed"))).to.deep.equal(["speed"]);
    expect(Object.keys(await read(id, "?omit=type,speed"))).to.deep.equal(["id", "fuel"]);
    await read(id, "?pick=other", 404);
    await read(id, "?attrs=speed&pick=speed", 400);
  });

  it("a device's values are instances with their quality; a client's stand beside them, marked (rules 8 and 12)", async () => {
    await hub.read("flow", 1, { sourceTime: Date.parse(noon(1)) });
    await hub.read("flow", 1, { sourceTime: Date.parse(noon(1)), quality: "bad", code: "BadSensor" });
    const device = hub.device.written.length;
    expect(await send("POST", path(PUMP, "/attrs"), { flow: [at(7, 5)], setpoint: [at(50, 5)] })).to.equal(204);
    expect(hub.device.written.length, "no device is told").to.equal(device);
    const { flow = [] } = await read(PUMP, "?attrs=flow");
    expect(flow.map(({ value, quality }) => [value, quality?.value, quality?.statusCode?.value])).to.deep.equal([
      [1, "good", undefined],
      [1, "bad", "BadSensor"],
      [7, "good", "ClientWritten"],
    ]);
    expect(new Set(flow.map(({ instanceId }) => instanceId)).size).to.equal(3);
    expect(flow[0]).to.include({ unitCode: "MQH" });
    const now = (await get(`/entities/${PUMP}`)) as Record<string, Shown>;
    expect(now.flow?.value).to.equal(1);
    for (const wrong of [{ ...at(7, 6), note: { type: "Property", value: 1 } }, at("text", 6)]) {
      expect(await send("POST", path(PUMP, "/attrs"), { flow: [wrong] })).to.equal(400);
    }
  });

  it("an entity map fixes the entities of a temporal query (5.5.14)", async () => {
    const one = await make({ speed: [at(1, 1)] }, "Bus");
    const asked = `/temporal/entities?type=Bus&timerel=after&timeAt=${noon(0)}`;
    const made = await hub.call("GET", `${asked}&entityMap=true`);
    expect(made.status).to.equal(201);
    await make({ speed: [at(1, 1)] }, "Bus");
    const reference = made.headers.get("ngsild-entitymap") ?? "";
    const again = await hub.call("GET", asked, undefined, { "ngsild-entitymap": reference });
    expect(((await again.json()) as { id: string }[]).map(({ id }) => id)).to.deep.equal([one]);
  });
});
