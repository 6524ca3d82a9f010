import { mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { expect } from "chai";
import { createAasEnd } from "../../src/aas/end/aas-end.ts";
import type { Operation, SubmodelElement } from "../../src/aas/metamodel/types.ts";
import type { ArgumentWish, AssetRequest, OperationWish, WovenEnd } from "../../src/core/end-codec.ts";
import { assetRequest } from "../northbound/aas/aas-room.ts";

const place = { file: "pump.yaml", line: 7 };

function argument(name: string, wish: Partial<ArgumentWish> = {}): ArgumentWish {
  return { name, direction: "in", place, type: "double", list: false, ...wish };
}

const wish = (path: string, ...args: ArgumentWish[]): OperationWish => ({
  operation: "mix",
  end: path,
  place,
  arguments: args,
});

describe("aas/end: operations of mapping files", () => {
  let folder: string;
  before(() => {
    folder = mkdtempSync(join(tmpdir(), "twinweave-operation-"));
  });
  after(() => rmSync(folder, { recursive: true }));

  async function weave(operation: OperationWish, template?: readonly SubmodelElement[]): Promise<WovenEnd> {
    const file = template === undefined ? {} : { template: "template.json" };
    if (template !== undefined) {
      const submodel = { modelType: "Submodel", id: "urn:template", kind: "Template", submodelElements: template };
      writeFileSync(join(folder, "template.json"), JSON.stringify(submodel));
    }
    const request: AssetRequest = {
      ...assetRequest({ submodels: { Op: { id: "urn:op", ...file } } }, [], folder),
      operations: [operation],
    };
    return await createAasEnd().weave(request);
  }

  const elementOf = ({ documents }: WovenEnd): unknown => JSON.parse(documents[0]?.parts.at(-1)?.body ?? "{}");
  const messagesOf = ({ problems }: WovenEnd): readonly string[] =>
    problems.map(({ place: at, message, expected }) => `${at} ${message} (${expected})`);

  it("are made with a variable for each argument, types as the arguments have them", async () => {
    const woven = await weave(
      wish(
        "Op.Group.Mix",
        argument("Speed", { description: "Wanted speed" }),
        argument("Count", { type: "long", direction: "inout" }),
        argument("Values", { list: true, direction: "out" }),
      ),
    );
    expect(woven.problems).to.deep.equal([]);
    expect(elementOf(woven)).to.deep.equal({
      idShort: "Mix",
      modelType: "Operation",
      inputVariables: [
        {
          value: {
            modelType: "Property",
            idShort: "Speed",
            valueType: "xs:double",
            description: [{ language: "en", text: "Wanted speed" }],
          },
        },
      ],
      inoutputVariables: [{ value: { modelType: "Property", idShort: "Count", valueType: "xs:long" } }],
      outputVariables: [
        {
          value: {
            modelType: "SubmodelElementList",
            idShort: "Values",
            typeValueListElement: "Property",
            valueTypeListElement: "xs:double",
          },
        },
      ],
    });
    expect(woven.operations).to.deep.equal([
      {
        operation: "mix",
        address: { collection: "submodel", document: "urn:op", part: "Group.Mix" },
        types: { Speed: "double", Count: "long", Values: "double" },
      },
    ]);
  });

  const described: Operation = {
    modelType: "Operation",
    idShort: "Mix",
    category: "kept",
    inputVariables: [
      { value: { modelType: "Property", idShort: "Speed", valueType: "xs:double", category: "kept", value: "1" } },
    ],
  };

  it("are the template's, which tells the types that nobody else does", async () => {
    const woven = await weave(wish("Op.Mix", argument("Speed", { type: undefined })), [described]);
    expect(woven.problems).to.deep.equal([]);
    expect(elementOf(woven)).to.deep.equal({
      ...described,
      inputVariables: [
        { value: { modelType: "Property", idShort: "Speed", valueType: "xs:double", category: "kept" } },
      ],
    });
    expect(woven.operations?.[0]?.types).to.deep.equal({ Speed: "double" });
    const wider = await weave(wish("Op.Mix", argument("Speed", { type: "float" })), [described]);
    expect(wider.problems).to.deep.equal([]);
    expect(wider.operations?.[0]?.types).to.deep.equal({ Speed: "float" });
  });

  it("say at their line what does not agree with the template", async () => {
    const property: SubmodelElement = { modelType: "Property", idShort: "Mix", valueType: "xs:int" };
    const cases: readonly (readonly [OperationWish, readonly SubmodelElement[] | undefined, string])[] = [
      [wish("Op.Mix"), [property], "pump.yaml:7 Mix is a Property (an Operation, or a path where nothing is yet)"],
      [
        wish("Op.Mix", argument("Sped")),
        [described],
        'pump.yaml:7 the template has no variable "Sped" at Mix, inputVariables (one of Speed)',
      ],
      [
        wish("Op.Mix"),
        [described],
        'pump.yaml:7 nothing binds the template\'s variable "Speed" at Mix, inputVariables (an argument of this name)',
      ],
      [
        wish("Op.Mix", argument("Speed", { type: "string" })),
        [described],
        'pump.yaml:7 xs:double of the template\'s variable "Speed" cannot show every string (xs:string)',
      ],
      [
        wish("Op.Mix", argument("Speed", { list: true })),
        [described],
        'pump.yaml:7 the template\'s variable "Speed" is a Property, and the argument is a list (undefined)',
      ],
      [
        wish("Op.Mix", argument("Speed", { type: undefined })),
        undefined,
        'pump.yaml:7 neither mapping nor source says of which type the argument "Speed" is (Speed: { type: double }, or another type)',
      ],
      [
        wish("Op.Mix", argument("Speed", { type: "json" })),
        undefined,
        'pump.yaml:7 the argument "Speed" is a structure (one simple value, or a list)',
      ],
      [wish("Other.Mix"), undefined, 'pump.yaml:7 there is no submodel "Other" (one of Op)'],
    ];
    for (const [operation, template, message] of cases) {
      expect(messagesOf(await weave(operation, template))).to.deep.equal([message]);
    }
  });
});
