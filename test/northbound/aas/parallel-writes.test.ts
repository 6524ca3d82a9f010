import { expect } from "chai";
import { type AasRoom, b64, openAasRoom } from "./aas-room.ts";

const id = "urn:test:busy";
const elements = `/submodels/${b64(id)}/submodel-elements`;
const clients = Array.from({ length: 60 }, (_, index) => index);
const property = (index: number, value = index): object => ({
  modelType: "Property",
  idShort: `Own${index}`,
  valueType: "xs:int",
  value: String(value),
});
const item = (index: number): object => ({ modelType: "Property", valueType: "xs:int", value: String(index) });

describe("many clients that write to one submodel at once", () => {
  let room: AasRoom;
  /** The statuses that came, each once. */
  const all = async (write: (index: number) => ReturnType<AasRoom["call"]>): Promise<readonly number[]> => [
    ...new Set((await Promise.all(clients.map(write))).map(({ status }) => status)),
  ];
  const values = async (path: string): Promise<unknown> => (await room.call("GET", `${elements}/${path}`)).body;

  before(async () => {
    room = await openAasRoom();
    const list = { modelType: "SubmodelElementList", idShort: "Items", typeValueListElement: "Property" };
    const { status } = await room.call("POST", "/submodels", {
      modelType: "Submodel",
      id,
      submodelElements: [{ ...list, valueTypeListElement: "xs:int" }],
    });
    expect(status).to.equal(201);
  });
  after(async () => await room.close());

  it("all add their element", async () => {
    expect(await all((index) => room.call("POST", elements, property(index)))).to.deep.equal([201]);
  });

  it("all append to one list, none over another", async () => {
    expect(await all((index) => room.call("POST", `${elements}/Items`, item(index)))).to.deep.equal([201]);
    expect([...((await values("Items/$value")) as unknown as number[])].sort((a, b) => a - b)).to.deep.equal(clients);
  });

  it("all replace, patch and delete theirs", async () => {
    const at = (index: number): string => `${elements}/Own${index}`;
    expect(await all((index) => room.call("PUT", at(index), property(index, 7)))).to.deep.equal([204]);
    expect(await all((index) => room.call("PATCH", at(index), property(index, 8)))).to.deep.equal([204]);
    expect(await values("Own59/$value")).to.equal(8);
    expect(await all((index) => room.call("DELETE", at(index)))).to.deep.equal([204]);
  });

  it("replace the whole submodel one after the other; who named a version is told that it is gone", async () => {
    const body = { modelType: "Submodel", id };
    const path = `/submodels/${b64(id)}`;
    expect(await all(() => room.call("PUT", path, body))).to.deep.equal([204]);
    const etag = (await room.call("GET", path)).headers.get("etag") ?? "";
    const named = await Promise.all(
      clients.map((index) => room.call("PUT", path, { ...body, idShort: `Own${index}` }, { "if-match": etag })),
    );
    expect(named.filter(({ status }) => status === 204)).to.have.length(1);
    expect(named.filter(({ status }) => status === 412)).to.have.length(59);
  });

  it("put, patch, read and delete a submodel that comes and goes: what they are told is what a client alone may be told", async () => {
    const path = `/submodels/${b64("urn:test:fleeting")}`;
    const body = { modelType: "Submodel", id: "urn:test:fleeting", submodelElements: [property(0)] };
    const [put, patched, read, deleted] = await Promise.all([
      all(() => room.call("PUT", path, body)),
      all(() => room.call("PATCH", `${path}/submodel-elements/Own0/$value`, 8)),
      all(() => room.call("GET", `${path}/submodel-elements/Own0/$value`)),
      all(() => room.call("DELETE", path)),
    ]);
    expect([201, 204]).to.include.members([...put]);
    expect([204, 404]).to.include.members([...patched]);
    expect([200, 404]).to.include.members([...read]);
    expect([204, 404]).to.include.members([...deleted]);
  });
});
