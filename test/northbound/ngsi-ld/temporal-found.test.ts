import { expect } from "chai";
import { type NgsiHub, startNgsiHub } from "./ngsi-hub.ts";

describe("what a temporal query finds (5.7.4)", () => {
  let hub: NgsiHub;

  before(async () => {
    hub = await startNgsiHub();
  });
  after(() => hub.stop());

  it("an entity by any of its attributes, however many it has, and each once (5.7.4.4)", async () => {
    const observed = (hour: number) => [{ type: "Property", value: hour, observedAt: `2026-01-01T${hour}:00:00Z` }];
    const names = Array.from({ length: 8 }, (_, index) => `a${index}`);
    for (const late of [0, 3, 7]) {
      const attributes = names.map((name, index) => [name, observed(index === late ? 20 : 10)]);
      const entity = { id: `urn:f:${late}`, type: "Found", ...Object.fromEntries(attributes) };
      await hub.call("POST", "/temporal/entities", entity);
    }
    const find = async (query: string) => {
      const answer = await hub.call("GET", `/temporal/entities?type=Found&count=true&pick=id&${query}`);
      const entities = (await answer.json()) as readonly { readonly id: string }[];
      return [answer.headers.get("NGSILD-Results-Count"), entities.map(({ id }) => id)];
    };
    const all = ["3", ["urn:f:0", "urn:f:3", "urn:f:7"]];
    expect(await find("timerel=after&timeAt=2026-01-01T00:00:00Z")).to.deep.equal(all);
    expect(await find("timerel=after&timeAt=2026-01-01T15:00:00Z")).to.deep.equal(all);
    expect(await find("timerel=after&timeAt=2026-01-01T21:00:00Z")).to.deep.equal(["0", []]);
  });
});
