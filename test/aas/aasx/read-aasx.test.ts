import { mkdtemp, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { text } from "node:stream/consumers";
import { expect } from "chai";
import { type Aasx, openAasx } from "../../../src/aas/aasx/read-aasx.ts";
import { defaultPackageLimits, type PackageLimits } from "../../../src/aas/aasx/zip-parts.ts";
import { HubError } from "../../../src/core/errors.ts";
import { packageParts, type RawEntry, rawZip } from "../support/raw-zip.ts";

describe("openAasx", () => {
  let folder: string;
  let count = 0;
  const opened: Aasx[] = [];
  before(async () => {
    folder = await mkdtemp(join(tmpdir(), "twinweave-aasx-"));
  });
  after(async () => {
    for (const one of opened) one.close();
    await rm(folder, { recursive: true });
  });

  async function open(content: readonly RawEntry[] | Uint8Array, limits: Partial<PackageLimits> = {}): Promise<Aasx> {
    const file = join(folder, `${++count}.aasx`);
    await writeFile(file, content instanceof Uint8Array ? content : rawZip(content));
    const aasx = await openAasx(file, { ...defaultPackageLimits, ...limits });
    opened.push(aasx);
    return aasx;
  }

  async function refused(
    content: readonly RawEntry[] | Uint8Array,
    limits: Partial<PackageLimits> = {},
  ): Promise<string> {
    const thrown = await open(content, limits).catch((error: unknown) => error);
    if (!(thrown instanceof HubError)) throw new Error(`it was opened, or failed otherwise: ${String(thrown)}`);
    return `${thrown.code} ${thrown.problems[0]?.place}: ${thrown.problems[0]?.message}`;
  }

  const spec: RawEntry = { name: "aasx/data.json", data: "{}" };
  const good = (...more: readonly RawEntry[]): RawEntry[] => [...packageParts(["/aasx/data.json"]), spec, ...more];

  it("finds specifications, supplements relative to them, and streams them", async () => {
    const aasx = await open(good({ name: "aasx/Files/a%20plan.png", data: "picture" }));
    const [data] = aasx.specs;
    if (data === undefined) throw new Error("no specification");
    expect(data).to.deep.include({ name: "/aasx/data.json", format: "json", size: 2 });
    expect(await text(aasx.open(data))).to.equal("{}");
    for (const reference of [
      "/aasx/files/a%20plan.png",
      "files/a plan.png",
      "file:///aasx/Files/a plan.png",
      "../aasx/x/../FILES/a%20plan.png",
    ]) {
      const part = aasx.part(reference, data);
      expect(part, reference).to.deep.equal({ name: "/aasx/Files/a plan.png", size: 7, contentType: "image/png" });
      if (part !== undefined) expect(await text(aasx.open(part))).to.equal("picture");
    }
    for (const outside of [
      "https://example.org/aasx/data.json",
      "//host/aasx/data.json",
      "../../data.json",
      "",
      "other.png",
    ]) {
      expect(aasx.part(outside, data), outside).to.equal(undefined);
    }
  });

  it("takes several specifications, either format, and relationship types of older tools", async () => {
    const parts = packageParts(
      ["data.json", "../aasx/more.xml", "/aasx/data.json", "model.bin"],
      "http://www.admin-shell.io/aasx/relationships",
    );
    const aasx = await open([
      ...parts,
      spec,
      { name: "aasx/more.xml", data: "<a/>" },
      { name: "aasx/model.bin", data: "" },
    ]);
    expect(aasx.specs.map(({ name, format }) => [name, format])).to.deep.equal([
      ["/aasx/data.json", "json"],
      ["/aasx/more.xml", "xml"],
    ]);
    expect(aasx.foreign.map(({ name }) => name)).to.deep.equal(["/aasx/model.bin"]);
  });

  it("refuses what is no package", async () => {
    expect(await refused(Buffer.from("{}"))).to.equal("malformed the file: it is no ZIP archive");
    expect(await refused(rawZip(good()).subarray(0, -40))).to.match(/^malformed /);
    expect(await refused([])).to.equal("malformed /[Content_Types].xml: the part is missing");
    expect(await refused([packageParts([])[0] as RawEntry])).to.equal("malformed /_rels/.rels: the part is missing");
    expect(await refused(packageParts(["/aasx/data.json"]))).to.equal(
      "invalid /aasx/_rels/aasx-origin.rels: it names /aasx/data.json, which is not there",
    );
    const [types, , ...rest] = good() as [RawEntry, RawEntry, ...RawEntry[]];
    const wrong = { name: "_rels/.rels", data: '<!DOCTYPE r [<!ENTITY e "&e;">]><r>&e;</r>' };
    expect(await refused([types, wrong, ...rest])).to.match(/^malformed \/_rels\/\.rels:1:\d+: a document type/);
    expect(await refused([types, { ...wrong, data: "<a/>" }, ...rest])).to.contain('<a> of the namespace ""');
    expect(await refused([types, { ...wrong, data: "<a>" }, ...rest])).to.match(/^malformed \/_rels\/\.rels:1/);
  });

  it("refuses names that lead out of the package, and names twice", async () => {
    for (const name of ["../evil.sh", "/etc/passwd", "aasx/../../evil", "C:/evil", "..\\evil"]) {
      expect(await refused(good({ name, data: "" })), name).to.match(/^invalid .*: the name leads out of the package$/);
    }
    expect(await refused(good({ name: "aasx/DATA.json", data: "" }))).to.equal(
      "invalid aasx/DATA.json: two parts have this name",
    );
  });

  it("refuses bombs by what they declare: ratio, total, entries", async () => {
    const bomb = { name: "aasx/zeros", data: Buffer.alloc(4 * 2 ** 20) };
    expect(await refused(good(bomb))).to.match(/^too-large aasx\/zeros: unpacks to \d+ times its size$/);
    expect(await refused(good({ ...bomb, declaredSize: 2 ** 31, method: 0 }))).to.match(/^(?:malformed|too-large) /);
    expect(await refused(good({ name: "aasx/a", data: "a".repeat(5000) }), { bytes: 4000 })).to.match(
      /^too-large aasx\/a: /,
    );
    const many = Array.from({ length: 30 }, (_, index) => ({ name: `f${index}`, data: "" }));
    expect(await refused(good(...many), { entries: 20 })).to.equal("too-large the archive: 35 entries");
  });

  it("a bomb that declares less than it holds fails within its stream, as does damage", async () => {
    const liar = await open(good({ name: "aasx/liar", data: Buffer.alloc(3 * 2 ** 20), declaredSize: 100 }));
    const [data] = liar.specs;
    const part = data === undefined ? undefined : liar.part("/aasx/liar", data);
    if (part === undefined) throw new Error("no part");
    const thrown = await text(liar.open(part)).catch((error: unknown) => error);
    expect(thrown).to.be.instanceOf(HubError).with.property("code", "malformed");
  });

  it("refuses encryption and foreign compression", async () => {
    expect(await refused(good({ name: "secret", data: "x", flags: 1 }))).to.equal(
      "unsupported secret: the part is encrypted",
    );
    expect(await refused(good({ name: "lzma", data: "x", method: 14 }))).to.equal(
      "unsupported lzma: compression method 14",
    );
  });

  it("an empty package is one", async () => {
    const [types] = packageParts([]);
    const none = {
      name: "_rels/.rels",
      data: '<Relationships xmlns="http://schemas.openxmlformats.org/package/2006/relationships"/>',
    };
    const aasx = await open([types as RawEntry, none]);
    expect([aasx.specs, aasx.foreign, aasx.thumbnail]).to.deep.equal([[], [], undefined]);
  });
});
