import { expect } from "chai";
import type { HubError } from "../../../src/core/errors.ts";
import { HostedContexts } from "../../../src/ngsi-ld/context/hosted-contexts.ts";
import { type NgsiHub, startNgsiHub } from "./ngsi-hub.ts";

const CORE = "https://uri.etsi.org/ngsi-ld/v1/ngsi-ld-core-context-v1.9.jsonld";
const SPEED = "https://example.org/speed";

describe("NGSI-LD API: hosted contexts (5.13)", () => {
  let hub: NgsiHub;

  before(async () => {
    hub = await startNgsiHub();
  });
  after(() => hub.stop());

  const add = async (context: unknown): Promise<string> => {
    const response = await hub.call("POST", "/jsonldContexts", { "@context": context });
    expect(response.status).to.equal(201);
    const location = response.headers.get("location") ?? "";
    expect(location).to.match(/^\/ngsi-ld\/v1\/jsonldContexts\/[^/]+$/);
    return location.split("/").at(-1) ?? "";
  };

  it("serves a context, and requests are written in it (5.13.2, 5.13.4, 6.29.3.1, 6.30.3.1)", async () => {
    const id = await add({ speed: SPEED });
    const served = await hub.call("GET", `/jsonldContexts/${id}`);
    expect(await served.json()).to.deep.equal({ "@context": { speed: SPEED } });
    const link = `<${hub.api}/jsonldContexts/${id}>; rel="http://www.w3.org/ns/json-ld#context"; type="application/ld+json"`;
    const entity = { id: "urn:ngsi-ld:Car:1", type: "Car", speed: { type: "Property", value: 1 } };
    expect((await hub.call("POST", "/entities", entity, { link })).status).to.equal(201);
    const plain = (await (await hub.call("GET", "/entities/urn:ngsi-ld:Car:1")).json()) as object;
    expect(plain).to.have.property(SPEED);
    const details = await (await hub.call("GET", `/jsonldContexts/${id}?details=true`)).json();
    expect(details).to.include({
      localId: id,
      kind: "Hosted",
      numberOfHits: 2,
      URL: `${hub.api}/jsonldContexts/${id}`,
    });
    expect(details).to.have.property("createdAt").that.matches(/Z$/);
  });

  it("lists by kind, as URLs or with details (5.13.3, 6.29.3.2)", async () => {
    const id = await add({ a: "https://example.org/a" });
    const list = async (query: string) =>
      (await (await hub.call("GET", `/jsonldContexts${query}`)).json()) as unknown[];
    expect(await list("?kind=Hosted")).to.include(`${hub.api}/jsonldContexts/${id}`);
    expect(await list("?kind=Cached")).not.to.include(`${hub.api}/jsonldContexts/${id}`);
    expect(await list("?kind=Cached")).to.include(CORE);
    expect(await list("?kind=ImplicitlyCreated")).to.deep.equal([]);
    const details = (await list("?details=true")) as readonly { readonly localId: string }[];
    expect(details.map(({ localId }) => localId))
      .to.include(id)
      .and.to.include("ngsi-ld-core-context-v1.9.jsonld");
    expect((await hub.call("GET", "/jsonldContexts?kind=Other")).status).to.equal(400);
  });

  it("deletes what it hosts for clients, and forgets it (5.13.5, 6.30.3.2)", async () => {
    const id = await add({ b: "https://example.org/b" });
    const written = {
      headers: { link: `<${hub.api}/jsonldContexts/${id}>; rel="http://www.w3.org/ns/json-ld#context"` },
    };
    expect((await hub.call("GET", "/entities?type=X", undefined, written.headers)).status).to.equal(200);
    expect((await hub.call("DELETE", `/jsonldContexts/${id}?reload=true`)).status).to.equal(400);
    expect((await hub.call("DELETE", `/jsonldContexts/${id}`)).status).to.equal(204);
    expect((await hub.call("DELETE", `/jsonldContexts/${id}`)).status).to.equal(404);
    expect((await hub.call("GET", `/jsonldContexts/${id}`)).status).to.equal(404);
    expect((await hub.call("GET", "/entities?type=X", undefined, written.headers)).status).to.equal(504);
    expect((await hub.call("DELETE", "/jsonldContexts/ngsi-ld-core-context-v1.9.jsonld")).status).to.equal(400);
  });

  it("keeps them over a restart", async () => {
    const id = await add({ c: "https://example.org/c" });
    const again = new HostedContexts(hub.store.records("context"), { now: () => 0 });
    await again.load();
    expect(again.find(id)?.context).to.deep.equal({ c: "https://example.org/c" });
  });

  it("keeps copies of what others serve: shown, not served, loaded anew, deleted (5.13.1, 5.13.4, 5.13.5)", async () => {
    const other = await startNgsiHub();
    const away = (await other.call("POST", "/jsonldContexts", { "@context": { far: "urn:x:far" } })).headers;
    const url = `${other.api}/jsonldContexts/${away.get("location")?.split("/").at(-1)}`;
    const path = `/jsonldContexts/${encodeURIComponent(url)}`;
    expect((await hub.call("GET", path)).status).to.equal(404);
    const link = `<${url}>; rel="http://www.w3.org/ns/json-ld#context"`;
    expect((await hub.call("GET", "/entities?type=X", undefined, { link })).status).to.equal(200);
    const details = (await (await hub.call("GET", `${path}?details=true`)).json()) as Record<string, unknown>;
    expect(details).to.include({ URL: url, kind: "Cached", numberOfHits: 1 });
    expect(details).to.include.keys("createdAt", "expiresAt", "lastUsage", "localId");
    expect((await hub.call("GET", `/jsonldContexts/${details.localId}?details=true`)).status).to.equal(200);
    expect((await hub.call("GET", path)).status).to.equal(422);
    expect((await hub.call("DELETE", `${path}?reload=true`)).status).to.equal(204);
    await other.stop();
    expect((await hub.call("DELETE", `${path}?reload=true`)).status).to.equal(504);
    expect((await hub.call("GET", `${path}?details=true`)).status).to.equal(200);
    expect((await hub.call("DELETE", path)).status).to.equal(204);
    expect((await hub.call("GET", `${path}?details=true`)).status).to.equal(404);
  });

  it("has the core context from its build: loaded anew at once, never deleted (4.4, 5.13.5)", async () => {
    const path = `/jsonldContexts/${encodeURIComponent(CORE)}`;
    expect(await (await hub.call("GET", `${path}?details=true`)).json()).to.include({ kind: "Cached", URL: CORE });
    expect((await hub.call("GET", path)).status).to.equal(422);
    expect((await hub.call("DELETE", `${path}?reload=true`)).status).to.equal(204);
    expect((await hub.call("DELETE", path)).status).to.equal(400);
  });

  it("gives a context without a URL one of its own, once (5.13.1)", async () => {
    const hosted = new HostedContexts(hub.store.records("context"), { now: () => 0 });
    const [first, again, elsewhere] = await Promise.all([
      hosted.implicit([{ d: "urn:x:d" }], "default"),
      hosted.implicit([{ d: "urn:x:d" }], "default"),
      hosted.implicit([{ d: "urn:x:d" }], "other"),
    ]);
    expect(again).to.equal(first);
    expect(elsewhere).not.to.equal(first);
    expect(hosted.list("default").filter(({ id }) => id === first)).to.have.length(1);
    const later = new HostedContexts(hub.store.records("context"), { now: () => 0 });
    await later.load();
    expect(later.find(first)).to.include({ kind: "ImplicitlyCreated", tenant: "default" });
    expect(await later.implicit([{ d: "urn:x:d" }], "default")).to.equal(first);
  });

  it("keeps room for those who write, whatever contexts readers bring along (5.13.1)", async () => {
    const hosted = new HostedContexts(hub.store.records("context"), { now: () => 0 });
    const refusal = (made: Promise<string>) => made.then(String, (error: HubError) => error.code);
    expect(await refusal(hosted.brought({ a: "x".repeat(20_000) }, "default"))).to.equal("overloaded");
    for (let n = 0; n < 250; n += 1) await hosted.brought({ a: `urn:x:${n}` }, "default");
    expect(await refusal(hosted.brought({ a: "urn:x:250" }, "default"))).to.equal("overloaded");
    const known = hosted.list().find(({ context }) => (context as { a?: string }).a === "urn:x:7")?.id;
    expect(await hosted.brought({ a: "urn:x:7" }, "default")).to.equal(known);
    const written = await hosted.implicit({ a: "urn:x:250" }, "default");
    expect(hosted.find(written)?.kind).to.equal("ImplicitlyCreated");
    for (const { id } of hosted.list()) await hosted.delete(id);
  });

  it("takes back what it made for a subscription with the last one that used it (5.13.1)", async () => {
    const subscription = (id: string) => ({
      "@context": [{ Truck: "urn:x:Truck" }],
      id,
      type: "Subscription",
      entities: [{ type: "Truck" }],
      notification: { endpoint: { uri: "http://127.0.0.1:1/none" } },
    });
    const implicit = async () =>
      (await (await hub.call("GET", "/jsonldContexts?kind=ImplicitlyCreated&details=true")).json()) as {
        URL: string;
      }[];
    const before = (await implicit()).length;
    const [one, two] = ["urn:ngsi-ld:Subscription:c1", "urn:ngsi-ld:Subscription:c2"];
    for (const id of [one, two]) {
      const headers = { "content-type": "application/ld+json" };
      expect((await hub.call("POST", "/subscriptions", subscription(id), headers)).status).to.equal(201);
    }
    expect(await implicit()).to.have.length(before + 1);
    await hub.call("DELETE", `/subscriptions/${one}`);
    expect(await implicit()).to.have.length(before + 1);
    await hub.call("DELETE", `/subscriptions/${two}`);
    expect(await implicit()).to.have.length(before);
  });

  for (const [what, body, status] of [
    ["no @context", { speed: SPEED }, 400],
    ["broken JSON", "{", 400],
    ["a scoped context", { "@context": { a: { "@id": "https://example.org/a", "@context": {} } } }, 400],
    ["a reference that cannot be had", { "@context": "http://127.0.0.1:1/none.jsonld" }, 504],
  ] as const) {
    it(`refuses ${what}`, async () => {
      expect((await hub.call("POST", "/jsonldContexts", body)).status).to.equal(status);
    });
  }
});
