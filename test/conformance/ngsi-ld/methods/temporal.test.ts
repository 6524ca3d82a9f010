import { expect } from "chai";
import { type MethodHub, openMethodHub } from "./method-hub.ts";

const id = (name: string): string => `urn:ngsi-ld:Tank:${name}`;
const at = (name: string): string => `/temporal/entities/${id(name)}`;
const minute = (number: number): string => `2026-03-01T10:0${number}:00Z`;
const measured = (value: number, number: number): object => ({
  type: "Property",
  value,
  observedAt: minute(number),
});
/** An evolution of a tank's level, a value a minute. */
const tank = (name: string, ...levels: readonly number[]): object => ({
  id: id(name),
  type: "Tank",
  level: levels.map(measured),
});
const since = "timerel=after&timeAt=2026-03-01T00:00:00Z";
const map = { type: "Query", entities: [{ type: "Tank" }] };

describe("methods of CIM 009, evolutions: each status of their tables", () => {
  let hub: MethodHub;
  const ask: MethodHub["ask"] = (...asked) => hub.ask(...asked);
  /** The instanceId of the first of an evolution's levels. */
  const instance = async (name: string): Promise<string> => {
    const { body } = await ask([200, "GET", at(name)]);
    return String(body?.level?.[0]?.instanceId);
  };

  before(async () => {
    hub = await openMethodHub();
    await ask([201, "POST", "/temporal/entities", tank("t1", 1, 2, 3)]);
  });
  after(() => hub.close());

  it("POST temporal/entities/: 201 with Location, 204 for what is there, 400 (6.18.3.1, 5.2.20, 4.5.6)", async () => {
    const { headers } = await ask([201, "POST", "/temporal/entities", tank("post", 1)]);
    expect(headers.get("location")).to.equal(`/ngsi-ld/v1${at("post")}`);
    const { body } = await ask(
      [204, "POST", "/temporal/entities", tank("post", 1, 8)],
      [400, "POST", "/temporal/entities", { type: "Tank" }],
      [400, "POST", "/temporal/entities", { ...tank("no", 1), id: "not a uri" }],
      [200, "GET", at("post")],
    );
    // What was sent is sent again: an instance of the same moment takes the other's place.
    expect(body?.level).to.have.length(2);
    expect(body?.level?.[0]).to.include.keys("type", "value", "observedAt", "instanceId");
  });

  it("GET temporal/entities/: 200, 400 without a time or anything else to select by (6.18.3.2, 5.2.21)", async () => {
    const { body } = await ask([200, "GET", `/temporal/entities?type=Tank&${since}&attrs=level`]);
    expect(body).to.have.length(2);
    await ask(
      [400, "GET", "/temporal/entities?type=Tank&timerel=after"],
      [400, "GET", "/temporal/entities?type=Tank&timerel=sometimes&timeAt=2026-03-01T00:00:00Z"],
      [400, "GET", `/temporal/entities?type=Tank&${since}&unknown=1`],
      [400, "GET", `/temporal/entities?type=Tank&timerel=between&timeAt=2026-03-01T00:00:00Z`],
      [400, "GET", `/temporal/entities?${since}`],
    );
  });

  it("GET temporal/entities/{entityId}: 200, 400, 404, 406 (6.19.3.1)", async () => {
    await ask(
      [200, "GET", `${at("t1")}?${since}`],
      [400, "GET", "/temporal/entities/not-a-uri"],
      [404, "GET", at("nobody")],
      [406, "GET", at("t1"), undefined, { accept: "application/geo+json" }],
    );
  });

  it("the values of an evolution alone, and with methods and periods (6.3.12, 4.5.9, 4.5.19.0, 5.2.44)", async () => {
    const { body: values } = await ask([200, "GET", `${at("t1")}?${since}&format=temporalValues`]);
    expect(values?.level).to.deep.equal({ type: "Property", values: [1, 2, 3].map((one, n) => [one, minute(n)]) });
    const methods = "aggrMethods=min,max,sum&aggrPeriodDuration=P1D";
    const { body } = await ask(
      [400, "GET", `${at("t1")}?${since}&format=aggregatedValues`],
      [200, "GET", `${at("t1")}?${since}&format=aggregatedValues&${methods}`],
    );
    const firsts = ["min", "max", "sum"].map((method) => body?.level?.[method]?.[0]?.[0]);
    expect(firsts).to.deep.equal([1, 3, 6]);
  });

  it("DELETE temporal/entities/{entityId}: 204, 404 (6.19.3.2, 5.6.16)", async () => {
    await ask(
      [201, "POST", "/temporal/entities", tank("gone", 1)],
      [204, "DELETE", at("gone")],
      [404, "DELETE", at("gone")],
      [400, "DELETE", "/temporal/entities/not-a-uri"],
    );
  });

  it("POST temporal/entities/{entityId}/attrs/: 204, 400, 404 (6.20.3.1, 5.6.12)", async () => {
    const { body } = await ask(
      [204, "POST", `${at("t1")}/attrs`, { warmth: [measured(20, 1)] }],
      [400, "POST", `${at("t1")}/attrs`, []],
      [404, "POST", `${at("nobody")}/attrs`, { warmth: [measured(20, 1)] }],
      [200, "GET", `${at("t1")}?attrs=warmth`],
    );
    expect(body?.warmth).to.have.length(1);
  });

  it("DELETE temporal/entities/{entityId}/attrs/{attrId}: 204, 400, 404 (6.21.3.1, 5.6.13)", async () => {
    await ask(
      [201, "POST", "/temporal/entities", tank("drop", 1, 2)],
      [400, "DELETE", `${at("drop")}/attrs/a%20b`],
      [404, "DELETE", `${at("drop")}/attrs/warmth`],
      [204, "DELETE", `${at("drop")}/attrs/level`],
    );
  });

  it("PATCH temporal/…/attrs/{attrId}/{instanceId}: 204, 400, 404 (6.22.3.1, 5.6.14)", async () => {
    await ask([201, "POST", "/temporal/entities", tank("amend", 1)]);
    const path = `${at("amend")}/attrs/level`;
    const { body } = await ask(
      [204, "PATCH", `${path}/${await instance("amend")}`, { level: [measured(9, 1)] }],
      [404, "PATCH", `${path}/urn:ngsi-ld:Instance:none`, { level: [measured(9, 1)] }],
      [400, "PATCH", `${path}/not-a-uri`, { level: [measured(9, 1)] }],
      [200, "GET", at("amend")],
    );
    expect(body?.level?.[0]?.value).to.equal(9);
  });

  it("DELETE temporal/…/attrs/{attrId}/{instanceId}: 204, 400, 404 (6.22.3.2, 5.6.15)", async () => {
    await ask([201, "POST", "/temporal/entities", tank("cut", 1, 2)]);
    const path = `${at("cut")}/attrs/level/${await instance("cut")}`;
    const { body } = await ask(
      [204, "DELETE", path],
      [404, "DELETE", path],
      [400, "DELETE", `${at("cut")}/attrs/level/not-a-uri`],
      [200, "GET", at("cut")],
    );
    expect(body?.level).to.have.length(1);
  });

  it("POST temporal/entityOperations/query: 200, 400 (6.24.3.1)", async () => {
    const temporalQ = { timerel: "after", timeAt: "2026-03-01T00:00:00Z" };
    const { body } = await ask([200, "POST", "/temporal/entityOperations/query", { ...map, temporalQ }]);
    expect(body?.length).to.be.greaterThan(1);
    await ask([400, "POST", "/temporal/entityOperations/query", { ...map, temporalQ: { timerel: "after" } }]);
  });
});
