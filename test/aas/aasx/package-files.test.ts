import { expect } from "chai";
import { PackageFiles } from "../../../src/aas/aasx/package-files.ts";
import type { FileRow } from "../../../src/core/document.ts";

const row = (name: string, digest: string): FileRow => ({
  name,
  digest,
  size: 1,
  contentType: "text/plain",
  createdAt: 0,
  modifiedAt: 0,
});
const document = (...values: readonly string[]) => ({
  submodelElements: values.map((value) => ({ modelType: "File", value })),
});
const values = (one: ReturnType<typeof document>): readonly string[] => one.submodelElements.map(({ value }) => value);

describe("PackageFiles", () => {
  let files: PackageFiles;
  beforeEach(() => {
    files = new PackageFiles(["/aasx/environment.json", "/aasx/aasx-origin"]);
  });
  const packed = (): readonly string[] => [...files.all].map(({ name, digest }) => `${name} ${digest}`);

  it("keeps names, also relative and escaped ones, and documents as they are", () => {
    const one = document("/aasx/files/a.pdf", "files/b.pdf", "/aasx/%C3%A4%20c.pdf", "https://example.org/d.pdf");
    const names = ["/aasx/files/a.pdf", "files/b.pdf", "/aasx/%C3%A4%20c.pdf"];
    expect(
      files.pack(
        one,
        names.map((name, index) => row(name, `d${index}`)),
      ),
    ).to.equal(one);
    expect(packed()).to.deep.equal(["/aasx/files/a.pdf d0", "/aasx/files/b.pdf d1", "/aasx/ä c.pdf d2"]);
  });

  it("one name of two documents is one part where the content is the same, and two where it is not", () => {
    const [first, same, other] = [document("/f.txt"), document("/F.txt"), document("/f.txt", "/f.txt")];
    expect(files.pack(first, [row("/f.txt", "one")])).to.equal(first);
    expect(files.pack(same, [row("/F.txt", "one")])).to.equal(same);
    expect(values(files.pack(other, [row("/f.txt", "two")]))).to.deep.equal([
      "/aasx/files/1-f.txt",
      "/aasx/files/1-f.txt",
    ]);
    expect(values(files.pack(document("/f.txt"), [row("/f.txt", "two")]))).to.deep.equal(["/aasx/files/1-f.txt"]);
    expect(packed()).to.deep.equal(["/f.txt one", "/aasx/files/1-f.txt two"]);
  });

  it("changes names that no part can have, and those of the package itself", () => {
    const names = [
      "../../x",
      "/_rels/.rels",
      "/aasx/environment.json",
      "/[Content_Types].xml",
      "https://example.org/a b",
      "/a./b",
    ];
    const got = values(
      files.pack(
        document(...names),
        names.map((name) => row(name, name)),
      ),
    );
    expect(got).to.deep.equal(
      ["x", ".rels", "environment.json", "_Content_Types_.xml", "a_b", "b"].map(
        (name, index) => `/aasx/files/${index + 1}-${name}`,
      ),
    );
  });

  it("packs what the document names, and its thumbnail, alone", () => {
    const shell = { assetInformation: { defaultThumbnail: { path: "/_rels/t.png" } } };
    const made = files.pack(shell, [row("/_rels/t.png", "t"), row("/unnamed.txt", "u")]);
    expect(made.assetInformation.defaultThumbnail.path).to.equal("/aasx/files/1-t.png");
    expect(packed()).to.deep.equal(["/aasx/files/1-t.png t"]);
  });
});
