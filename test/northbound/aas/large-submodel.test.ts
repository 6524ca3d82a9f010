import { expect } from "chai";
import type { SubmodelElement } from "../../../src/aas/metamodel/types.ts";
import { type AasRoom, b64, type Loose, openAasRoom } from "./aas-room.ts";
import { testSubmodel } from "./all-elements.ts";

const size = 5_000;
const path = `/submodels/${b64("urn:test:sm:1")}`;
const names = Array.from({ length: size }, (_, index) => `P${index}`);
const property = (idShort: string): SubmodelElement => ({
  modelType: "Property",
  idShort,
  valueType: "xs:int",
  value: idShort.slice(1),
});

describe("a submodel of thousands of elements", () => {
  let room: AasRoom;
  /** How many parts the store has read for each request. */
  let parts = 0;

  before(async () => {
    room = await openAasRoom((documents) => ({
      ...documents,
      parts: async (...asked) => counted(await documents.parts(...asked)),
      partPage: async (...asked) => {
        const page = await documents.partPage(...asked);
        counted(page.items);
        return page;
      },
    }));
    expect((await room.call("POST", "/submodels", testSubmodel(1, names.map(property)))).status).to.equal(201);
  });
  after(async () => await room.close());

  function counted<T extends readonly unknown[]>(read: T): T {
    parts += read.length;
    return read;
  }

  const cost = async (method: string, tail: string, body?: unknown): Promise<number> => {
    parts = 0;
    const { status, text } = await room.call(method, `${path}${tail}`, body);
    expect(status, `${method} ${tail}: ${text.slice(0, 200)}`).to.be.lessThan(300);
    return parts;
  };

  it("reads and writes of one element cost one element, of the head nothing", async () => {
    expect(await cost("GET", "/submodel-elements/P4711")).to.equal(1);
    // What was read is known until a commit changes more of it than a value.
    expect(await cost("GET", "/submodel-elements/P4711/$value")).to.equal(0);
    expect(await cost("PATCH", "/submodel-elements/P4711/$value", 7)).to.equal(0);
    expect(await cost("PATCH", "/$value", { P4711: 8, P12: 9 })).to.equal(1);
    expect(await cost("PATCH", "/submodel-elements/P4711", { category: "PARAMETER" })).to.equal(0);
    expect(await cost("POST", "/submodel-elements", property("P9999"))).to.equal(0);
    expect(await cost("DELETE", "/submodel-elements/P9999")).to.equal(0);
    expect(await cost("GET", "/$metadata")).to.equal(0);
    expect(await cost("GET", "/$reference")).to.equal(0);
  });

  it("a page costs a page, and the pages hold every element once, in order", async () => {
    const seen: string[] = [];
    let cursor = "";
    do {
      parts = 0;
      const { body } = await room.call("GET", `${path}/submodel-elements?limit=1000${cursor}`);
      seen.push(...(body.result as unknown as { idShort: string }[]).map(({ idShort }) => idShort));
      expect(parts).to.equal(1000);
      const next = (body.paging_metadata as Loose).cursor as unknown as string | undefined;
      cursor = next === undefined ? "" : `&cursor=${next}`;
    } while (cursor !== "");
    expect(seen).to.deep.equal(names);
    for (const content of ["$metadata", "$value", "$reference"]) {
      expect(await cost("GET", `/submodel-elements/${content}?limit=10`), content).to.equal(10);
    }
  });

  it("a name that is not there is told with those that are", async () => {
    const { status, text } = await room.call("PATCH", `${path}/$value`, { P1: 1, Nothing: 2 });
    expect([status, text.includes("P42")]).to.deep.equal([400, true]);
  });
});
