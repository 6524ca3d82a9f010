import { expect } from "chai";
import { type AasRoom, openAasRoom } from "../../northbound/aas/aas-room.ts";
import { silentScope } from "./query-room.ts";

const field = ($field: string) => ({ $field });
const text = ($strVal: string) => ({ $strVal });
const number = ($numVal: number) => ({ $numVal });
const bool = (value: string) => ({ $boolCast: text(value) });
const idShort = field("$aas#idShort");
const assetType = field("$aas#assetInformation.assetType");
const assetKind = field("$aas#assetInformation.assetKind");
const submodels = field("$aas#submodels");
const asset = (member: string) => field(`$aas#assetInformation.specificAssetIds[].${member}`);
const both = (name: string, value: string) => [
  { $eq: [asset("name"), text(name)] },
  { $eq: [asset("value"), text(value)] },
];

const reference = (value: string) => ({ type: "ModelReference", keys: [{ type: "Submodel", value }] });
const semanticId = (value: string) => ({ type: "ExternalReference", keys: [{ type: "GlobalReference", value }] });
const property = (name: string, value: string, more: object = {}) => ({
  modelType: "Property",
  idShort: name,
  valueType: /^\d+$/.test(value) ? "xs:int" : "xs:string",
  value,
  ...more,
});
const collection = (value: readonly object[], more: object = {}) => ({
  modelType: "SubmodelElementCollection",
  ...more,
  value,
});
const list = (name: string, value: readonly object[]) => ({
  modelType: "SubmodelElementList",
  idShort: name,
  typeValueListElement: "SubmodelElementCollection",
  value,
});

/** The shell of "Comparison Operators", "Example". */
const shell = {
  modelType: "AssetAdministrationShell",
  id: "https://example.com/asset-administration-shell-1",
  assetInformation: {
    assetKind: "Instance",
    globalAssetId: "urn:asset-administration-shell-1",
    specificAssetIds: [
      { name: "supplierId", value: "aas-1" },
      { name: "customerId", value: "aas-2" },
    ],
  },
  submodels: [reference("https://example.com/submodel-1"), reference("https://example.com/submodel-2")],
};

const technicalData = (id: string, width: string, classId: string, property2 = "0173-1#02-BAF016#006") => ({
  modelType: "Submodel",
  id,
  idShort: "TechnicalData",
  submodelElements: [
    list("ProductClassifications", [collection([property("ProductClassId", classId)])]),
    collection([property("Width", width, { semanticId: semanticId(property2) })], { idShort: "TechnicalProperties" }),
  ],
});
const documentation = (id: string, ...documents: readonly (readonly [classId: string, language: string])[]) => ({
  modelType: "Submodel",
  id,
  idShort: "HandoverDocumentation",
  submodelElements: [
    list(
      "Documents",
      documents.map(([classId, language]) =>
        collection([
          collection([property("Class", classId)], { idShort: "DocumentClassification" }),
          collection(
            [
              {
                modelType: "SubmodelElementList",
                idShort: "SMLLanguages",
                typeValueListElement: "MultiLanguageProperty",
                value: [{ modelType: "MultiLanguageProperty", value: [{ language, text: "…" }] }],
              },
            ],
            { idShort: "DocumentVersion" },
          ),
        ]),
      ),
    ),
  ],
});

describe("the examples of the query language's chapter", () => {
  let room: AasRoom;

  before(async () => {
    room = await openAasRoom();
    await room.services.shells.create(silentScope, shell);
    for (const submodel of [
      technicalData("urn:starter:narrow", "45", "27-37-09-05"),
      technicalData("urn:starter:wide", "145", "27-37-09-05"),
      technicalData("urn:motor:narrow", "45", "27-02-22-02"),
      technicalData("urn:starter:height", "45", "27-37-09-05", "0173-1#02-BAF017#006"),
      documentation("urn:docs:both", ["03-01", "de"], ["03-02", "nl"]),
      documentation("urn:docs:one", ["03-02", "de"], ["03-01", "nl"]),
    ])
      await room.services.submodels.create(silentScope, submodel);
  });
  after(async () => await room.close());

  const shells = async ($condition: unknown): Promise<boolean> =>
    (await room.services.query.shells({ $condition }, { limit: 10 })).items.length === 1;
  const found = async ($condition: unknown): Promise<readonly string[]> =>
    (await room.services.query.submodels({ $condition }, { limit: 10 })).items.map(({ id }) => id);

  const comparisons: readonly (readonly [condition: unknown, result: boolean])[] = [
    [{ $eq: [idShort, assetType] }, true],
    [{ $le: [idShort, assetType] }, true],
    [{ $ne: [idShort, assetType] }, false],
    [{ $le: [number(1), number(2)] }, true],
    [{ $gt: [number(1), number(2)] }, false],
    [{ $eq: [number(13), text("13")] }, false],
    [{ $lt: [text("a"), text("b")] }, true],
    [{ $gt: [text("1"), text("2")] }, false],
    [{ $gt: [text("11"), text("2")] }, false],
    [{ $eq: [assetKind, submodels] }, false],
    [{ $ne: [assetKind, submodels] }, true],
    [{ $eq: [assetKind, assetKind] }, true],
    [{ $ne: [assetKind, assetKind] }, false],
    [{ $eq: [submodels, submodels] }, true],
    [{ $eq: [assetKind, number(17)] }, false],
    [{ $ne: [assetKind, number(17)] }, true],
    [{ $le: [assetKind, assetKind] }, true],
    [{ $ge: [bool("true"), bool("true")] }, true],
    [{ $gt: [bool("true"), bool("true")] }, false],
    [{ $contains: [field("$aas#id"), text("https://example.com/asset-administration")] }, true],
  ];
  for (const [condition, result] of comparisons) {
    it(`${JSON.stringify(condition)} is ${result}`, async () => {
      expect(await shells(condition)).to.equal(result);
    });
  }

  it("a $match holds for one item, an $and for the list", async () => {
    expect(await shells({ $match: both("supplierId", "aas-1") })).to.equal(true);
    expect(await shells({ $match: both("supplierId", "aas-2") })).to.equal(false);
    expect(await shells({ $and: both("supplierId", "aas-2") })).to.equal(true);
    const either = [{ $match: both("supplierId", "aas-1") }, { $match: both("customerId", "aas-2") }];
    expect(await shells({ $or: either })).to.equal(true);
  });

  it("class and language of one document in a list of them", async () => {
    const documents = "$sme.Documents[]";
    const $match = [
      { $eq: [field(`${documents}.DocumentClassification.Class#value`), text("03-01")] },
      { $eq: [field(`${documents}.DocumentVersion.SMLLanguages[]#language`), text("nl")] },
    ];
    expect(await found({ $match })).to.deep.equal(["urn:docs:one"]);
    expect(await found({ $and: $match })).to.deep.equal(["urn:docs:both", "urn:docs:one"]);
  });

  it("motor starters that are narrower than 100 mm", async () => {
    const technical = { $eq: [field("$sm#idShort"), text("TechnicalData")] };
    const $and = [
      {
        $match: [
          technical,
          { $eq: [field("$sme.ProductClassifications[].ProductClassId#value"), text("27-37-09-05")] },
        ],
      },
      {
        $match: [
          technical,
          { $eq: [field("$sme#semanticId"), text("0173-1#02-BAF016#006")] },
          { $lt: [field("$sme#value"), number(100)] },
        ],
      },
    ];
    expect(await found({ $and })).to.deep.equal(["urn:starter:narrow"]);
  });
});
