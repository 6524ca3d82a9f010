import { expect } from "chai";
import { HubAddress } from "../../src/hub/hub-address.ts";

describe("the address under which clients reach the hub", () => {
  const own = { host: "127.0.0.1", port: 0 };

  it("is where it listens, once it does", () => {
    const address = new HubAddress(own);
    address.listensAt("http://127.0.0.1:4711");
    expect(address.of("default", "/api/v3.1")).to.equal("http://127.0.0.1:4711/api/v3.1");
    expect(address.of("plant b", "/time-series")).to.equal("http://127.0.0.1:4711/tenants/plant%20b/time-series");
    expect(address.isOwn("http://127.0.0.1:4711/ngsi-ld/v1/entities")).to.equal(true);
    expect([address.isOwn("http://127.0.0.1:4712/"), address.isOwn("no URL")]).to.deep.equal([false, false]);
  });

  it("is the configured one, whatever the port, with one slash between its parts", () => {
    const address = new HubAddress({ ...own, baseUrl: "https://twins.example.org/hub/" });
    address.listensAt("http://127.0.0.1:4711");
    expect(address.of("default", "/api/v3.1")).to.equal("https://twins.example.org/hub/api/v3.1");
    expect(address.isOwn("https://twins.example.org/elsewhere")).to.equal(true);
  });
});
