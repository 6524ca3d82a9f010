import { expect } from "chai";
import { type AasRoom, type Answer, b64, openAasRoom } from "./aas-room.ts";
import { everyElement, testSubmodel } from "./all-elements.ts";

const sm = (number: number): string => `/submodels/${b64(`urn:test:sm:${number}`)}`;
const elements = `${sm(1)}/submodel-elements`;

describe("the AAS API for clients of v3.0, where engines of 3.0 and the OpenAPI of v3.1.2 contradict", () => {
  let room: AasRoom;
  const call = async (method: string, path: string, body?: unknown): Promise<Answer> =>
    await room.call(method, `${room.base30}${path}`, body);

  before(async () => {
    room = await openAasRoom();
    for (const number of [1, 2]) expect((await call("POST", "/submodels", testSubmodel(number))).status).to.equal(201);
  });
  after(async () => await room.close());

  it("has the base of its own in what it answers", async () => {
    const { headers } = await call(
      "POST",
      "/submodels",
      testSubmodel(3, [{ modelType: "Capability", idShort: "Pumping" }]),
    );
    expect(headers.get("location")).to.equal(`${room.base30}${sm(3)}`);
    expect((await call("GET", "/openapi.json")).body.servers).to.deep.equal([{ url: "/api/v3.0" }]);
    await call("DELETE", sm(3));
  });

  it("a Property's $value stands under its idShort, everything else as in v3.1 (GetSubmodelElementByPath-ValueOnly)", async () => {
    expect((await call("GET", `${elements}/Speed/$value`)).body).to.deep.equal({ Speed: 1450 });
    for (const name of ["Name", "Limits", "Motor", "Bearing", "Phases"]) {
      const old = await call("GET", `${elements}/${name}/$value`);
      expect(old.text, name).to.equal((await room.call("GET", `${elements}/${name}/$value`)).text);
    }
  });

  it("PATCH $value takes a Property's value with and without its idShort (PatchSubmodelElementByPath-ValueOnly)", async () => {
    const speed = async (): Promise<string> => (await room.call("GET", `${elements}/Speed/$value`)).text;
    expect((await call("PATCH", `${elements}/Speed/$value`, { Speed: 1500 })).status).to.equal(204);
    expect(await speed()).to.equal("1500");
    expect((await call("PATCH", `${elements}/Speed/$value`, "1501")).status).to.equal(204);
    expect(await speed()).to.equal("1501");
    expect((await room.call("PATCH", `${elements}/Speed/$value`, { Speed: 1502 })).status).to.equal(400);
    expect((await call("PATCH", `${elements}/Speed/$value`, { Other: 1502 })).status).to.equal(400);
  });

  it("a collection's $value is never unwrapped: a child may have its name", async () => {
    const twice = {
      modelType: "SubmodelElementCollection",
      idShort: "Twice",
      value: [{ modelType: "Property", idShort: "Twice", valueType: "xs:int", value: "1" }],
    };
    expect((await call("POST", elements, twice)).status).to.equal(201);
    expect((await call("PATCH", `${elements}/Twice/$value`, { Twice: 2 })).status).to.equal(204);
    expect((await call("GET", `${elements}/Twice/$value`)).body).to.deep.equal({ Twice: 2 });
    expect((await call("DELETE", `${elements}/Twice`)).status).to.equal(204);
  });

  it("lists of values are arrays (GetAllSubmodelElements-ValueOnly, GetAllSubmodels-ValueOnly)", async () => {
    const page = await call("GET", `${elements}/$value?limit=2`);
    expect(page.text).to.contain('"result":[{"Speed":1501},{"Serial":9007199254740993}]');
    const { result: values } = (await call("GET", "/submodels/$value")).body;
    const one = (await room.call("GET", `${sm(1)}/$value`)).body;
    const two = (await room.call("GET", `${sm(2)}/$value`)).body;
    expect(values).to.deep.equal([one, two]);
  });

  it("metadata of a list are elements of the metamodel (GetAllSubmodelElements-Metadata)", async () => {
    const { result } = (await call("GET", `${elements}/$metadata`)).body as unknown as {
      result: { idShort: string }[];
    };
    expect(result).to.have.length(everyElement.length);
    const of = (name: string) => result.find(({ idShort }) => idShort === name);
    expect(of("Manual")).to.deep.equal({ modelType: "File", idShort: "Manual", contentType: "application/pdf" });
    expect(of("Feeds")).to.have.keys("modelType", "idShort", "first", "second");
    expect(of("Bearing")).to.deep.equal({ modelType: "SubmodelElementCollection", idShort: "Bearing" });
  });
});
