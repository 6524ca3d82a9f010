import { expect } from "chai";
import type { Submodel } from "../../../src/aas/metamodel/types.ts";
import { type ImportRoom, openImportRoom } from "./import-room.ts";

const property = (idShort: unknown, more: object = {}) => ({
  modelType: "Property",
  idShort,
  valueType: "xs:string",
  ...more,
});

describe("the import mode that mends", () => {
  let room: ImportRoom;
  beforeEach(async () => {
    room = await openImportRoom();
  });
  afterEach(() => room.close());

  /** The submodel as it was taken, and what was said of it. */
  async function taken(submodel: object): Promise<{ readonly submodel: Submodel; readonly notes: readonly string[] }> {
    const notes = await room.notes({ submodels: [{ modelType: "Submodel", id: "urn:s", ...submodel }] });
    return { submodel: (await room.services.reader.view("urn:s")).stored, notes };
  }

  async function takenElements(...elements: readonly object[]) {
    const { submodel, notes } = await taken({ submodelElements: elements });
    return {
      elements: submodel.submodelElements,
      notes: notes.map((note) => note.replace("/submodels/0/submodelElements/", "")),
    };
  }

  it("takes what is right as it is, and says nothing", async () => {
    const submodel = { idShort: "Data", submodelElements: [property("One", { value: "  two  " })] };
    expect(await taken(submodel)).to.deep.equal({
      submodel: { modelType: "Submodel", id: "urn:s", ...submodel },
      notes: [],
    });
  });

  it("finds the types of elements that do not say them", async () => {
    const reference = { type: "ExternalReference", keys: [{ type: "GlobalReference", value: "urn:x" }] };
    const { elements, notes } = await takenElements(
      { idShort: "Prop", valueType: "xs:int", value: "1" },
      { idShort: "Range", valueType: "xs:int", min: "1" },
      { idShort: "Multi", value: [{ language: "en", text: "x" }] },
      { idShort: "Ref", value: reference },
      { modelType: { name: "Capability" }, idShort: "Can" },
      { modelType: "submodelElementCollection", idShort: "Coll" },
      {
        modelType: "SubmodelElementList",
        idShort: "List",
        typeValueListElement: "Blob",
        value: [{ contentType: "a/b" }],
      },
      { idShort: "Entity", statements: [{ idShort: "Inner", valueType: "string" }] },
    );
    expect(elements?.map(({ modelType }) => modelType)).to.deep.equal([
      "Property",
      "Range",
      "MultiLanguageProperty",
      "ReferenceElement",
      "Capability",
      "SubmodelElementCollection",
      "SubmodelElementList",
      "Entity",
    ]);
    expect(notes).to.deep.equal([
      ...[0, 1, 2, 3, 4, 5].map((index) => `mended ${index}/modelType: model-type`),
      "mended 6/value/0/modelType: model-type",
      "mended 7/modelType: model-type",
      "mended 7/statements/0/modelType: model-type",
      "mended 7/statements/0/valueType: older-form",
    ]);
  });

  it("leaves out what is empty, and white space that means nothing", async () => {
    const { submodel, notes } = await taken({
      idShort: " Data ",
      category: "",
      description: [],
      administration: null,
      submodelElements: [
        property("One", { valueType: "xs:int", value: " 5 ", qualifiers: [] }),
        property("Text", { value: "" }),
      ],
    });
    expect(submodel).to.deep.equal({
      modelType: "Submodel",
      id: "urn:s",
      idShort: "Data",
      submodelElements: [property("One", { valueType: "xs:int", value: "5" }), property("Text", { value: "" })],
    });
    expect(notes).to.have.members([
      "mended /submodels/0/idShort: white-space",
      "mended /submodels/0/category: empty",
      "mended /submodels/0/description: empty",
      "mended /submodels/0/administration: empty",
      "mended /submodels/0/submodelElements/0/value: white-space",
      "mended /submodels/0/submodelElements/0/qualifiers: empty",
    ]);
  });

  it("gives idShorts a form, and each its own", async () => {
    const { elements, notes } = await takenElements(
      property("Twice"),
      property("Twice"),
      property("Twice_2"),
      property("Größe (mm)"),
      property("3rd"),
      property("Twice"),
    );
    expect(elements?.map(({ idShort }) => idShort)).to.deep.equal([
      "Twice",
      "Twice_3",
      "Twice_2",
      "Gro_e_mm_",
      "x3rd",
      "Twice_4",
    ]);
    expect(notes).to.have.members([
      "mended 1/idShort: AASd-022",
      "mended 3/idShort: AASd-002",
      "mended 4/idShort: AASd-002",
      "mended 5/idShort: AASd-022",
    ]);
  });

  it("takes unknown members out, and tells their values", async () => {
    const report = await room.run({
      submodels: [{ modelType: "Submodel", id: "urn:s", idShort: "Data", colour: { r: 1 } }],
    });
    const [note] = report.notes;
    expect(note).to.include({ what: "mended", place: "/submodels/0/colour", rule: "unknown-member" });
    expect(note?.message).to.contain('{"r":1}');
    expect((await room.services.reader.view("urn:s")).stored).not.to.have.property("colour");
  });

  it("knows the forms of earlier versions", async () => {
    const { submodel, notes } = await taken({
      semanticId: {
        type: "GlobalReference",
        keys: [{ type: "GlobalReference", value: "urn:x", local: false, idType: "IRI" }],
      },
      description: { langStrings: [{ language: "en", text: "Data" }] },
      submodelElements: [
        { modelType: "File", idShort: "Doc", mimeType: "application/pdf", value: "/a.pdf" },
        { modelType: "Operation", idShort: "Do", inputVariable: [{ value: property("In") }] },
        {
          modelType: "SubmodelElementList",
          idShort: "List",
          typeValueListElement: "Property",
          value: [{ modelType: "Property", valueType: "int", value: 3 }],
        },
      ],
    });
    expect(submodel.semanticId).to.deep.equal({
      type: "ExternalReference",
      keys: [{ type: "GlobalReference", value: "urn:x" }],
    });
    expect(submodel.description).to.deep.equal([{ language: "en", text: "Data" }]);
    expect(submodel.submodelElements).to.deep.equal([
      { modelType: "File", idShort: "Doc", contentType: "application/pdf", value: "/a.pdf" },
      { modelType: "Operation", idShort: "Do", inputVariables: [{ value: property("In") }] },
      {
        modelType: "SubmodelElementList",
        idShort: "List",
        typeValueListElement: "Property",
        valueTypeListElement: "xs:int",
        value: [{ modelType: "Property", valueType: "xs:int", value: "3" }],
      },
    ]);
    expect(notes.filter((note) => note.endsWith("unknown-member"))).to.have.length(2);
    expect(notes.filter((note) => note.endsWith("older-form")).length).to.equal(5);
  });

  it("leaves out what it cannot mend, no more than has to go, each with its reason", async () => {
    const { elements, notes } = await takenElements(
      property("Number", { valueType: "xs:int", value: "fast" }),
      { idShort: "What" },
      property("Meant", { semanticId: { type: "ModelReference", keys: [{ type: "Nonsense", value: "x" }] } }),
      { modelType: "BasicEventElement", idShort: "Event", direction: "output", state: "on" },
    );
    expect(elements).to.deep.equal([property("Number", { valueType: "xs:int" }), property("Meant")]);
    expect(notes[0]).to.match(/^left-out 0\/value: /);
    expect(notes).to.include("left-out 1: left-out");
    expect(notes.some((note) => note.startsWith("left-out 2/semanticId: "))).to.equal(true);
    expect(notes).to.include("left-out 3: left-out");
  });

  it("leaves out a document of which nothing can be made, and takes the others", async () => {
    const report = await room.run({
      submodels: [
        { modelType: "Submodel", idShort: "Nameless" },
        { modelType: "Submodel", id: "urn:s" },
        { id: "urn:s" },
      ],
      conceptDescriptions: [7],
    });
    expect(report.submodels).to.deep.equal({ created: 1, replaced: 0, skipped: 0, refused: 2 });
    expect(report.notes.map(({ what, place }) => `${what} ${place}`)).to.deep.equal([
      "left-out /submodels/0",
      "mended /submodels/2/modelType",
      "left-out /submodels/2/id",
      "left-out /conceptDescriptions/0",
    ]);
  });
});
