import { expect } from "chai";
import { validateSubmodel } from "../../../src/aas/validation/validate.ts";
import { defaultXmlLimits, readXmlEnvironment, type XmlLimits } from "../../../src/aas/xml/read-xml.ts";
import type { XmlIdentifiable } from "../../../src/aas/xml/xml-builder.ts";
import { HubError } from "../../../src/core/errors.ts";

const namespace = "https://admin-shell.io/aas/3/1";
const environment = (inner: string): string => `<environment xmlns="${namespace}">${inner}</environment>`;
const submodel = (inner: string): string => environment(`<submodels><submodel>${inner}</submodel></submodels>`);

async function* chunks(...parts: readonly (string | Uint8Array)[]): AsyncGenerator<Uint8Array> {
  for (const part of parts) yield typeof part === "string" ? Buffer.from(part) : part;
}

async function read(xml: string | Uint8Array, limits: Partial<XmlLimits> = {}): Promise<readonly XmlIdentifiable[]> {
  const all: XmlIdentifiable[] = [];
  for await (const one of readXmlEnvironment(chunks(xml), { ...defaultXmlLimits, ...limits })) all.push(one);
  return all;
}

async function refused(xml: string | Uint8Array, limits: Partial<XmlLimits> = {}): Promise<HubError> {
  const thrown = await read(xml, limits).catch((error: unknown) => error);
  if (thrown instanceof HubError) return thrown;
  throw new Error(`it was read: ${String(thrown)}`);
}

const told = ({ code, problems: [first] }: HubError): string => `${code} ${first?.place} ${first?.message}`;

describe("readXmlEnvironment", () => {
  it("refuses document types, and so every entity bomb, before anything is expanded", async () => {
    const bomb = `<!DOCTYPE a [<!ENTITY a "aaaa"><!ENTITY b "&a;&a;&a;&a;">]>\n${environment("&b;")}`;
    expect(told(await refused(bomb))).to.match(/^malformed 1:\d+ \/ a document type \(DOCTYPE\) is not read$/);
    const outside = `<!DOCTYPE environment SYSTEM "file:///etc/passwd">${environment("")}`;
    expect(told(await refused(outside))).to.contain("DOCTYPE");
    expect(told(await refused(environment("&lol;")))).to.contain("undefined entity");
    const endless = `<!DOCTYPE a [${"<!ENTITY a 'a'>".repeat(10_000)}`;
    expect(told(await refused(endless))).to.contain("no element in");
  });

  it("names line, column and path of what is not well-formed", async () => {
    const text = `<environment xmlns="${namespace}">\n <submodels>\n  <submodel>\n   <id>urn:a</di>`;
    expect(told(await refused(text))).to.match(/^malformed 4:\d+ \/environment\/submodels\/submodel\[1\]/);
    expect(told(await refused(""))).to.contain("must contain a root element");
    expect(told(await refused(environment("").slice(0, -3)))).to.match(/^malformed 1:\d+ \/environment /);
    expect((await refused(Buffer.from([0x3c, 0xff, 0xfe, 0x61]))).code).to.equal("malformed");
    expect(told(await refused(`<?xml version="1.0" encoding="ISO-8859-1"?>${environment("")}`))).to.contain(
      "ISO-8859-1",
    );
  });

  it("names the version of a file that is too old, and what is no Environment", async () => {
    const old = '<aasenv xmlns="http://www.admin-shell.io/aas/2/0"/>';
    expect(told(await refused(old))).to.contain("the metamodel V2");
    expect(told(await refused(`<submodel xmlns="${namespace}"/>`))).to.contain("<submodel>");
  });

  it("bounds bytes, depth and one document", async () => {
    expect((await refused(environment(""), { bytes: 20 })).code).to.equal("too-large");
    const deep = submodel("<submodelElements><submodelElementCollection><value>".repeat(100));
    const error = await refused(deep, { depth: 40 });
    expect(told(error)).to.match(/^too-large .* elements nest deeper than 40$/);
    const many = submodel("<id>a</id>".repeat(200));
    expect(told(await refused(many, { elements: 150 }))).to.match(/^too-large .* more than 150 elements$/);
    const [one] = await read(many);
    expect([one?.problems.length, one?.problems.at(-1)?.message]).to.deep.equal([101, "and 99 more problems"]);
    const opened = `<environment xmlns="${namespace}"><submodels><submodel><id>`;
    const limits = { ...defaultXmlLimits, document: 1000 };
    const long = readXmlEnvironment(chunks(opened, "a".repeat(500), "b".repeat(600)), limits);
    const thrown = await long.next().catch((reason: unknown) => reason);
    expect(thrown).to.be.instanceOf(HubError).with.property("code", "too-large");
    const between = `<environment xmlns="${namespace}"><submodels>${" ".repeat(500)}`;
    const blank = readXmlEnvironment(chunks(between, " ".repeat(600)), limits);
    expect(await blank.next().catch((reason: unknown) => reason)).to.be.instanceOf(HubError);
  });

  it("says of every member that the metamodel does not have where it stands, and reads the rest", async () => {
    const xml = submodel(
      '<idShort>Data</idShort><colour>red<deep/></colour>\n<idShort>Twice</idShort><id lang="x">urn:a</id>stray' +
        '<x:kind xmlns:x="urn:other">Template</x:kind><submodelElements><proprety/></submodelElements>',
    );
    const [one] = await read(xml);
    expect(one?.value).to.deep.equal({ modelType: "Submodel", idShort: "Data", id: "urn:a", submodelElements: [] });
    const path = "/environment/submodels/submodel[1]";
    expect(one?.problems.map(({ place, message }) => `${place.replace(/:\d+ /, " ")} ${message}`)).to.deep.equal([
      `1 ${path}/colour Submodel has no element "colour"`,
      `2 ${path}/idShort a second element idShort`,
      `2 ${path}/id AAS XML has no attribute "lang"`,
      `2 ${path} text "stray" between elements`,
      `2 ${path}/kind kind is of the namespace urn:other`,
      `2 ${path}/submodelElements/proprety submodelElements has no element "proprety"`,
    ]);
    const beside = await refused(environment("<assets/>"));
    expect(told(beside)).to.contain('environment has no element "assets"');
  });

  it("places what the validator says by line, column and path", async () => {
    const xml = submodel(
      "<id>urn:a</id><submodelElements>\n<property>\n<idShort>Speed</idShort><valueType>xs:int</valueType>\n   <value>fast</value></property></submodelElements>",
    );
    const [one] = await read(xml);
    let problem = "";
    try {
      validateSubmodel(one?.value);
    } catch (error) {
      if (error instanceof HubError) problem = one?.place(error.problems[0]?.place ?? "") ?? "";
    }
    expect(problem).to.match(/^4:\d+ \/environment\/submodels\/submodel\[1\]\/submodelElements\/property\[1\]\/value$/);
  });

  it("reads UTF-16, CDATA, comments, wrapped base64 and XML Schema's forms of booleans", async () => {
    const xml = submodel(
      "<id><![CDATA[urn:<a>]]></id><!-- aside --><submodelElements><blob><idShort>Blob</idShort><value>\n AA\n EC </value></blob>" +
        "<submodelElementList><idShort>List</idShort><orderRelevant> 0 </orderRelevant><typeValueListElement>Blob</typeValueListElement></submodelElementList></submodelElements>",
    );
    const [one] = await read(Buffer.from(`\ufeff${xml}`, "utf16le"));
    expect(one?.value).to.deep.equal({
      modelType: "Submodel",
      id: "urn:<a>",
      submodelElements: [
        { modelType: "Blob", idShort: "Blob", value: "AAEC" },
        { modelType: "SubmodelElementList", idShort: "List", orderRelevant: false, typeValueListElement: "Blob" },
      ],
    });
  });
});
