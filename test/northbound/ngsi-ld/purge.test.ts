import { expect } from "chai";
import { type NgsiHub, PUMP, startNgsiHub } from "./ngsi-hub.ts";

const idOf = (number: number): string => `urn:ngsi-ld:Lamp:${number}`;

describe("NGSI-LD API: purge (6.4.3.3, 5.6.21)", () => {
  let hub: NgsiHub;

  beforeEach(async () => {
    hub = await startNgsiHub();
  });
  afterEach(() => hub.stop());

  const make = async (many: number): Promise<void> => {
    const lamps = Array.from({ length: many }, (_, number) => ({
      id: idOf(number),
      type: "Lamp",
      power: { type: "Property", value: number },
      name: { type: "Property", value: "lamp" },
    }));
    expect((await hub.call("POST", "/entityOperations/create", lamps)).status).to.equal(201);
  };

  const count = async (query: string): Promise<number> => {
    const response = await hub.call("GET", `/entities?${query}&count=true&limit=0`);
    return Number(response.headers.get("NGSILD-Results-Count"));
  };

  it("deletes all that a query finds, beyond one page, and nothing else", async () => {
    await make(250);
    expect((await hub.call("DELETE", "/entities?q=power%3C240")).status).to.equal(204);
    expect(await count("type=Lamp")).to.equal(10);
    expect((await hub.call("DELETE", `/entities?type=Lamp&id=${idOf(249)}`)).status).to.equal(204);
    expect(await count("type=Lamp")).to.equal(9);
  });

  it("keeps or drops attributes and leaves the entities", async () => {
    await make(3);
    expect((await hub.call("DELETE", `/entities?type=Lamp&id=${idOf(1)}&keep=name`)).status).to.equal(204);
    expect((await hub.call("DELETE", `/entities?type=Lamp&id=${idOf(2)}&drop=name`)).status).to.equal(204);
    const members = async (number: number): Promise<readonly string[]> =>
      Object.keys((await (await hub.call("GET", `/entities/${idOf(number)}`)).json()) as object);
    expect(await members(1)).to.deep.equal(["id", "type", "name"]);
    expect(await members(2)).to.deep.equal(["id", "type", "power"]);
  });

  it("leaves what a mapping links, and says so (rule 6)", async () => {
    await hub.read("flow", 3);
    const response = await hub.call("DELETE", "/entities?type=Pump");
    expect([207, 409]).to.include(response.status);
    const { success, errors } = (await response.json()) as { success: unknown; errors: { entityId: string }[] };
    expect(success).to.deep.equal([]);
    expect(errors.every(({ entityId }) => entityId === PUMP)).to.equal(true);
    expect((await hub.call("GET", `/entities/${PUMP}`)).status).to.equal(200);
  });

  for (const query of [
    "",
    "id=urn:ngsi-ld:Lamp:1",
    "idPattern=.*",
    "type=Lamp&keep=a&drop=b",
    "type=Lamp&q=a%7Bb%7D",
  ]) {
    it(`refuses ?${query}`, async () => {
      await make(2);
      expect((await hub.call("DELETE", `/entities?${query}`)).status).to.equal(400);
      expect(await count("type=Lamp")).to.equal(2);
    });
  }
});
