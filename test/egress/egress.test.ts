import { once } from "node:events";
import { createServer, type Server } from "node:http";
import type { AddressInfo } from "node:net";
import { expect } from "chai";
import type { HubError } from "../../src/core/errors.ts";
import { createAddressPolicy } from "../../src/egress/address-policy.ts";
import { createEgress, type Egress } from "../../src/egress/egress.ts";
import { defaultEgress, type EgressSettings } from "../../src/egress/egress-settings.ts";

describe("The egress policy", () => {
  let server: Server;
  let base: string;
  const open: Egress[] = [];
  const egress = (settings: Partial<EgressSettings> = {}): Egress => {
    const one = createEgress({ ...defaultEgress, ...settings });
    open.push(one);
    return one;
  };
  const get = (one: Egress, url: string) => one.get(url, { headers: {}, abort: new AbortController().signal });
  const code = (promise: Promise<unknown>): Promise<string> =>
    promise.then(
      () => "fine",
      (error: HubError) => error.code,
    );

  before(async () => {
    server = createServer((incoming, outgoing) => {
      if (incoming.url === "/large") outgoing.end("x".repeat(5000));
      else if (incoming.url === "/silent") return;
      else if (incoming.url === "/loop") outgoing.writeHead(302, { location: "/loop" }).end();
      else if (incoming.url === "/metadata")
        outgoing.writeHead(302, { location: "http://169.254.169.254/latest" }).end();
      else if (incoming.url === "/moved") outgoing.writeHead(301, { location: "/" }).end();
      else outgoing.end("hello");
    }).listen(0, "127.0.0.1");
    await once(server, "listening");
    base = `http://127.0.0.1:${(server.address() as AddressInfo).port}`;
  });
  after(async () => {
    for (const one of open) one.close();
    server.closeAllConnections();
    await new Promise((resolve) => server.close(resolve));
  });

  it("refuses private addresses however they are written, and lets public ones through", () => {
    const policy = createAddressPolicy(defaultEgress);
    for (const address of [
      "127.0.0.1",
      "10.1.2.3",
      "192.168.1.1",
      "172.16.0.1",
      "169.254.169.254",
      "0.0.0.0",
      "100.64.0.1",
      "::1",
      "fe80::1",
      "fd00::1",
      "::ffff:127.0.0.1",
      "::ffff:7f00:1",
    ]) {
      expect(policy.permits("x.example", address), address).to.equal(false);
    }
    for (const address of ["93.184.216.34", "2606:4700::1111"])
      expect(policy.permits("x.example", address), address).to.equal(true);
    for (const url of [
      "http://127.1/",
      "http://2130706433/",
      "http://[::ffff:127.0.0.1]/",
      "http://0x7f.1/",
      "ftp://x.example/",
      "http://u:p@x.example/",
    ]) {
      expect(() => policy.checkUrl(new URL(url)), url).to.throw(/may not reach/);
    }
  });

  it("checks the address that a name resolves to, when it connects", async () => {
    const { port } = new URL(base);
    expect(await code(get(egress(), `http://localhost:${port}/`))).to.equal("denied-by-egress");
    expect(await code(get(egress({ allowedHosts: ["localhost"] }), `http://localhost:${port}/`))).to.equal("fine");
  });

  it("follows a redirect, but not for ever and not to a private address", async () => {
    const one = egress({ allowedHosts: ["127.0.0.1"] });
    expect(Buffer.from((await get(one, `${base}/moved`)).body).toString()).to.equal("hello");
    expect(await code(get(one, `${base}/loop`))).to.equal("unreachable");
    expect(await code(get(one, `${base}/metadata`))).to.equal("denied-by-egress");
  });

  it("bounds size and time, and can insist on https", async () => {
    expect(await code(get(egress({ allowPrivate: true, maxBytes: 1000 }), `${base}/large`))).to.equal("too-large");
    expect(await code(get(egress({ allowPrivate: true, timeout: 100 }), `${base}/silent`))).to.equal("unreachable");
    expect(await code(get(egress({ allowPrivate: true, allowHttp: false }), base))).to.equal("denied-by-egress");
    expect(await code(get(egress({ allowPrivate: true }), base))).to.equal("fine");
  });

  it("holds for MQTT brokers too, whose URLs may carry credentials (CIM 009 7.2)", () => {
    const check = (url: string, settings?: Partial<EgressSettings>): string => {
      try {
        egress(settings).checkBroker(url);
        return "fine";
      } catch (thrown) {
        return (thrown as HubError).code;
      }
    };
    expect(check("mqtts://user:secret@broker.example/a")).to.equal("fine");
    expect(check("mqtt://broker.example/a")).to.equal("fine");
    expect(check("mqtt://broker.example/a", { allowHttp: false })).to.equal("denied-by-egress");
    expect(check("mqtts://broker.example/a", { allowHttp: false })).to.equal("fine");
    expect(check("mqtt://[::1]:1883/a")).to.equal("denied-by-egress");
    expect(check("mqtt://10.0.0.1/a", { allowPrivate: true })).to.equal("fine");
    expect(check("http://broker.example/a")).to.equal("denied-by-egress");
    expect(check("no URL")).to.equal("invalid");
  });
});
