import { once } from "node:events";
import { createServer, type IncomingHttpHeaders } from "node:http";
import type { AddressInfo } from "node:net";
import { expect } from "chai";
import { HubError } from "../../src/core/errors.ts";
import { createAddressPolicy } from "../../src/egress/address-policy.ts";
import { createEgress } from "../../src/egress/egress.ts";
import { defaultEgress } from "../../src/egress/egress-settings.ts";

const refusal = (url: string): string => {
  try {
    createAddressPolicy(defaultEgress).checkUrl(new URL(url));
    return "fine";
  } catch (thrown) {
    return HubError.from(thrown).code;
  }
};

describe("Egress under attack", () => {
  const hidden = [
    "http://2130706433/",
    "http://0x7f.1/",
    "http://0177.0.0.1/",
    "http://0/",
    "http://127.1/",
    "http://[::1]/",
    "http://[::]/",
    "http://[::ffff:127.0.0.1]/",
    "http://[::127.0.0.1]/",
    "http://[64:ff9b::7f00:1]/",
    "http://[2002:7f00:1::]/",
    "http://[2001:0:7f00:1::]/",
    "http://[fec0::1]/",
    "http://[fe80::1]/",
    "http://[fd00::1]/",
    "http://169.254.169.254/latest/meta-data",
    "http://user:word@example.org/",
    "file:///etc/passwd",
    "ftp://example.org/",
    "data:application/json,{}",
  ];
  for (const url of hidden) it(`denies ${url}`, () => expect(refusal(url)).to.equal("denied-by-egress"));

  it("takes public addresses, and private ones that the configuration names in any case", () => {
    expect(refusal("http://8.8.8.8/")).to.equal("fine");
    expect(refusal("http://[2606:4700::1111]/")).to.equal("fine");
    const named = createAddressPolicy({ ...defaultEgress, allowedHosts: ["ERP.Plant.example"] });
    expect(named.permits("erp.plant.example", "10.0.0.7")).to.equal(true);
    expect(named.permits("other.example", "10.0.0.7")).to.equal(false);
  });

  describe("towards a server", () => {
    const seen: { headers: IncomingHttpHeaders; body: string }[] = [];
    const server = createServer(async (incoming, outgoing) => {
      seen.push({ headers: incoming.headers, body: Buffer.concat(await incoming.toArray()).toString() });
      outgoing.end();
    });
    const egress = createEgress({ ...defaultEgress, allowPrivate: true });
    before(async () => {
      server.listen(0, "127.0.0.1");
      await once(server, "listening");
    });
    after(() => {
      egress.close();
      server.close();
    });
    const post = (headers: Record<string, string>, timeout?: number) =>
      egress.request(`http://127.0.0.1:${(server.address() as AddressInfo).port}/`, {
        method: "POST",
        headers,
        body: "exactly this",
        timeout,
        abort: new AbortController().signal,
      });

    it("sends what it is asked to, but no field that would bend the exchange", async () => {
      const bent = { Host: "evil", "Content-Length": "3", "Transfer-Encoding": "chunked", Connection: "x-mark" };
      const more = { Expect: "100-continue", Upgrade: "h2c", TE: "trailers", Trailer: "x", "Keep-Alive": "x" };
      await post({ ...bent, ...more, "Proxy-Authorization": "Basic x", "X-Mark": "kept" });
      const { headers, body } = seen.at(-1) ?? { headers: {}, body: "" };
      expect(body).to.equal("exactly this");
      expect(headers.host).to.match(/^127\.0\.0\.1:/);
      expect(headers["x-mark"]).to.equal("kept");
      expect(headers).to.not.have.any.keys(
        "transfer-encoding",
        "expect",
        "upgrade",
        "te",
        "trailer",
        "proxy-authorization",
      );
    });

    it("takes a time limit of any number", async () => {
      expect((await post({}, 1500.5)).status).to.equal(200);
    });
  });
});
