import { request as httpRequest } from "node:http";
import { expect } from "chai";
import { type NgsiHub, startNgsiHub } from "./ngsi-hub.ts";

const ERRORS = "https://uri.etsi.org/ngsi-ld/errors/";

describe("NGSI-LD API: names, values and HTTP (6.4.3.1)", () => {
  let hub: NgsiHub;

  before(async () => {
    hub = await startNgsiHub();
    await hub.call("POST", "/entities", { id: "urn:h:1", type: "House", a: 1 });
  });
  after(() => hub.stop());

  /** Sends a path as it is written, and a body in chunks, without its length. */
  const raw = (method: string, path: string, body?: string): Promise<readonly [number | undefined, string]> =>
    new Promise((resolve, reject) => {
      const { hostname, port, pathname } = new URL(hub.api);
      const headers = { "content-type": "application/json" };
      const outgoing = httpRequest({ hostname, port, method, path: pathname + path, headers });
      outgoing.on("response", async (incoming) => {
        const chunks: Buffer[] = [];
        for await (const chunk of incoming) chunks.push(chunk as Buffer);
        resolve([incoming.statusCode, Buffer.concat(chunks).toString()]);
      });
      outgoing.on("error", reject);
      if (body !== undefined) outgoing.write(body);
      outgoing.end();
    });

  const refusal = async (response: Response): Promise<string> => {
    expect(response.headers.get("content-type")).to.equal("application/json");
    const problem = (await response.json()) as Record<string, unknown>;
    expect(problem).to.include.keys("type", "title", "detail", "status");
    return `${response.status} ${String(problem.type).replace(ERRORS, "")}`;
  };

  for (const [name, status] of [
    ["größe_2", 201],
    ["温度", 201],
    ["ex:size", 201],
    ["_size", 400],
    ["2size", 400],
    ["a-b", 400],
    ["a b", 400],
    ["a.b", 400],
    ["", 400],
  ] as const) {
    it(`the attribute name "${name}" is ${status === 201 ? "good" : "bad"} (4.6.2)`, async () => {
      const id = `urn:n:${encodeURIComponent(name) || "empty"}`;
      expect((await hub.call("POST", "/entities", { id, type: "T", [name]: 1 })).status).to.equal(status);
    });
  }

  for (const id of [
    "plain",
    "urn:a b",
    "urn:a\u200bb",
    "urn:a\u202eb",
    "urn:a\u3164b",
    "urn:a\ufe0fb",
    "urn:a\ufdd0b",
    "",
    7,
    null,
  ]) {
    it(`${JSON.stringify(id)} is no id (4.6.4, 5.2.2)`, async () => {
      expect(await refusal(await hub.call("POST", "/entities", { id, type: "T" }))).to.equal("400 BadRequestData");
    });
  }

  it("keeps every character of a value as it came (4.6.1, 4.6.4)", async () => {
    const value = `<script>alert("x");</script> '=;() ${String.fromCodePoint(0x1f6b0)} \\u0041 ü`;
    await hub.call("POST", "/entities", { id: "urn:v:1", type: "T", a: value });
    expect(await (await hub.call("GET", "/entities/urn:v:1?options=keyValues&pick=a")).json()).to.deep.equal({
      a: value,
    });
    const raw = '{"id":"urn:v:2","type":"T","a":{"type":"Property","value":12345678901234567890}}';
    await hub.call("POST", "/entities", raw);
    expect(await (await hub.call("GET", "/entities/urn:v:2")).text()).to.contain("12345678901234567890");
    for (const bad of ['{"id":"urn:v:3","type":"T","a":"\\u0000"}', '{"id":"urn:v:3","type":"T","a":"\\ud800"}']) {
      expect(await refusal(await hub.call("POST", "/entities", bad))).to.equal("400 BadRequestData");
    }
  });

  it("times are UTC, and those that the hub keeps are shown with sysAttrs alone (4.6.3, 4.8, 6.3.11)", async () => {
    for (const observedAt of ["2026-01-01", "2026-01-01T00:00:00", "2026-01-01T00:00:00+01:00", "now", 7]) {
      const body = { id: "urn:t:x", type: "T", a: { value: 1, observedAt } };
      expect(await refusal(await hub.call("POST", "/entities", body)), String(observedAt)).to.equal(
        "400 BadRequestData",
      );
    }
    const shown = (await (await hub.call("GET", "/entities/urn:h:1?options=sysAttrs")).json()) as Record<
      string,
      unknown
    >;
    for (const place of [shown, shown.a as Record<string, unknown>]) {
      expect(place.createdAt).to.match(/^\d{4}-.*Z$/);
      expect(place.modifiedAt).to.match(/^\d{4}-.*Z$/);
    }
    expect(await (await hub.call("GET", "/entities/urn:h:1")).text()).not.to.contain("createdAt");
  });

  for (const scope of ["/a-b", "/1a", "/a//b", "/", "", "/a/", ["/A", "/b c"], 7]) {
    it(`${JSON.stringify(scope)} is no scope (4.18)`, async () => {
      const body = { id: "urn:s:x", type: "T", scope };
      expect(await refusal(await hub.call("POST", "/entities", body))).to.equal("400 BadRequestData");
    });
  }

  it("a path with dot segments, or without an id, is refused (6.2)", async () => {
    for (const id of ["%2e%2e", "%2E", "%2e%2e%2fadmin"]) {
      expect((await raw("GET", `/entities/${id}`))[0], id).to.equal(400);
    }
    expect((await hub.call("PATCH", "/entities//attrs/a", { value: 1 })).status).to.equal(400);
    // 6.6 writes the resource with its slash: what it does not know is another method, not a missing name.
    const named = await hub.call("DELETE", "/entities/urn:h:1/attrs/");
    expect([named.status, named.headers.get("allow")]).to.deep.equal([405, "POST, PATCH, OPTIONS"]);
    const patched = await hub.call("PUT", "/types", {});
    expect([patched.status, patched.headers.get("allow")]).to.deep.equal([405, "GET, HEAD, OPTIONS"]);
  });

  for (const [what, body, expected] of [
    ["nothing", "", "400 InvalidRequest"],
    ["broken JSON", '{"id":', "400 InvalidRequest"],
    ["a list", "[]", "400 InvalidRequest"],
    ["a text", '"urn:x"', "400 BadRequestData"],
    ["no type", '{"id":"urn:x:1"}', "400 BadRequestData"],
    ["what is there", '{"id":"urn:h:1","type":"House"}', "409 AlreadyExists"],
  ] as const) {
    it(`${what} as a body is told as ${expected} (5.5.2 to 5.5.4, 6.3.2, 6.3.3)`, async () => {
      expect(await refusal(await hub.call("POST", "/entities", body))).to.equal(expected);
    });
  }

  it("a body needs its length and a type that the hub reads: bare 411 and 415 (6.3.4)", async () => {
    expect(await raw("POST", "/entities", "{}")).to.deep.equal([411, ""]);
    const typed = await hub.call("POST", "/entities", "<a/>", { "content-type": "text/xml" });
    expect([typed.status, await typed.text()]).to.deep.equal([415, ""]);
    const merge = { "content-type": "application/merge-patch+json" };
    expect((await hub.call("PATCH", "/entities/urn:h:1", { a: 2 }, merge)).status).to.equal(204);
    expect((await hub.call("POST", "/entities", { id: "urn:m:1", type: "T" }, merge)).status).to.equal(415);
  });

  it("takes the context from the body or from a Link, never from both, else the core's (5.5.5, 5.2.3, 6.3.5)", async () => {
    const ld = { "content-type": "application/ld+json" };
    const link = {
      link: `<${hub.api}/jsonldContexts/pump-station.jsonld>; rel="http://www.w3.org/ns/json-ld#context"`,
    };
    const entity = (n: number, more: object = {}) => ({ id: `urn:l:${n}`, type: "T", own: 1, ...more });
    const context = { "@context": { own: "https://own.example/own" } };
    expect(await refusal(await hub.call("POST", "/entities", entity(1), ld))).to.equal("400 BadRequestData");
    expect(await refusal(await hub.call("POST", "/entities", entity(1, context)))).to.equal("400 BadRequestData");
    const both = await hub.call("POST", "/entities", entity(1, context), { ...ld, ...link });
    expect(await refusal(both)).to.equal("400 BadRequestData");
    expect((await hub.call("POST", "/entities", entity(1, context), ld)).status).to.equal(201);
    expect((await hub.call("POST", "/entities", entity(2))).status).to.equal(201);
    const shown = async (n: number) =>
      (await (await hub.call("GET", `/entities/urn:l:${n}?options=keyValues`)).json()) as object;
    expect(await shown(1)).to.have.property("https://own.example/own");
    expect(await shown(2)).to.have.property("own");
    const whole = (await (
      await hub.call("GET", "/entities/urn:l:2", undefined, { accept: "application/ld+json" })
    ).json()) as object;
    expect(whole).to.have.property("@context", "https://uri.etsi.org/ngsi-ld/v1/ngsi-ld-core-context-v1.9.jsonld");
  });

  it("format says how entities are shown, before options (6.3.7)", async () => {
    const a = async (query: string) =>
      ((await (await hub.call("GET", `/entities/urn:h:1?${query}`)).json()) as { a: unknown }).a;
    expect(await a("format=simplified&options=normalized")).to.equal(2);
    expect(await a("options=concise")).to.equal(2);
    expect(await a("format=normalized")).to.deep.equal({ type: "Property", value: 2 });
    expect((await hub.call("GET", "/entities/urn:h:1?format=fancy")).status).to.equal(400);
  });

  it("pages and counts: links with sorted parameters, a limit of 0 with count alone (4.12, 4.13, 5.5.9.1, 5.5.9.2, 6.3.10, 6.3.13)", async () => {
    for (const n of [1, 2, 3]) await hub.call("POST", "/entities", { id: `urn:p:${n}`, type: "Page" });
    const middle = await hub.call("GET", "/entities?type=Page&offset=1&limit=1", undefined, {
      accept: "application/ld+json",
    });
    const path = "/ngsi-ld/v1/entities?limit=1&offset=";
    expect(middle.headers.get("link")).to.contain(`<${path}2&type=Page>;rel="next";type="application/ld+json"`);
    expect(middle.headers.get("link")).to.contain(`<${path}0&type=Page>;rel="prev";type="application/ld+json"`);
    const count = await hub.call("GET", "/entities?type=Page&limit=0&count=true");
    expect([count.headers.get("ngsild-results-count"), await count.json()]).to.deep.equal(["3", []]);
    for (const query of ["limit=0", "limit=-1", "limit=x", "offset=-1", "count=yes", "limit=1001"]) {
      expect((await hub.call("GET", `/entities?type=Page&${query}`)).status, query).to.equal(400);
    }
  });

  it("answers for the tenant that is named, and says so, errors too (4.14, 6.3.14)", async () => {
    const named = await hub.call("GET", "/entities/urn:h:1", undefined, { "ngsild-tenant": "default" });
    expect([named.status, named.headers.get("ngsild-tenant")]).to.deep.equal([200, "default"]);
    for (const path of ["/entities?type=House", "/jsonldContexts", "/subscriptions", "/types", "/entityMaps/urn:x"]) {
      const unknown = await hub.call("GET", path, undefined, { "ngsild-tenant": "nobody" });
      expect(unknown.headers.get("ngsild-tenant")).to.equal("nobody");
      expect(await refusal(unknown), path).to.equal("404 NonexistentTenant");
    }
  });

  it("local=true changes nothing for one broker alone (5.5.13, 6.3.18)", async () => {
    expect((await hub.call("GET", "/entities/urn:h:1?local=true")).status).to.equal(200);
    expect((await hub.call("GET", "/entities?local=true&limit=1")).status).to.equal(200);
    expect((await hub.call("GET", "/types?local=true")).status).to.equal(200);
    expect((await hub.call("GET", "/entities?type=*&local=false")).status).to.equal(400);
  });
});
