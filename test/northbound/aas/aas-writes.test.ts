import { expect } from "chai";
import { type AasRoom, type Answer, b64, type Loose, openAasRoom } from "./aas-room.ts";
import { everyElement, testShell, testSubmodel } from "./all-elements.ts";

const sm = (number: number): string => `/submodels/${b64(`urn:test:sm:${number}`)}`;
const aas = (number: number): string => `/shells/${b64(`urn:test:aas:${number}`)}`;
const items = (answer: Answer): readonly Loose[] => answer.body.result as unknown as readonly Loose[];

describe("writes in the AAS API", () => {
  let room: AasRoom;
  const get = async (path: string, headers?: Record<string, string>): Promise<Answer> =>
    await room.call("GET", path, undefined, headers);

  before(async () => {
    room = await openAasRoom();
    await room.call("POST", "/submodels", testSubmodel(4));
  });
  after(async () => await room.close());

  it("unknown members are refused with a suggestion, broken JSON and deep nesting with a reason", async () => {
    const typo = await room.call("POST", "/submodels", { modelType: "Submodel", id: "urn:x", idshort: "Xy" });
    expect([typo.status, typo.text.includes("idShort")]).to.deep.equal([400, true]);
    expect((await room.call("POST", "/submodels", "{")).status).to.equal(400);
    expect((await room.call("POST", "/submodels", `${"[".repeat(5000)}${"]".repeat(5000)}`)).status).to.equal(400);
    expect((await room.call("POST", "/submodels", "x", { "content-type": "text/plain" })).status).to.equal(415);
  });

  it("submodels: 201 with Location, 409 for one that is there, PUT makes what is missing, order is the client's", async () => {
    const created = await room.call("PUT", sm(7), testSubmodel(7));
    expect([created.status, created.headers.get("location")]).to.deep.equal([201, `${room.base}${sm(7)}`]);
    expect((await room.call("POST", "/submodels", testSubmodel(7))).status).to.equal(409);
    const turned = testSubmodel(7, [...everyElement].reverse());
    expect((await room.call("PUT", sm(7), turned)).status).to.equal(204);
    expect((await get(`${sm(7)}?extent=withBlobValue`)).body).to.deep.equal(turned);
    expect((await room.call("PUT", sm(7), testSubmodel(8))).status).to.equal(400);
    expect((await room.call("PATCH", sm(7), { category: "PARAMETER" })).status).to.equal(204);
    expect((await get(`${sm(7)}/$metadata`)).body.category).to.equal("PARAMETER");
    expect((await room.call("DELETE", sm(7))).status).to.equal(204);
    expect((await room.call("DELETE", sm(7))).status).to.equal(404);
  });

  it("elements: each is its own, keeps its place when it is replaced, and list items move up", async () => {
    const at = (path: string): string => `${sm(6)}/submodel-elements/${encodeURIComponent(path)}`;
    await room.call("POST", "/submodels", testSubmodel(6));
    const before = (await get(`${sm(6)}/$path`)).body as unknown as string[];
    const speed = { modelType: "Property", idShort: "Speed", valueType: "xs:int", value: "7" };
    expect((await room.call("PUT", at("Speed"), speed)).status).to.equal(204);
    expect((await room.call("PATCH", `${at("Speed")}/$value`, "8")).status).to.equal(204);
    expect((await get(`${at("Speed")}/$value`)).text).to.equal("8");
    expect((await get(`${sm(6)}/$path`)).body).to.deep.equal(before);
    const phase = { modelType: "SubmodelElementCollection", value: [{ ...speed, idShort: "Current" }] };
    const posted = await room.call("POST", at("Phases"), phase);
    expect(posted.headers.get("location")).to.equal(`${room.base}${at("Phases[2]")}`);
    expect((await room.call("DELETE", at("Phases[0]"))).status).to.equal(204);
    expect((await get(`${at("Phases")}/$value`)).body).to.deep.equal([{ Current: 3.5 }, { Current: 7 }]);
    expect((await room.call("POST", at("Speed"), speed)).status).to.equal(400);
    expect((await room.call("PUT", at("Nowhere.Speed"), speed)).status).to.equal(404);
    expect((await room.call("PUT", at("Bearing.Speed"), speed)).status).to.equal(201);
  });

  it("parallel PATCHes of elements of one submodel all succeed", async () => {
    const many = Array.from(
      { length: 8 },
      (_, i) => ({ modelType: "Property", idShort: `P${i}`, valueType: "xs:int" }) as const,
    );
    await room.call("POST", "/submodels", testSubmodel(5, many));
    const patches = many.map(({ idShort }, i) =>
      room.call("PATCH", `${sm(5)}/submodel-elements/${idShort}/$value`, String(i)),
    );
    expect((await Promise.all(patches)).map(({ status }) => status)).to.deep.equal(many.map(() => 204));
    expect((await get(`${sm(5)}/$value`)).body).to.deep.equal(
      Object.fromEntries(many.map(({ idShort }, i) => [idShort, i])),
    );
  });

  it("shells: asset information and references to submodels", async () => {
    await room.call("POST", "/shells", { ...testShell(5, []), submodels: undefined });
    const reference = testShell(5, [4]).submodels?.[0];
    const added = await room.call("POST", `${aas(5)}/submodel-refs`, reference);
    expect([added.status, added.headers.get("location")]).to.deep.equal([
      201,
      `${room.base}${aas(5)}/submodel-refs/${b64("urn:test:sm:4")}`,
    ]);
    expect((await room.call("POST", `${aas(5)}/submodel-refs`, reference)).status).to.equal(409);
    expect((await room.call("DELETE", `${aas(5)}/submodel-refs/${b64("urn:test:sm:4")}`)).status).to.equal(204);
    expect((await room.call("DELETE", `${aas(5)}/submodel-refs/${b64("urn:test:sm:4")}`)).status).to.equal(404);
    const asset = { assetKind: "Type", globalAssetId: "urn:test:type" };
    expect((await room.call("PUT", `${aas(5)}/asset-information`, asset)).status).to.equal(204);
    expect((await get(`${aas(5)}/asset-information`)).body).to.deep.equal(asset);
    expect((await room.call("DELETE", aas(5))).status).to.equal(204);
  });

  it("below a shell, PUT makes a submodel and its reference, DELETE takes both", async () => {
    await room.call("POST", "/shells", { ...testShell(6, []), submodels: undefined });
    const path = `${aas(6)}${sm(9)}`;
    const made = await room.call("PUT", path, testSubmodel(9));
    expect([made.status, made.headers.get("location")]).to.deep.equal([201, `${room.base}${path}`]);
    expect((await get(aas(6))).body.submodels).to.deep.equal(testShell(6, [9]).submodels);
    expect((await room.call("PUT", path, testSubmodel(9))).status).to.equal(204);
    expect((await room.call("DELETE", path)).status).to.equal(204);
    expect((await get(aas(6))).body).not.to.have.property("submodels");
    expect((await get(sm(9))).status).to.equal(404);
  });

  it("concept descriptions come, are found and go", async () => {
    const concept = { modelType: "ConceptDescription", id: "urn:test:cd", idShort: "Speed" };
    const path = `/concept-descriptions/${b64(concept.id)}`;
    expect((await room.call("POST", "/concept-descriptions", concept)).headers.get("location")).to.equal(
      `${room.base}${path}`,
    );
    expect(items(await get("/concept-descriptions?idShort=Speed"))).to.deep.equal([concept]);
    expect((await room.call("PUT", path, { ...concept, idShort: "Speed2" })).status).to.equal(204);
    expect((await get(path)).body.idShort).to.equal("Speed2");
    expect((await room.call("DELETE", path)).status).to.equal(204);
  });

  it("concept descriptions are found by what they are cases of and by their data specification, whole or by its value", async () => {
    const external = (value: string) => ({ type: "ExternalReference", keys: [{ type: "GlobalReference", value }] });
    const specification = external("urn:test:specification");
    const concept = {
      modelType: "ConceptDescription",
      id: "urn:test:case",
      isCaseOf: [external("urn:test:general")],
      embeddedDataSpecifications: [
        {
          dataSpecification: specification,
          dataSpecificationContent: {
            modelType: "DataSpecificationIec61360",
            preferredName: [{ language: "en", text: "Case" }],
            definition: [{ language: "en", text: "What is a case of something more general" }],
          },
        },
      ],
    };
    await room.call("POST", "/concept-descriptions", concept);
    await room.call("POST", "/concept-descriptions", { modelType: "ConceptDescription", id: "urn:test:other" });
    const queries = [
      `isCaseOf=${b64(JSON.stringify(external("urn:test:general")))}`,
      `isCaseOf=${b64("urn:test:general")}`,
      `dataSpecificationRef=${b64(JSON.stringify(specification))}`,
      `isCaseOf=${b64("urn:test:general")}&dataSpecificationRef=${b64("urn:test:specification")}`,
    ];
    for (const query of queries) {
      expect(items(await get(`/concept-descriptions?${query}`)), query).to.deep.equal([concept]);
    }
    const both = `isCaseOf=${b64("urn:test:general")}&idShort=Other`;
    expect(items(await get(`/concept-descriptions?${both}`))).to.deep.equal([]);
    for (const name of ["isCaseOf", "dataSpecificationRef"]) {
      expect((await get(`/concept-descriptions?${name}=${b64("{}")}`)).status, name).to.equal(400);
    }
  });
});
