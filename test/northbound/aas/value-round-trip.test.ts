import { expect } from "chai";
import type { SubmodelElement } from "../../../src/aas/metamodel/types.ts";
import { type AasRoom, b64, openAasRoom } from "./aas-room.ts";
import { everyElement, testSubmodel } from "./all-elements.ts";

const path = `/submodels/${b64("urn:test:sm:1")}`;
const blobs = "extent=withBlobValue";
const range = (idShort: string, more: object): SubmodelElement =>
  ({ modelType: "Range", idShort, ...more }) as SubmodelElement;

/** What else values may be: half a range, exact and special numbers, texts of times, lists of lists, mixed lists. */
const more: readonly SubmodelElement[] = [
  range("Above", { valueType: "xs:int", min: "3" }),
  range("Exact", { valueType: "xs:decimal", min: "-0.1000000000000000000001", max: "12345678901234567890.5" }),
  range("Days", { valueType: "xs:date", min: "2026-01-01", max: "2026-12-31" }),
  { modelType: "Property", idShort: "Special", valueType: "xs:double", value: "NaN" },
  { modelType: "Property", idShort: "Yes", valueType: "xs:boolean", value: "true" },
  { modelType: "Property", idShort: "Now", valueType: "xs:dateTime", value: "2026-11-22T10:00:00Z" },
  {
    modelType: "SubmodelElementList",
    idShort: "Rows",
    typeValueListElement: "SubmodelElementList",
    value: [
      {
        modelType: "SubmodelElementList",
        typeValueListElement: "Property",
        valueTypeListElement: "xs:int",
        value: [
          { modelType: "Property", valueType: "xs:int", value: "1" },
          { modelType: "Property", valueType: "xs:int" },
        ],
      },
    ],
  },
  {
    modelType: "Entity",
    idShort: "Outer",
    entityType: "CoManagedEntity",
    statements: [{ modelType: "Entity", idShort: "Inner", entityType: "CoManagedEntity" }],
  },
];

describe("values of every type of element, there and back", () => {
  let room: AasRoom;
  const get = async (tail: string): Promise<string> => (await room.call("GET", `${path}${tail}`)).text;

  before(async () => {
    room = await openAasRoom();
    const { status, text } = await room.call("POST", "/submodels", testSubmodel(1, [...everyElement, ...more]));
    expect(status, text).to.equal(201);
  });
  after(async () => await room.close());

  for (const { idShort, modelType } of [...everyElement, ...more]) {
    const has = modelType !== "Capability" && modelType !== "Operation";
    const name = has ? "comes back as it was shown" : "has none, and takes none";
    it(`${modelType} ${idShort}: ${name} (PatchSubmodelElementByPath-ValueOnly)`, async () => {
      const place = `/submodel-elements/${idShort}`;
      const shown = await room.call("GET", `${path}${place}/$value?${blobs}`);
      expect(shown.status, shown.text).to.equal(has ? 200 : 400);
      const before = await get(`${place}?${blobs}`);
      const patched = await room.call("PATCH", `${path}${place}/$value`, has ? shown.text : "1");
      expect(patched.status, patched.text).to.equal(has ? 204 : 400);
      expect(await get(`${place}?${blobs}`)).to.equal(before);
    });
  }

  it("the whole submodel, with all its digits (PatchSubmodelById-ValueOnly)", async () => {
    const [values, whole] = [await get(`/$value?${blobs}`), await get(`?${blobs}`)];
    expect(values).to.contain("9007199254740993").and.to.contain("-0.1000000000000000000001");
    const { status, text } = await room.call("PATCH", `${path}/$value`, values);
    expect(status, text).to.equal(204);
    expect(await get(`?${blobs}`)).to.equal(whole);
    expect(await get(`/$value?${blobs}`)).to.equal(values);
  });

  const changes: readonly (readonly [place: string, value: unknown, shown: unknown])[] = [
    ["Limits", { max: 5 }, { min: -1.5, max: 5 }],
    ["Name", [{ fr: "Pompe" }], [{ fr: "Pompe" }]],
    ["Motor", { statements: { Power: 8 } }, 8],
    ["Motor", { entityType: "SelfManagedEntity", globalAssetId: "urn:test:other" }, "urn:test:other"],
    ["Drives", { annotations: { Since: "2020-02-29" } }, "2020-02-29"],
    [
      "Feeds",
      { second: { type: "ExternalReference", keys: [{ type: "GlobalReference", value: "urn:new" }] } },
      "urn:new",
    ],
    ["Parent", { type: "ExternalReference", keys: [{ type: "GlobalReference", value: "urn:p" }] }, "urn:p"],
    ["Changed", { observed: { type: "ModelReference", keys: [{ type: "Submodel", value: "urn:seen" }] } }, "urn:seen"],
    ["Manual", { contentType: "text/plain", value: "/aasx/files/other.txt" }, "/aasx/files/other.txt"],
    ["Picture", { contentType: "image/gif", value: "R0lG" }, "R0lG"],
    ["Phases", [{ Current: 9 }, null], 9],
    ["Rows", [[null, 7]], 7],
  ];
  for (const [place, value, shown] of changes) {
    it(`${place} takes a part of its value: ${JSON.stringify(value).slice(0, 60)}`, async () => {
      const { status, text } = await room.call("PATCH", `${path}/submodel-elements/${place}/$value`, value);
      expect(status, text).to.equal(204);
      const now = await get(`/submodel-elements/${place}/$value?${blobs}`);
      if (typeof shown === "object") expect(JSON.parse(now)).to.deep.equal(shown);
      else expect(now).to.contain(JSON.stringify(shown));
    });
  }
});
