import { spawnSync } from "node:child_process";
import { expect } from "chai";
import fc from "fast-check";
import { validateConcept, validateShell, validateSubmodel } from "../../../src/aas/validation/validate.ts";
import { readXmlEnvironment } from "../../../src/aas/xml/read-xml.ts";
import { environmentLists } from "../../../src/aas/xml/xml-shapes.ts";
import { environment } from "../../northbound/aas/all-elements.ts";
import { requireFile, requireForeign } from "../../support/foreign-server.ts";
import { arbitraryEnvironment, type TestEnvironment } from "../support/arbitrary-environment.ts";
import { environmentXml } from "../support/environment-xml.ts";

/** The bytes in pieces of a few hundred, which cut tags, characters and entities. */
async function* inPieces(text: string, size = 211): AsyncGenerator<Uint8Array> {
  const bytes = Buffer.from(text);
  for (let at = 0; at < bytes.length; at += size) yield bytes.subarray(at, at + size);
}

async function readBack(xml: string): Promise<TestEnvironment> {
  const back: Record<string, unknown[]> = {};
  for await (const { type, value, problems } of readXmlEnvironment(inPieces(xml))) {
    expect(problems).to.deep.equal([]);
    const [list = ""] = Object.entries(environmentLists).find(([, of]) => of === type) ?? [];
    back[list] = [...(back[list] ?? []), value];
  }
  return back;
}

describe("AAS XML", () => {
  it("JSON to XML and back is the same, for every class and member", async () => {
    await fc.assert(
      fc.asyncProperty(arbitraryEnvironment, async (one) => {
        expect(await readBack(environmentXml(one))).to.deep.equal(one);
      }),
      { numRuns: 25 },
    );
  });

  it("what it makes of such environments, the metamodel allows", () => {
    fc.assert(
      fc.property(arbitraryEnvironment, (one) => {
        for (const shell of one.assetAdministrationShells ?? []) validateShell(shell);
        for (const submodel of one.submodels ?? []) validateSubmodel(submodel);
        for (const concept of one.conceptDescriptions ?? []) validateConcept(concept);
      }),
      { numRuns: 25 },
    );
  });

  it("reads the namespace of 3.0 too, with any prefix", async () => {
    const xml = environmentXml({ submodels: environment.submodels }, "3.0");
    expect(await readBack(xml)).to.deep.equal({ submodels: environment.submodels });
    const prefixed = xml.replaceAll(/<(\/?)(?=[a-z])/g, "<$1aas:").replace("xmlns=", "xmlns:aas=");
    expect(await readBack(prefixed)).to.deep.equal({ submodels: environment.submodels });
  });
});

const judge = `
import sys, lxml.etree as etree
schema = etree.XMLSchema(etree.parse(sys.argv[1]))
for line in sys.stdin.buffer:
    if not schema.validate(etree.fromstring(bytes.fromhex(line.decode().strip())).getroottree()):
        print(schema.error_log.last_error)
`;

describe("AAS XML against the official schema (XSD 3.1)", () => {
  let python: string;
  let schema: string;
  before(function () {
    python = requireForeign(this, "lxml");
    schema = requireFile(this, "../shared/specs/aas/AAS.xsd");
  });

  function complaints(documents: readonly string[]): string {
    const input = documents.map((xml) => Buffer.from(xml).toString("hex")).join("\n");
    const { stdout, stderr, status } = spawnSync(python, ["-c", judge, schema], { input, encoding: "utf8" });
    expect(status, stderr).to.equal(0);
    return stdout;
  }

  it("everything that is written is valid", () => {
    const documents = [
      { ...environment, assetAdministrationShells: environment.shells },
      ...fc.sample(arbitraryEnvironment, 30),
    ];
    expect(complaints(documents.map((one) => environmentXml(one)))).to.equal("");
  });

  it("and the schema would say if it were not", () => {
    const [submodel] = environment.submodels;
    const wrong = environmentXml({ submodels: [submodel] }).replace("<valueType>", "<valueType/><valueType>");
    expect(complaints([wrong])).to.contain("valueType");
  });
});
