import { expect } from "chai";
import { type NgsiHub, startNgsiHub } from "./ngsi-hub.ts";

const noon = (minute: number): string => `2020-08-01T12:${String(minute).padStart(2, "0")}:00Z`;
const speed = (value: unknown, minute: number, more: object = {}) => ({
  type: "Property",
  value,
  observedAt: noon(minute),
  ...more,
});

describe("the temporal API (CIM 009 5.6.11 to 5.6.16, 5.7.3, 5.7.4)", () => {
  let hub: NgsiHub;
  before(async () => {
    hub = await startNgsiHub();
  });
  after(() => hub.stop());
  let number = 0;
  const newId = (): string => `urn:ngsi-ld:Car:${++number}`;
  const path = (id: string, query = ""): string => `/temporal/entities/${encodeURIComponent(id)}${query}`;
  // biome-ignore lint/suspicious/noExplicitAny: answers of many forms
  const read = async (id: string, query = "", status = 200): Promise<any> => {
    const response = await hub.call("GET", path(id, query));
    const text = await response.text();
    expect(response.status, text).to.equal(status);
    return JSON.parse(text);
  };

  it("is made with a past alone, then added to (5.6.11, 5.6.12)", async () => {
    const id = newId();
    const body = { id, type: "Car", speed: [speed(1, 1), speed(2, 2)] };
    const made = await hub.call("POST", "/temporal/entities", body);
    expect([made.status, made.headers.get("location")]).to.deep.equal([201, `/ngsi-ld/v1${path(id)}`]);
    expect((await hub.call("POST", "/temporal/entities", { id, type: ["Taxi"], speed: speed(0, 0) })).status).to.equal(
      204,
    );
    expect((await hub.call("POST", `${path(id)}/attrs`, { fuel: [speed(50, 3)] })).status).to.equal(204);
    const shown = await read(id);
    expect(shown.type).to.have.members(["Car", "Taxi"]);
    expect(shown.speed.map(({ value }: { value: number }) => value)).to.deep.equal([0, 1, 2]);
    expect(shown.fuel[0]).to.include({ type: "Property", value: 50, observedAt: noon(3) });
    expect((await hub.call("GET", `/entities/${id}`)).status).to.equal(404);
    expect((await hub.call("POST", `${path("urn:x:none")}/attrs`, { a: [speed(1, 1)] })).status).to.equal(404);
  });
});
