import { readFileSync } from "node:fs";
import { expect } from "chai";
import { environment, testSubmodel } from "../../northbound/aas/all-elements.ts";
import type { Ask } from "./case.ts";
import { type EngineHub, openEngineHub } from "./engine-hub.ts";
import { engineSuites } from "./engine-suites.ts";
import { b64, request, shellId, submodelId } from "./world.ts";

const shell = `/shells/${b64(shellId)}`;
const submodel = `/submodels/${b64(submodelId)}`;
const elements = `${submodel}/submodel-elements`;
const broken = "invalid-base64url=====";
/** Every list of the API, `$path` too. */
const lists = [
  ...["/shells", "/shells/$reference", `${shell}/submodel-refs`],
  ...["/submodels", "/submodels/$metadata", "/submodels/$value", "/submodels/$reference", "/submodels/$path"],
  ...["", "/$metadata", "/$value", "/$reference", "/$path"].map((view) => `${elements}${view}`),
  ...["/concept-descriptions", "/shell-descriptors", "/submodel-descriptors", "/lookup/shells", "/packages"],
];

/** What any JSON answer of these tests may be. */
type Json = { readonly [key: string]: Json } & readonly Json[] & string;

interface Seen {
  readonly status: number;
  readonly headers: Headers;
  readonly text: string;
  readonly body: Json;
}

/** One test for each line of what a new server trips over, by its number. */
describe("what a new server trips over", () => {
  let hub: EngineHub;
  const ask = async (verb: string, path: string, asked: Ask = {}, version = "3.1"): Promise<Seen> => {
    const { status, headers, bytes } = await request(verb, `${hub.url}/api/v${version}${path}`, asked);
    const text = bytes.toString();
    const isJson = headers.get("content-type")?.includes("json") === true;
    return { status, headers, text, body: isJson ? JSON.parse(text) : text };
  };
  const get = async (path: string, version?: string): Promise<Seen> => await ask("GET", path, {}, version);
  const statuses = async (paths: readonly string[]): Promise<readonly string[]> =>
    await Promise.all(paths.map(async (path) => `${(await get(path)).status} ${path}`));

  before(async () => {
    hub = await openEngineHub();
    const many = Array.from({ length: 105 }, (_, index) => ({ modelType: "Capability", idShort: `C${index}` }));
    const { status } = await ask("POST", "/submodels", { body: { ...testSubmodel(9), submodelElements: many } });
    expect(status).to.equal(201);
  });
  after(async () => await hub.close());

  it("1. every error is an envelope of messages with short codes, correlation ids and UTC timestamps", async () => {
    const headers = { "x-request-id": "r".repeat(300) };
    const errors = await Promise.all([
      ask("GET", "/shells/none", { headers }),
      ask("GET", "/nowhere"),
      ask("DELETE", "/description"),
      ask("POST", "/submodels", { body: "{" }),
      ask("POST", "/submodels", { body: testSubmodel(1) }),
      ask("PATCH", `${elements}/Speed/$value`, { body: "1", headers: { "content-type": "text/plain" } }),
      ask("GET", `/submodels?idShort=${"x".repeat(9000)}`),
    ]);
    expect(errors.map(({ status }) => status)).to.deep.equal([400, 404, 405, 400, 409, 415, 414]);
    for (const { body } of errors) {
      const [message] = body.messages as readonly Json[];
      expect(message?.code).to.have.length.within(1, 32);
      expect(message?.correlationId).to.have.length.within(1, 128);
      expect(message?.timestamp).to.match(/^\d{4}-\d\d-\d\dT.*Z$/);
    }
  });

  it("2. every list refuses limit 0 and -1, has 100 by default and paging_metadata, whose cursor ends", async () => {
    for (const path of lists) {
      for (const limit of [0, -1]) expect((await get(`${path}?limit=${limit}`)).status, path).to.equal(400);
      const last = await get(`${path}?limit=1000`);
      expect([last.status, last.body.paging_metadata], path).to.deep.equal([200, {}]);
    }
    const page = await get(`/submodels/${b64("urn:test:sm:9")}/submodel-elements`);
    expect(page.body.result).to.have.length(100);
    const cursor = page.body.paging_metadata?.cursor;
    expect(cursor).to.be.a("string");
    const rest = await get(
      `/submodels/${b64("urn:test:sm:9")}/submodel-elements?cursor=${encodeURIComponent(`${cursor}`)}`,
    );
    expect([rest.body.result?.length, rest.body.paging_metadata]).to.deep.equal([5, {}]);
  });

  it("3. an identifier that is no base64url is 400 everywhere below shells and submodels", async () => {
    const views = [
      "",
      "/$metadata",
      "/$value",
      "/$reference",
      "/$path",
      "/submodel-elements",
      "/submodel-elements/Speed",
    ];
    const below = [
      `/submodels/${broken}`,
      `${shell}/submodels/${broken}`,
      `/shells/${broken}/submodels/${b64(submodelId)}`,
    ];
    const paths = [
      ...["", "/$reference", "/asset-information", "/asset-information/thumbnail", "/submodel-refs"].map(
        (view) => `/shells/${broken}${view}`,
      ),
      ...below.flatMap((path) => views.map((view) => `${path}${view}`)),
    ];
    expect((await statuses(paths)).filter((one) => !one.startsWith("400"))).to.deep.equal([]);
  });

  it("4. assetIds are base64url JSON; globalAssetId is a name; $reference filters alike", async () => {
    const filter = (name: string, value: string): string => `assetIds=${b64(JSON.stringify({ name, value }))}`;
    for (const path of ["/shells", "/shells/$reference"]) {
      for (const found of [filter("globalAssetId", "urn:test:asset:1"), filter("serial", "S-1")]) {
        const { text, body } = await get(`${path}?${found}`);
        expect([body.result?.length, text.includes(shellId)], `${path} ${found}`).to.deep.equal([1, true]);
      }
      expect((await get(`${path}?assetIds=${broken}`)).status).to.equal(400);
    }
  });

  it("5. a level or extent that is none is 400; one that means nothing is ignored; the modifiers' constraints hold", async () => {
    const both = ["", "/$value", "/submodel-elements", "/submodel-elements/Speed", "/submodel-elements/Speed/$value"];
    const paths = [
      ...both.flatMap((view) => [
        `${submodel}${view}?level=%23%23%23%23%23`,
        `${submodel}${view}?extent=%23%23%23%23%23`,
      ]),
      ...["/$path", "/submodel-elements/$path"].map((view) => `${submodel}${view}?level=%23%23%23%23%23`),
      ...[`${submodel}/$metadata?level=core`, `${submodel}/$reference?level=deep`],
      `${elements}/Picture/$metadata?extent=withBlobValue`,
    ];
    expect((await statuses(paths)).filter((one) => !one.startsWith("400"))).to.deep.equal([]);
    expect((await get(`${elements}/Speed?level=core&extent=withBlobValue`)).status).to.equal(200);
  });

  it("6. /serialization refuses what is no id or boolean, answers JSON to */*, packages on request, and its concepts", async () => {
    for (const wrong of [`aasIds=${broken}`, `submodelIds=${broken}`, "includeConceptDescriptions=invalid-bool"]) {
      expect((await get(`/serialization?${wrong}`)).status, wrong).to.equal(400);
    }
    const anything = await ask("GET", "/serialization?includeConceptDescriptions=true", { headers: { accept: "*/*" } });
    expect(anything.headers.get("content-type")).to.include("application/json");
    expect(anything.body).to.have.property("conceptDescriptions");
    const aasx = "application/asset-administration-shell-package+xml";
    expect((await ask("GET", "/serialization", { headers: { accept: aasx } })).headers.get("content-type")).to.equal(
      aasx,
    );
  });

  it("7. a slash at the end is taken", async () => {
    const paths = [`${shell}/`, `${submodel}/`, `${shell}${submodel}/`];
    expect(await statuses(paths)).to.deep.equal(paths.map((path) => `200 ${path}`));
  });

  it("8. the whole tree of a submodel lies below its shell, too", async () => {
    const inner = ["", "/$metadata", "/$value", "/$reference", "/$path"];
    const views = [
      ...inner,
      ...inner.map((view) => `/submodel-elements${view}`),
      ...inner.map((view) => `/submodel-elements/Bearing${view}`),
      ...["?level=core", "?extent=withBlobValue"],
    ];
    for (const view of views) {
      const [own, below] = [await get(`${submodel}${view}`), await get(`${shell}${submodel}${view}`)];
      expect([below.status, below.text], view).to.deep.equal([200, own.text]);
    }
  });

  it("9. /submodels/$path is one flat list; only what holds elements has a $path; Capability and Operation no metadata", async () => {
    const { body } = await get("/submodels/$path");
    expect(body.result?.every((path) => typeof path === "string")).to.equal(true);
    const holding = ["Bearing", "Phases", "Motor"];
    for (const { idShort = "" } of environment.submodels[0]?.submodelElements ?? []) {
      const { status } = await get(`${elements}/${idShort}/$path`);
      expect(status, idShort).to.equal(holding.includes(idShort) ? 200 : 400);
    }
    for (const idShort of ["Pumping", "Reset"])
      expect((await get(`${elements}/${idShort}/$metadata`)).status).to.equal(400);
  });

  it("10. values are typed; PATCH $value takes the scalar and answers 204, an object only under v3.0", async () => {
    const speed = `${elements}/Speed/$value`;
    expect((await get(speed)).text).to.equal("1450");
    expect((await ask("PATCH", speed, { body: "7" })).status).to.equal(204);
    expect((await ask("PATCH", speed, { body: { Speed: 8 } })).status).to.equal(400);
    expect((await ask("PATCH", speed, { body: { Speed: 8 } }, "3.0")).status).to.equal(204);
    expect((await ask("PATCH", `${elements}/Bearing/$value`, { body: { Bearing: {} } }, "3.0")).status).to.equal(400);
    expect((await get(speed)).text).to.equal("8");
  });

  it("11. /description lists the literal profiles of both versions", async () => {
    const { profiles } = (await get("/description")).body;
    for (const version of ["3/0", "3/1"]) {
      const profile = `https://admin-shell.io/aas/API/${version}/SubmodelRepositoryServiceSpecification/SSP-002`;
      expect(profiles).to.include(profile);
    }
  });

  it("12. a GET may name the type of a body that it has not", async () => {
    expect((await ask("GET", submodel, { headers: { "content-type": "application/json" } })).status).to.equal(200);
  });

  it("13. PUT of a submodel that is missing is 201 with its Location", async () => {
    const path = `/submodels/${b64("urn:test:sm:13")}`;
    const { status, headers } = await ask("PUT", path, {
      body: { ...testSubmodel(13, []), submodelElements: undefined },
    });
    expect([status, headers.get("location")?.endsWith(path)]).to.deep.equal([201, true]);
  });

  it("14. indexes of lists come percent-encoded", async () => {
    expect((await get(`${elements}/Phases%5B0%5D.Current/$value`)).text).to.equal("3.25");
  });

  it("15. the content of a Blob comes on request alone", async () => {
    expect((await get(`${elements}/Picture`)).body).not.to.have.property("value");
    expect((await get(`${elements}/Picture?extent=withBlobValue`)).body.value).to.equal("iVBORw0KGgo=");
  });

  it("16. unknown keys are refused by name; the order of elements is the client's", async () => {
    const body = { ...testSubmodel(16), colour: "red" };
    const refused = await ask("POST", "/submodels", { body });
    expect([refused.status, refused.text.includes("colour")]).to.deep.equal([400, true]);
    const order = (await get(elements)).body.result?.map(({ idShort }) => idShort);
    expect(order).to.deep.equal(environment.submodels[0]?.submodelElements?.map(({ idShort }) => idShort));
  });

  it("17. control characters reach no query", async () => {
    const paths = ["%00", "%01", "a%00b"].flatMap((text) =>
      ["/shells", "/submodels"].map((path) => `${path}?idShort=${text}`),
    );
    const ids = ["/submodels/AA", `${elements}/%00`, `${elements}/Speed%00/$value`];
    const answered = await statuses([...paths, ...ids]);
    expect(answered.filter((one) => !one.startsWith("400"))).to.deep.equal([]);
  });

  it("18. v3.1 answers as its OpenAPI has it, v3.0 as its engine expects", async () => {
    const [now, then] = [await get(`${elements}/Serial/$value`), await get(`${elements}/Serial/$value`, "3.0")];
    expect([now.text, then.text]).to.deep.equal(["9007199254740993", '{"Serial":9007199254740993}']);
    const values = [await get(`${elements}/$value`), await get(`${elements}/$value`, "3.0")];
    expect(values.map(({ body }) => Array.isArray(body.result))).to.deep.equal([false, true]);
    const metadata = [await get(`${elements}/$metadata`), await get(`${elements}/$metadata`, "3.0")];
    const file = metadata.map(({ body }) => body.result?.find(({ idShort }) => idShort === "Manual"));
    expect(file.map((one) => Object.hasOwn(one ?? {}, "contentType"))).to.deep.equal([false, true]);
  });

  it("19. the engine's own mistakes are waived by name: it does not know where /aas and /submodel end", async () => {
    const waived = engineSuites.flatMap(({ waivers }) => waivers.map(({ operation }) => operation));
    expect([...new Set(waived)]).to.deep.equal(["GenerateSerializationByIds", "GetDescription"]);
    const asked = ["/aas/shells", "/submodel/shells", "/aas/description"];
    expect(await statuses(asked)).to.deep.equal(asked.map((path) => `404 ${path}`));
    expect((await get("/aas/")).body.id).to.equal(shellId);
  });

  it("20. the engines' data: two shells of two submodels, a thumbnail, all fourteen types, a file attached", async () => {
    const shells = (await get("/shells")).body.result ?? [];
    expect(shells.map(({ submodels }) => submodels?.length)).to.deep.equal([2, 2]);
    expect(shells[0]?.idShort).to.be.a("string");
    const types = (await get(elements)).body.result?.map(({ modelType }) => String(modelType));
    expect(new Set(types).size).to.equal(14);
    expect((await get(`${shell}/asset-information/thumbnail`)).text).to.include("<svg");
    expect((await get(`${elements}/Manual/attachment`)).text).to.include("%PDF");
  });

  it("21. schemathesis' hooks name what the hub holds", async () => {
    const hooks = readFileSync(new URL("schemathesis/hooks.py", import.meta.url), "utf8");
    const paths = /PATHS = \[([^\]]*(?:\[\d\][^\]]*)*)\]/.exec(hooks)?.[1]?.match(/"[^"]+"/g) ?? [];
    expect(paths).to.have.length.greaterThan(15);
    const asked = paths.map((path) => `${elements}/${encodeURIComponent(path.replaceAll('"', ""))}`);
    expect((await statuses(asked)).filter((one) => !one.startsWith("200"))).to.deep.equal([]);
  });

  it("is all tested: one test a line", function () {
    const numbers = this.test?.parent?.tests.flatMap(({ title }) => /^(\d+)\. /.exec(title)?.[1] ?? []);
    expect(numbers).to.deep.equal(Array.from({ length: 21 }, (_, index) => String(index + 1)));
  });
});
