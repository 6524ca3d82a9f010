import { readFile, writeFile } from "node:fs/promises";
import { join } from "node:path";
import { text } from "node:stream/consumers";
import { expect } from "chai";
import { b64 } from "../../northbound/aas/aas-room.ts";
import { environment, testShell, testSubmodel } from "../../northbound/aas/all-elements.ts";
import { requireFile } from "../../support/foreign-server.ts";
import { environmentXml } from "../support/environment-xml.ts";
import { packageParts, type RawEntry, rawZip } from "../support/raw-zip.ts";
import { fileOf, type ImportRoom, openImportRoom } from "./import-room.ts";

const whole = { assetAdministrationShells: environment.shells, submodels: environment.submodels };
const none = { created: 0, replaced: 0, skipped: 0, refused: 0 };

describe("importing AAS files", () => {
  let room: ImportRoom;
  beforeEach(async () => {
    room = await openImportRoom();
  });
  afterEach(() => room.close());
  const all = async (): Promise<unknown> => (await room.call("GET", "/serialization")).body;

  for (const [format, content] of [
    ["json", JSON.stringify(whole, null, 2)],
    [
      "json",
      `\ufeff${JSON.stringify({ submodels: whole.submodels, assetAdministrationShells: whole.assetAdministrationShells })}`,
    ],
    ["xml", environmentXml(whole)],
    ["xml", environmentXml(whole, "3.0")],
  ] as const) {
    it(`takes ${format} as it is (${content.length} characters)`, async () => {
      const report = await room.run(content, { mode: "strict" });
      expect(report).to.deep.equal({
        format,
        shells: { ...none, created: 2 },
        submodels: { ...none, created: 4 },
        conceptDescriptions: none,
        files: 0,
        notes: [],
        moreNotes: 0,
      });
      expect(await all()).to.deep.equal(whole);
    });
  }

  it("takes the files that a package's documents name, under the names that they use", async () => {
    const submodel = testSubmodel(1, [
      { modelType: "File", idShort: "Manual", contentType: "text/plain", value: "/aasx/files/a%20b.txt" },
      { modelType: "File", idShort: "Near", contentType: "text/plain", value: "files/near.txt" },
      { modelType: "File", idShort: "Web", contentType: "text/plain", value: "https://example.org/x.txt" },
      { modelType: "File", idShort: "Lost", contentType: "text/plain", value: "/aasx/lost.txt" },
    ]);
    const shell = testShell(1, [1]);
    const picture = { defaultThumbnail: { path: "/picture.png", contentType: "image/png" } };
    const shells = [{ ...shell, assetInformation: { ...shell.assetInformation, ...picture } }];
    const file = await room.package({ assetAdministrationShells: shells, submodels: [submodel] }, [
      fileOf("/aasx/files/a b.txt", "manual"),
      fileOf("/aasx/files/near.txt", "near"),
      fileOf("/picture.png", "picture", "image/png"),
      fileOf("/aasx/unused.txt", "unused"),
    ]);
    const { files, notes } = await room.importFile(file, { mode: "strict" });
    expect([files, notes.map(({ what, rule }) => [what, rule])]).to.deep.equal([3, [["noted", "missing-part"]]]);
    const rows = await room.store.documents.files("submodel", submodel.id);
    expect(rows.map(({ name, contentType }) => [name, contentType])).to.deep.equal([
      ["/aasx/files/a%20b.txt", "text/plain"],
      ["files/near.txt", "text/plain"],
    ]);
    const contents = await Promise.all(rows.map(async ({ digest }) => await text(await room.store.blobs.read(digest))));
    expect(contents).to.deep.equal(["manual", "near"]);
    const [thumbnail] = await room.store.documents.files("shell", shell.id);
    expect(thumbnail).to.include({ name: "/picture.png", contentType: "image/png", size: 7 });
  });

  it("the package's thumbnail becomes that of its first shell without one, and says so", async () => {
    const made = { assetAdministrationShells: [testShell(1, [])].map(({ submodels: _none, ...shell }) => shell) };
    const file = await room.package(made, [fileOf("/thumb.png", "picture", "image/png")], "/thumb.png");
    const { files, notes } = await room.importFile(file);
    expect([files, notes.map(({ rule }) => rule)]).to.deep.equal([1, ["package-thumbnail"]]);
    expect((await room.services.shells.get("urn:test:aas:1")).value.assetInformation.defaultThumbnail).to.deep.equal({
      path: "/thumb.png",
      contentType: "image/png",
    });
  });

  it("a damaged part is left out, its document is not", async () => {
    const file: RawEntry = { name: "aasx/a.txt", data: "x".repeat(5000), declaredSize: 10 };
    const named = { modelType: "File", idShort: "Doc", contentType: "text/plain", value: "/aasx/a.txt" } as const;
    const data = JSON.stringify({ submodels: [testSubmodel(1, [named])] });
    const content = rawZip([...packageParts(["/aasx/data.json"]), { name: "aasx/data.json", data }, file]);
    const { submodels, files, notes } = await room.run(content);
    expect([submodels.created, files, notes.map(({ what, place }) => `${what} ${place}`)]).to.deep.equal([
      1,
      0,
      ["left-out /aasx/a.txt"],
    ]);
  });

  it("what is skipped is not spoken of", async () => {
    const shell = { ...testShell(1, []), category: "" };
    const { submodels: _none, ...bare } = shell;
    const made = { assetAdministrationShells: [bare] };
    await room.run(made);
    const file = await room.package(made, [fileOf("/thumb.png", "picture", "image/png")], "/thumb.png");
    const { shells, notes, files } = await room.importFile(file);
    expect([shells.skipped, notes, files]).to.deep.equal([1, [], 0]);
  });

  it("strict: every problem at its place, and nothing is taken", async () => {
    const bad = { ...testSubmodel(9), idShort: "no good", colour: "red" };
    const concept = { modelType: "ConceptDescription", id: "urn:c" };
    const error = await room.refused(
      { submodels: [testSubmodel(1), bad], conceptDescriptions: [concept, concept], assets: [] },
      { mode: "strict" },
    );
    expect([error.code, error.problems.map(({ place }) => place)]).to.deep.equal([
      "invalid",
      ["/submodels/1/idShort", "/submodels/1/colour", "/conceptDescriptions/1/id", "/assets"],
    ]);
    const xml = environmentXml({ submodels: [testSubmodel(1)] }).replace(
      "<idShort>Speed",
      "<colour>red</colour>\n<idShort>2",
    );
    const inXml = await room.refused(xml, { mode: "strict" });
    const [unknown, idShort] = inXml.problems.map(({ place }) => place.replace(/:\d+ /, " "));
    expect(unknown).to.equal("2 /environment/submodels/submodel[1]/submodelElements/property[1]/colour");
    expect(idShort).to.equal("3 /environment/submodels/submodel[1]/submodelElements/property[1]/idShort");
    expect(await all()).to.deep.equal({});
  });

  it("documents that are here: skipped, replaced, or nothing at all is taken", async () => {
    await room.run({ submodels: [testSubmodel(1, [])].map(({ submodelElements: _none, ...rest }) => rest) });
    const error = await room.refused(whole, { conflict: "fail" });
    expect([error.code, error.problems.map(({ place }) => place)]).to.deep.equal([
      "already-exists",
      ["/submodels/0/id"],
    ]);
    expect((await all()) as object).not.to.have.property("assetAdministrationShells");
    const skipped = await room.run(whole, { conflict: "skip" });
    expect(skipped.submodels).to.deep.equal({ ...none, created: 3, skipped: 1 });
    const replaced = await room.run(whole, { conflict: "replace" });
    expect([replaced.shells, replaced.submodels]).to.deep.equal([
      { ...none, replaced: 2 },
      { ...none, replaced: 4 },
    ]);
    expect(await all()).to.deep.include({ assetAdministrationShells: environment.shells });
  });

  it("linked leaves keep their signal, and a document that drops one is refused (rule 5)", async () => {
    const section = {
      shell: { id: "urn:acme:p1", assetId: "urn:acme:a1" },
      submodels: { Data: { id: "urn:acme:p1:data" } },
    };
    await room.map(section, [{ point: "speed", aas: "Data.Speed", type: "int", line: 7 }]);
    await room.reading("speed", 1450n);
    const speed = { modelType: "Property", idShort: "Speed", valueType: "xs:long", value: "1" };
    const stored = (await room.services.reader.view("urn:acme:p1:data")).stored;
    const [linked] = stored.submodelElements ?? [];
    const other = {
      ...stored,
      submodelElements: [
        { ...linked, value: "1" },
        { ...speed, idShort: "Other" },
      ],
    };
    const { submodels, notes } = await room.run({ submodels: [other] }, { conflict: "replace" });
    expect([submodels.replaced, notes.map(({ what, rule }) => [what, rule])]).to.deep.equal([1, [["kept", "linked"]]]);
    const value = await room.call(
      "GET",
      `/submodels/${Buffer.from("urn:acme:p1:data").toString("base64url")}/submodel-elements/Speed/$value`,
    );
    expect(value.text).to.equal("1450");
    const { submodelElements: _gone, ...empty } = other;
    const dropped = await room.run({ submodels: [empty] }, { conflict: "replace" });
    expect([dropped.submodels.refused, dropped.notes[0]?.what]).to.deep.equal([1, "left-out"]);
    expect(dropped.notes[0]?.rule).to.contain("pump.yaml:7");
  });

  it("refuses what is no AAS file, with its place", async () => {
    expect((await room.refused("hello")).problems[0]?.place).to.equal("byte 0");
    expect((await room.refused('{"submodels":[{"id":}]}')).problems[0]?.place).to.equal("/submodels/0");
    expect((await room.refused('{"submodels":[{"id":"a"}')).code).to.equal("malformed");
    expect((await room.refused("<a/>")).code).to.equal("malformed");
    expect((await room.refused("[]")).code).to.equal("malformed");
    expect((await room.refused("PK")).code).to.equal("malformed");
    const broken = await room.package({}, []).then((file) => readFile(file));
    expect((await room.refused(broken.subarray(0, broken.length - 30))).code).to.equal("malformed");
  });

  it("tells what was taken when the file breaks half-way", async () => {
    const file = join(room.directory, "half");
    await writeFile(file, '{"submodels":[{"modelType":"Submodel","id":"urn:acme:half"},{"id":}]}');
    const running = await room.services.imports.begin(room.scope, file, { mode: "mend", conflict: "skip" });
    expect(await running.done.catch((error: unknown) => error)).to.include({ code: "malformed" });
    expect(running.soFar()).to.deep.include({ submodels: { created: 1, replaced: 0, skipped: 0, refused: 0 } });
  });

  it("takes every official submodel template, and says what of it was mended", async function () {
    const folder = requireFile(this, "../shared/idta-templates");
    const { readdir } = await import("node:fs/promises");
    const files = (await readdir(folder)).filter((name) => name.endsWith(".json"));
    expect(files.length).to.be.above(15);
    for (const name of files) {
      const { submodels, notes } = await room.importFile(`${folder}/${name}`, { conflict: "replace" });
      expect([submodels.created + submodels.replaced, submodels.refused], name).to.deep.equal([1, 0]);
      const lost = notes.filter(({ what, message }) => what === "left-out" && !message.endsWith("occurs twice"));
      expect(lost, name).to.deep.equal([]);
    }
  });

  it("takes files beside each other that hold the same documents: every one is made once, then replaced or skipped", async () => {
    const content = { submodels: Array.from({ length: 20 }, (_, index) => testSubmodel(index + 1, [])) };
    const sum = async (conflict: "replace" | "skip"): Promise<unknown> => {
      const reports = await Promise.all([1, 2, 3].map(() => room.run(content, { conflict })));
      const of = (what: "created" | "replaced" | "skipped" | "refused"): number =>
        reports.reduce((total, { submodels }) => total + submodels[what], 0);
      return { created: of("created"), replaced: of("replaced"), skipped: of("skipped"), refused: of("refused") };
    };
    expect(await sum("skip")).to.deep.equal({ ...none, created: 20, skipped: 40 });
    for (const { id } of content.submodels) await room.call("DELETE", `/submodels/${b64(id)}`);
    expect(await sum("replace")).to.deep.equal({ ...none, created: 20, replaced: 40 });
  });
});
