import { expect } from "chai";
import { b64 } from "./aas-room.ts";
import { at, attachment, elements, type ManualsRoom, openManualsRoom, submodel } from "./manuals-room.ts";
import { formOf } from "./send-form.ts";

describe("Files of a submodel", () => {
  let room: ManualsRoom;
  beforeEach(async () => {
    room = await openManualsRoom();
  });
  afterEach(() => room.close());

  it("of equal names are apart, of equal content one, and never taken from another element", async () => {
    await room.upload("Manual", { content: "one" }, "a.pdf");
    await room.upload("Drawing", { content: "two" }, "a.pdf");
    await room.upload("Pages[1]", { content: "one" }, "a.pdf");
    expect(await Promise.all(["Manual", "Drawing", "Pages[1]"].map(room.fileOf))).to.deep.equal([
      "/aasx/files/a.pdf",
      "/aasx/files/a-2.pdf",
      "/aasx/files/a.pdf",
    ]);
    await room.upload("Manual", { content: "three" }, "a.pdf");
    expect(await room.fileOf("Manual")).to.equal("/aasx/files/a-3.pdf");
    expect((await room.call("GET", attachment("Pages[1]"))).text).to.equal("one");
    await room.upload("Pages[0]", { content: "not paper" }, "paper.pdf");
    expect(await room.fileOf("Pages[0]")).to.equal("/aasx/files/paper-2.pdf");
    await room.unnamed("Drawing", "two, corrected");
    expect(await room.fileOf("Drawing")).to.equal("/aasx/files/a-2.pdf");
    expect((await room.call("GET", attachment("Drawing"))).text).to.equal("two, corrected");
  });

  it("go with the element that names them, and stay while one does", async () => {
    const files = async (): Promise<readonly string[]> => (await room.namesOf()).map((name) => name.slice(12));
    await room.upload("Manual", { content: "one" }, "a");
    await room.upload("Drawing", { content: "one" }, "a");
    await room.upload("Pages[0]", { content: "page" }, "p");
    expect(await files()).to.deep.equal(["a", "p"]);
    expect((await room.call("DELETE", at("Manual"))).status).to.equal(204);
    expect(await files()).to.deep.equal(["a", "p"]);
    expect(
      (await room.call("PATCH", `${at("Drawing")}/$value`, { contentType: "a/b", value: "/aasx/files/b" })).status,
    ).to.equal(204);
    expect(await files()).to.deep.equal(["p"]);
    await room.upload("Drawing", { content: "one" }, "a");
    await room.call("PUT", at("Drawing"), {
      modelType: "File",
      idShort: "Drawing",
      value: "/aasx/files/a",
      contentType: "c/d",
    });
    expect(await files()).to.deep.equal(["a", "p"]);
    expect((await room.call("DELETE", at("Pages[0]"))).status).to.equal(204);
    expect(await files()).to.deep.equal(["a"]);
    await room.call("PUT", `/submodels/${b64(submodel)}`, {
      modelType: "Submodel",
      id: submodel,
      submodelElements: [elements[5]],
    });
    expect(await files()).to.deep.equal([]);
  });

  it("move up with the items of their list", async () => {
    await room.upload("Pages[0]", { content: "first" }, "1");
    await room.upload("Pages[1]", { content: "second" }, "2");
    expect((await room.call("DELETE", at("Pages[0]"))).status).to.equal(204);
    expect((await room.call("GET", attachment("Pages[0]"))).text).to.equal("second");
    expect(await room.namesOf()).to.deep.equal(["/aasx/files/2"]);
  });

  it("go with their submodel", async () => {
    await room.upload("Manual", { content: "one" });
    expect((await room.call("DELETE", `/submodels/${b64(submodel)}`)).status).to.equal(204);
    expect(await room.namesOf()).to.deep.equal([]);
  });

  it("are deleted, and their element says so", async () => {
    await room.upload("Manual", { content: "one" });
    expect((await room.call("DELETE", attachment("Manual"))).status).to.equal(200);
    const { body } = await room.call("GET", at("Manual"));
    expect(body).to.not.have.property("value");
    expect(await room.namesOf()).to.deep.equal([]);
    expect((await room.call("DELETE", attachment("Manual"))).status).to.equal(404);
  });

  it("leave linked elements beside them as they are", async () => {
    const id = "urn:acme:pump:1:operational";
    const twin = {
      shell: { id: "urn:acme:pump:1", assetId: "urn:acme:asset:1" },
      submodels: { OperationalData: { id } },
    };
    await room.map(twin, [{ point: "speed", aas: "OperationalData.Speed", type: "double", line: 12 }]);
    await room.reading("speed", 1450);
    const linked = `/submodels/${b64(id)}/submodel-elements`;
    expect((await room.call("POST", linked, { modelType: "File", idShort: "Curve" })).status).to.equal(201);
    const form = (content: string): FormData => formOf({ content, name: "curve.csv" });
    expect((await room.send(`${linked}/Curve/attachment`, form("one"))).status).to.equal(204);
    const read = (await room.call("GET", `/submodels/${b64(id)}`)).body;
    expect((await room.call("PUT", `/submodels/${b64(id)}`, read)).status).to.equal(204);
    expect((await room.call("GET", `${linked}/Curve/attachment`)).text).to.equal("one");
    expect((await room.call("GET", `${linked}/Speed/$value`)).body).to.equal(1450);
    expect((await room.call("DELETE", `/submodels/${b64(id)}`)).status).to.equal(409);
    expect((await room.call("GET", `${linked}/Curve/attachment`)).text).to.equal("one");
    expect((await room.call("DELETE", `${linked}/Curve/attachment`)).status).to.equal(200);
    expect((await room.call("GET", `${linked}/Speed/$value`)).body).to.equal(1450);
  });
});
