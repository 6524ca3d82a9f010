import { expect } from "chai";
import { type BaseUrlPolicy, trustOf } from "../../../src/northbound/base-url.ts";
import { startTestServer, testSurface } from "./test-server.ts";

const forwarded = {
  "x-forwarded-proto": "https",
  "x-forwarded-host": "twins.example.org",
  "x-forwarded-prefix": "/plant/",
};

async function seen(baseUrl: BaseUrlPolicy, headers: Record<string, string>): Promise<string> {
  const server = await startTestServer({ surfaces: [testSurface()], baseUrl });
  try {
    const answer = (await (await fetch(`${server.api}/items/1`, { headers })).json()) as { baseUrl: string };
    return answer.baseUrl.replace(server.url, "<own>");
  } finally {
    await server.close();
  }
}

describe("the base of URLs", () => {
  const loopback = { trusts: trustOf(["127.0.0.0/8", "::1"]) };

  it("is the configured one, whatever a request says", async () => {
    const configured = { ...loopback, configured: "https://a.example.org/" };
    expect(await seen(configured, forwarded)).to.match(/^https:\/\/a\.example\.org\/[^/]/);
  });

  it("is what a trusted proxy forwards, and nobody else", async () => {
    expect(await seen(loopback, forwarded)).to.match(/^https:\/\/twins\.example\.org\/plant\/[^/]/);
    for (const policy of [{}, { trusts: trustOf([]) }, { trusts: trustOf(["10.0.0.0/8"]) }]) {
      expect(await seen(policy, forwarded)).to.match(/^<own>\//);
    }
  });

  it("takes the word of the nearest proxy, and only words that are addresses", async () => {
    const two = { "x-forwarded-host": "evil.example.org, twins.example.org:8443", "x-forwarded-proto": "http,https" };
    expect(await seen(loopback, two)).to.match(/^https:\/\/twins\.example\.org:8443\//);
    const odd = { "x-forwarded-host": "a/b@c", "x-forwarded-proto": "javascript", "x-forwarded-prefix": "/../a b" };
    expect(await seen(loopback, odd)).to.match(/^<own>\//);
  });

  it("knows addresses however they are written", () => {
    const trusts = trustOf(["10.1.0.0/16", "192.0.2.7", "2001:db8::/32"]);
    const known = ["10.1.2.3", "::ffff:10.1.2.3", "192.0.2.7", "2001:db8::1"];
    expect(known.map(trusts)).to.deep.equal(known.map(() => true));
    const strange = ["10.2.0.1", "192.0.2.8", "2001:db9::1", "::1"];
    expect(strange.map(trusts)).to.deep.equal(strange.map(() => false));
  });
});
