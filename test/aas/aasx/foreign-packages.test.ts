import { execFile } from "node:child_process";
import { readFile, writeFile } from "node:fs/promises";
import { join } from "node:path";
import { text } from "node:stream/consumers";
import { fileURLToPath } from "node:url";
import { promisify } from "node:util";
import { expect } from "chai";
import { openAasx } from "../../../src/aas/aasx/read-aasx.ts";
import type { Submodel } from "../../../src/aas/metamodel/types.ts";
import { b64 } from "../../northbound/aas/aas-room.ts";
import { environment, everyElement, testShell, testSubmodel } from "../../northbound/aas/all-elements.ts";
import { requireForeign } from "../../support/foreign-server.ts";
import { fileOf, type ImportRoom, openImportRoom } from "../import/import-room.ts";
import { packageParts, type RawEntry, rawZip } from "../support/raw-zip.ts";

const script = fileURLToPath(new URL("./packages.py", import.meta.url));
const aasx = "application/asset-administration-shell-package+xml";

async function ask<T>(python: string, ...args: readonly string[]): Promise<T> {
  const { stdout } = await promisify(execFile)(python, [script, ...args], { maxBuffer: 64 * 2 ** 20 });
  return JSON.parse(stdout) as T;
}

type Verdicts = Readonly<Record<string, { readonly ok: boolean; readonly errors: readonly string[] }>>;

/** A File of the package and one elsewhere, beside one element of each type. */
const elements = everyElement.map((element) =>
  element.modelType === "File" ? { ...element, contentType: "text/plain", value: "/aasx/files/manual.txt" } : element,
);
const submodel: Submodel = { ...testSubmodel(1), submodelElements: elements };
const shell = testShell(1, [1]);
const picture = { defaultThumbnail: { path: "/aasx/files/thumb.png", contentType: "image/png" } };
const documents = {
  assetAdministrationShells: [{ ...shell, assetInformation: { ...shell.assetInformation, ...picture } }],
  submodels: [submodel],
  conceptDescriptions: [{ modelType: "ConceptDescription", id: "urn:test:speed", idShort: "Speed" }],
};
const files = [fileOf("/aasx/files/manual.txt", "manual"), fileOf("/aasx/files/thumb.png", "picture", "image/png")];

describe("packages and tools of others", function () {
  this.timeout(30_000);
  let room: ImportRoom;
  before(async () => {
    room = await openImportRoom();
    await room.importFile(await room.package(documents, files), { mode: "strict" });
  });
  after(() => room.close());

  async function save(name: string, content: Uint8Array | string): Promise<string> {
    const file = join(room.directory, name);
    await writeFile(file, content);
    return file;
  }

  async function written(name: string, base: string, accept: string): Promise<string> {
    const response = await fetch(`${base}/serialization`, { headers: { accept } });
    expect(response.status).to.equal(200);
    return await save(name, new Uint8Array(await response.arrayBuffer()));
  }

  describe("aas-test-engines (V3.0)", () => {
    let python: string;
    before(function () {
      python = requireForeign(this, "aas_test_engines");
    });

    it("take every file that the hub writes", async () => {
      const made = [
        await written("a.json", room.base, "application/json"),
        await written("b.xml", room.base30, "application/xml"),
        await written("c.aasx", room.base30, aasx),
        await written("d.aasx", room.base, "application/asset-administration-shell-package"),
        await save(
          "e.json",
          JSON.stringify({ assetAdministrationShells: environment.shells, submodels: environment.submodels }),
        ),
      ];
      const verdicts = await ask<Verdicts>(python, "judge", ...made);
      expect(Object.values(verdicts).flatMap(({ errors }) => errors)).to.deep.equal([]);
      expect(Object.values(verdicts).map(({ ok }) => ok)).to.deep.equal(made.map(() => true));
    });

    it("refuse and take the packages that the reader refuses and takes", async () => {
      const spec: RawEntry = {
        name: "aasx/data.json",
        data: JSON.stringify({ submodels: [{ modelType: "Submodel", id: "urn:a" }] }),
      };
      const good = [...packageParts(["/aasx/data.json"]), spec];
      const without = (name: string): readonly RawEntry[] => good.filter((entry) => entry.name !== name);
      const instead = (name: string, data: string): readonly RawEntry[] => [...without(name), { name, data }];
      const xml = (inner: string): string =>
        `<environment xmlns="https://admin-shell.io/aas/3/0">${inner}</environment>`;
      const xmlParts = (data: string): readonly RawEntry[] => [
        ...packageParts(["/aasx/data.xml"]),
        { name: "aasx/data.xml", data },
      ];
      const packages: Readonly<Record<string, readonly RawEntry[]>> = {
        good,
        "older types": [...packageParts(["/aasx/data.json"], "http://www.admin-shell.io/aasx/relationships"), spec],
        "relative target": [...packageParts(["data.json"]), spec],
        "no specification": packageParts([]),
        empty: [],
        "no content types": without("[Content_Types].xml"),
        "no relationships": without("_rels/.rels"),
        "relationships of another kind": instead("_rels/.rels", "<a/>"),
        "no origin": without("aasx/aasx-origin"),
        "no such part": without("aasx/data.json"),
        "broken JSON": instead("aasx/data.json", "{"),
        "unknown member": instead("aasx/data.json", '{"submodels":[{"modelType":"Submodel","id":"a","colour":"red"}]}'),
        "no id": instead("aasx/data.json", '{"submodels":[{"modelType":"Submodel"}]}'),
        "good XML": xmlParts(xml("<submodels><submodel><id>urn:a</id></submodel></submodels>")),
        "empty XML": xmlParts(xml("")),
        "broken XML": xmlParts(xml("<submodels>")),
        "XML of another namespace": xmlParts("<environment/>"),
        "unknown element": xmlParts(xml("<submodels><submodel><id>urn:a</id><colour/></submodel></submodels>")),
      };
      const made = await Promise.all(
        Object.values(packages).map((entries, index) => save(`case-${index}.aasx`, rawZip(entries))),
      );
      const verdicts = await ask<Verdicts>(python, "judge", ...made);
      const options = { mode: "strict", conflict: "replace" } as const;
      for (const [index, name] of Object.keys(packages).entries()) {
        const path = made[index] ?? "";
        const isTaken = await room.importFile(path, options).then(
          () => true,
          () => false,
        );
        expect(isTaken, name).to.equal(verdicts[path]?.ok);
      }
      expect(Object.values(verdicts).filter(({ ok }) => ok)).to.have.length(6);
    });
  });

  describe("the BaSyx Python SDK", () => {
    let python: string;
    before(function () {
      python = requireForeign(this, "basyx");
    });

    for (const [format, accept] of [
      ["XML", aasx],
      ["JSON", "application/asset-administration-shell-package"],
    ] as const) {
      it(`opens a package with ${format} written by the hub: documents, files, thumbnail`, async () => {
        const ids = `aasIds=${b64(shell.id)}&submodelIds=${b64(submodel.id)}`;
        const response = await fetch(`${room.base}/serialization?${ids}`, { headers: { accept } });
        const file = await save(`to-sdk-${format}.aasx`, new Uint8Array(await response.arrayBuffer()));
        const found = await ask<{
          readonly documents: Record<string, object>;
          readonly files: unknown;
          readonly thumbnail: string;
        }>(python, "read", file);
        expect(Object.keys(found.documents)).to.have.members([shell.id, submodel.id, "urn:test:speed"]);
        const [own] = (found.documents[submodel.id] as Submodel).submodelElements ?? [];
        expect(own).to.include({ idShort: "Speed", value: "1450" });
        expect((found.documents[submodel.id] as Submodel).submodelElements).to.have.length(elements.length);
        expect(found.files).to.deep.equal({
          "/aasx/files/manual.txt": ["text/plain", "manual"],
          "/aasx/files/thumb.png": ["image/png", "picture"],
        });
        expect(found.thumbnail).to.equal("picture");
      });
    }

    for (const kind of ["json", "xml"]) {
      it(`writes packages with ${kind} that the hub takes whole, with equal content`, async () => {
        const source = await save("source.json", JSON.stringify(documents));
        const made = join(room.directory, `from-sdk-${kind}.aasx`);
        await ask(python, "write", made, source, kind);
        const other = await openImportRoom();
        try {
          const { files: taken, notes } = await other.importFile(made);
          // Its JSON has an empty list, which the metamodel does not allow.
          const mended = kind === "json" ? ["/aasx/data.json: /submodels/0/submodelElements/9/specificAssetIds"] : [];
          expect([taken, notes.map(({ place }) => place)]).to.deep.equal([2, mended]);
          const { assetAdministrationShells, submodels } = (await other.call("GET", "/serialization"))
            .body as unknown as typeof documents;
          expect(assetAdministrationShells).to.deep.equal(documents.assetAdministrationShells);
          expect(submodels).to.have.length(1);
          const ours = new Map((submodels[0]?.submodelElements ?? []).map((one) => [one.idShort, one]));
          for (const element of elements) {
            // It writes the default out.
            const isList = element.modelType === "SubmodelElementList";
            const wanted = isList ? { ...element, orderRelevant: true } : element;
            expect(ours.get(element.idShort), element.idShort).to.deep.equal(wanted);
          }
          const [row] = await other.store.documents.files("submodel", submodel.id);
          expect(await text(await other.store.blobs.read(row?.digest ?? ""))).to.equal("manual");
        } finally {
          await other.close();
        }
      });
    }
  });

  it("the hub reads what it has written", async () => {
    const opened = await openAasx(await written("own.aasx", room.base, aasx));
    expect(opened.specs.map(({ name }) => name)).to.deep.equal(["/aasx/environment.xml"]);
    expect(opened.thumbnail?.name).to.equal("/aasx/files/thumb.png");
    opened.close();
    expect((await readFile(join(room.directory, "own.aasx"))).subarray(0, 2).toString()).to.equal("PK");
  });
});
