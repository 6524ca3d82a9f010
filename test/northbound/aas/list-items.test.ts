import { expect } from "chai";
import type { SubmodelElement } from "../../../src/aas/metamodel/types.ts";
import { type AasRoom, b64, type Loose, openAasRoom } from "./aas-room.ts";
import { testSubmodel } from "./all-elements.ts";

const path = `/submodels/${b64("urn:test:sm:1")}`;
const number = (value: number, semantics?: string): SubmodelElement => ({
  modelType: "Property",
  valueType: "xs:int",
  value: String(value),
  ...(semantics === undefined
    ? {}
    : { semanticId: { type: "ExternalReference", keys: [{ type: "GlobalReference", value: semantics }] } }),
});
const box = (...values: number[]): SubmodelElement => ({
  modelType: "SubmodelElementCollection",
  ...(values.length === 0 ? {} : { value: values.map((value) => ({ ...number(value), idShort: `V${value}` })) }),
});
const listOf = (idShort: string, type: "Property" | "SubmodelElementCollection", ...items: SubmodelElement[]) =>
  ({
    modelType: "SubmodelElementList",
    idShort,
    typeValueListElement: type,
    ...(type === "Property" ? { valueTypeListElement: "xs:int" } : {}),
    ...(items.length === 0 ? {} : { value: items }),
  }) as SubmodelElement;

describe("items of a SubmodelElementList", () => {
  let room: AasRoom;
  const list = (name: string) => `${path}/submodel-elements/${name}`;
  const values = async (name: string): Promise<unknown> => (await room.call("GET", `${list(name)}/$value`)).body;
  const status = async (method: string, place: string, body?: unknown): Promise<number> =>
    (await room.call(method, place, body)).status;

  beforeEach(async () => {
    room = await openAasRoom();
    const numbers = listOf("Numbers", "Property", number(0), number(1), number(2), number(3), number(3));
    const boxes = listOf("Boxes", "SubmodelElementCollection", box(), box(1, 2), box(), box(3), box(4, 5, 6));
    const alike = listOf("Alike", "Property", number(1, "urn:a"), number(2));
    const elements = [numbers, boxes, alike, listOf("Empty", "Property")];
    expect(await status("POST", "/submodels", testSubmodel(1, elements))).to.equal(201);
  });
  afterEach(async () => await room.close());

  it("keep their order and close the gap, wherever one is taken out (DeleteSubmodelElementByPath)", async () => {
    const left = [0, 1, 2, 3, 3];
    for (const index of [2, 0, 2, 1, 0]) {
      expect(await status("DELETE", `${list("Numbers")}%5B${index}%5D`)).to.equal(204);
      left.splice(index, 1);
      expect(await values("Numbers"), `without ${index}`).to.deep.equal(left);
      expect(await status("GET", `${list("Numbers")}%5B${left.length}%5D`)).to.equal(404);
    }
    expect(await status("DELETE", `${list("Numbers")}%5B0%5D`)).to.equal(404);
  });

  it("move with all that lies in them", async () => {
    expect(await status("DELETE", `${list("Boxes")}%5B0%5D`)).to.equal(204);
    const now = ((await room.call("GET", list("Boxes"))).body as { value?: unknown }).value;
    expect(now).to.deep.equal([box(1, 2), { modelType: "SubmodelElementCollection" }, box(3), box(4, 5, 6)]);
    expect(await status("DELETE", `${list("Boxes")}%5B1%5D`)).to.equal(204);
    const then = ((await room.call("GET", list("Boxes"))).body as { value?: unknown }).value;
    expect(then).to.deep.equal([box(1, 2), box(3), box(4, 5, 6)]);
    expect((await room.call("GET", `${list("Boxes")}%5B2%5D.V6/$value`)).text).to.equal("6");
    expect(await status("GET", `${list("Boxes")}%5B1%5D.V1`)).to.equal(404);
  });

  it("go behind the others (PostSubmodelElementByPath), or exactly there (PutSubmodelElementByPath)", async () => {
    for (const [name, count] of [
      ["Empty", 0],
      ["Numbers", 5],
    ] as const) {
      const posted = await room.call("POST", list(name), number(7));
      expect(posted.headers.get("location")).to.equal(`${room.base}${list(name)}%5B${count}%5D`);
      expect(await status("PUT", `${list(name)}%5B${count + 1}%5D`, number(8))).to.equal(201);
      expect(await status("PUT", `${list(name)}%5B${count + 3}%5D`, number(9))).to.equal(404);
    }
    expect(await values("Numbers")).to.deep.equal([0, 1, 2, 3, 3, 7, 8]);
    expect(await status("PUT", `${list("Numbers")}%5B1%5D`, number(11))).to.equal(204);
    expect(await status("PATCH", `${list("Numbers")}%5B2%5D`, { modelType: "Property", value: "12" })).to.equal(204);
    expect(await values("Numbers")).to.deep.equal([0, 11, 12, 3, 3, 7, 8]);
  });

  it("are of one kind (AASd-107, -108, -109, -114), however they come", async () => {
    const wrong: readonly (readonly [rule: string, name: string, body: SubmodelElement])[] = [
      ["AASd-108", "Numbers", { modelType: "Capability" }],
      ["AASd-109", "Numbers", { ...number(1), valueType: "xs:long" } as SubmodelElement],
      ["AASd-114", "Alike", number(1, "urn:b")],
    ];
    for (const [rule, name, body] of wrong) {
      for (const [method, place] of [
        ["POST", list(name)],
        ["PUT", `${list(name)}%5B1%5D`],
      ] as const) {
        const { status: code, text } = await room.call(method, place, body);
        expect([code, text.includes(rule)], `${rule} ${method}`).to.deep.equal([400, true]);
      }
    }
    expect(await status("POST", list("Alike"), number(3, "urn:a"))).to.equal(201);
    expect(await status("PUT", `${list("Alike")}%5B0%5D`, number(3))).to.equal(204);
  });

  it("TemplateQualifiers have no place in an instance, not in one element either (AASd-129)", async () => {
    const qualifiers = [{ kind: "TemplateQualifier", type: "SMT/Cardinality", valueType: "xs:string", value: "One" }];
    const { text } = await room.call("POST", list("Numbers"), { ...number(1), qualifiers });
    expect(text).to.contain("AASd-129");
    const element = { ...number(1), idShort: "New", qualifiers };
    expect((await room.call("POST", `${path}/submodel-elements`, element)).text).to.contain("AASd-129");
    await room.call("POST", "/submodels", { ...testSubmodel(2), kind: "Template" });
    expect(await status("POST", `/submodels/${b64("urn:test:sm:2")}/submodel-elements`, element)).to.equal(201);
  });

  for (const level of ["deep", "core"]) {
    it(`pages of paths (${level}) make up all of them, whatever their size (GetAllSubmodelElements-Path)`, async () => {
      const whole = (await room.call("GET", `${path}/$path?level=${level}`)).body as unknown as readonly string[];
      expect(whole.length).to.be.greaterThan(3);
      for (const limit of [1, 2, 3, 5, 100]) {
        const seen: string[] = [];
        let next = "";
        do {
          const { body } = await room.call(
            "GET",
            `${path}/submodel-elements/$path?level=${level}&limit=${limit}${next}`,
          );
          const items = body.result as unknown as readonly string[];
          expect(items.length).to.be.at.most(limit);
          seen.push(...items);
          const cursor = (body.paging_metadata as Loose).cursor as unknown as string | undefined;
          next = cursor === undefined ? "" : `&cursor=${cursor}`;
        } while (next !== "");
        expect(seen, `limit ${limit}`).to.deep.equal(whole);
      }
      expect(await status("GET", `${path}/submodel-elements/$path?cursor=nonsense`)).to.equal(400);
    });
  }
});
