import { expect } from "chai";
import { DataType } from "node-opcua";
import { type HttpReceiver, httpReceiver } from "./http-receiver.ts";
import { base64url, type HubFixture, hubFixture } from "./hub-fixture.ts";
import { type OpcUaPlant, plantNamespace, startOpcUaPlant } from "./opcua-plant.ts";

interface Row {
  readonly name: string;
  readonly dataType: DataType;
  readonly value: unknown;
  /** `type:` of the point; left out: what the server says of its variable. */
  readonly type?: string;
  readonly xsd: string;
  /** The Property's value, a lexical form; `undefined`: it has none. */
  readonly lexical: string | undefined;
  /** `$value` as it stands in the body. */
  readonly valueOnly: string | undefined;
  /** The attribute's value as it stands in the body. */
  readonly ngsi: string;
}

/** Halves of a 64-bit integer, as the library wants them. */
const halves = (value: bigint): readonly number[] => [
  Number((BigInt.asUintN(64, value) >> 32n) & 0xffffffffn),
  Number(value & 0xffffffffn),
];

const xsdDouble = (text: string): string => `{"@type":"http://www.w3.org/2001/XMLSchema#double","@value":"${text}"}`;
const number = (name: string, dataType: DataType, value: unknown, xsd: string, text: string, type?: string): Row => ({
  name,
  dataType,
  value,
  xsd,
  lexical: text,
  valueOnly: text,
  ngsi: text,
  ...(type === undefined ? {} : { type }),
});
const text = (name: string, value: string): Row => {
  const json = JSON.stringify(value);
  return { name, dataType: DataType.String, value, xsd: "xs:string", lexical: value, valueOnly: json, ngsi: json };
};
const nonFinite = (name: string, value: number, lexical: string): Row => ({
  ...number(name, DataType.Double, value, "xs:double", lexical),
  valueOnly: `"${lexical}"`,
  ngsi: xsdDouble(lexical),
});
const time = (name: string, value: string): Row => ({
  ...text(name, value),
  dataType: DataType.DateTime,
  value: new Date(value),
  xsd: "xs:dateTime",
});

const rows: readonly Row[] = [
  nonFinite("notANumber", Number.NaN, "NaN"),
  nonFinite("infinite", Number.POSITIVE_INFINITY, "INF"),
  nonFinite("minusInfinite", Number.NEGATIVE_INFINITY, "-INF"),
  number("largest", DataType.Double, Number.MAX_VALUE, "xs:double", "1.7976931348623157e+308"),
  number("smallest", DataType.Double, 5e-324, "xs:double", "5e-324"),
  number("narrow", DataType.Float, Math.fround(0.1), "xs:float", String(Math.fround(0.1))),
  number("beyond53", DataType.Int64, halves(2n ** 53n + 1n), "xs:long", "9007199254740993"),
  number("lowest64", DataType.Int64, halves(-(2n ** 63n)), "xs:long", "-9223372036854775808"),
  number("highest64", DataType.UInt64, halves(2n ** 64n - 1n), "xs:unsignedLong", "18446744073709551615"),
  number("small64", DataType.Int64, halves(-7n), "xs:long", "-7"),
  number("octet", DataType.Byte, 255, "xs:unsignedByte", "255"),
  number("signedOctet", DataType.SByte, -128, "xs:byte", "-128"),
  { ...number("yes", DataType.Boolean, true, "xs:boolean", "true") },
  { ...number("no", DataType.Boolean, false, "xs:boolean", "false") },
  text("digits", "007"),
  text("exponent", "1e3"),
  text("truth", "true"),
  text("nullText", "null"),
  text("empty", ""),
  text("signs", 'quote " backslash \\ umlaut ü line\nbreak 𝄞'),
  time("pastTime", "1601-01-02T00:00:00.000Z"),
  time("futureTime", "2999-12-31T23:59:59.999Z"),
];

const submodel = "urn:test:values:data";
const entity = "urn:ngsi-ld:Values:1";

describe("values of every kind, from an OPC UA server into both standards", function () {
  this.timeout(30_000);
  let plant: OpcUaPlant;
  let receiver: HttpReceiver;
  let fixture: HubFixture;

  const textOf = async (path: string, headers: Record<string, string> = {}): Promise<string> =>
    await (await fetch(`${fixture.hub.url}${path}`, { headers })).text();
  const element = (name: string, more = ""): Promise<string> =>
    textOf(`/api/v3.1/submodels/${base64url(submodel)}/submodel-elements/${name}${more}`);

  before(async () => {
    plant = await startOpcUaPlant({
      variables: [
        ...rows,
        { name: "absent", dataType: DataType.Null, value: null },
        { name: "zeroed", dataType: DataType.String, value: "a\u0000b" },
        { name: "halved", dataType: DataType.String, value: "x" },
        { name: "ahead", dataType: DataType.Double, value: 1, at: new Date("2999-01-01T00:00:00Z") },
        { name: "behind", dataType: DataType.Double, value: 2, at: new Date("1970-01-02T00:00:00Z") },
        { name: "ticking", dataType: DataType.Int64, value: halves(2n ** 53n + 1n) },
      ],
    });
    receiver = await httpReceiver();
    const point = (name: string, type?: string): string =>
      `  ${name}: { from: "nsu=${plantNamespace};s=${name}", aas: Data.${name}, ngsi: ${name}${type === undefined ? "" : `, type: ${type}`} }\n`;
    fixture = await hubFixture({
      "twinweave.yaml": `
mappings: [./values.yaml]
egress: { allowPrivate: true }
sources:
  plant: { type: opcua, endpoint: "${plant.endpoint}", security: None, publishingInterval: 50 }
`,
      "values.yaml": `twinweave: 1
source: plant
twin:
  submodels: { Data: { id: "${submodel}" } }
  entity: { id: "${entity}", type: Values }
points:
${rows.map(({ name, type }) => point(name, type)).join("")}${point("absent", "double")}${point("zeroed")}${point("halved")}${point("ahead")}${point("behind")}${point("ticking")}`,
    });
    await fixture.hub.settled;
    await fixture.until(`/ngsi-ld/v1/entities/${entity}`, ({ body }) => {
      return [...rows.map(({ name }) => name), "ahead", "behind", "ticking"].every(
        (name) => body?.[name] !== undefined,
      );
    });
  });
  after(async () => {
    await fixture?.close();
    await receiver?.close();
    await plant?.close();
  });

  for (const { name, xsd, lexical, valueOnly, ngsi } of rows) {
    it(`${name}: ${ngsi}`, async () => {
      expect(await element(name, "/$value")).to.equal(valueOnly);
      const property = JSON.parse(await element(name));
      expect(property).to.include({ valueType: xsd, value: lexical });
      const simple = await textOf(`/ngsi-ld/v1/entities/${entity}?options=keyValues&attrs=${name}`);
      expect(simple).to.contain(`"${name}":${ngsi}`);
      const normalized = await textOf(`/ngsi-ld/v1/entities/${entity}?attrs=${name}`);
      expect(normalized).to.contain(`"value":${ngsi}`);
      JSON.parse(normalized);
    });
  }

  it("the whole documents are JSON, with every digit", async () => {
    const whole = await textOf(`/ngsi-ld/v1/entities/${entity}`);
    JSON.parse(whole);
    expect(whole).to.contain("18446744073709551615").and.contain("9007199254740993");
    const values = await textOf(`/api/v3.1/submodels/${base64url(submodel)}/$value`);
    JSON.parse(values);
    expect(values).to.contain(`"highest64":18446744073709551615`);
    const listed = await textOf("/ngsi-ld/v1/entities?type=Values&options=keyValues");
    expect(listed).to.contain("-9223372036854775808");
    const context = await textOf(`/ngsi-ld/v1/entities/${entity}`, { accept: "application/ld+json" });
    expect(JSON.parse(context)).to.have.property("@context");
  });

  it("null is no value: an attribute that is not there, a Property without one", async () => {
    const property = JSON.parse(await element("absent"));
    expect(property).not.to.have.property("value");
    expect(JSON.parse(await textOf(`/ngsi-ld/v1/entities/${entity}`))).not.to.have.property("absent");
  });

  it("a text that no store can hold makes its own point bad, and no other", async () => {
    plant.set("halved", "x\u0000");
    plant.set("yes", false);
    await fixture.until(`/ngsi-ld/v1/entities/${entity}`, ({ body }) => String(body?.yes?.value) === "false");
    plant.set("yes", true);
    await fixture.until(`/ngsi-ld/v1/entities/${entity}`, ({ body }) => String(body?.yes?.value) === "true");
    await fixture.until(`/ngsi-ld/v1/entities/${entity}`, ({ body }) => String(body?.halved?.quality?.value) === "bad");
    const halved = JSON.parse(await textOf(`/ngsi-ld/v1/entities/${entity}`)).halved;
    expect(halved).to.include({ value: "x" });
    expect(halved.quality.statusCode.value).to.equal("BadEncoding");
    expect(await textOf("/metrics")).to.match(/twinweave_ingest_refused\{tenant="default"\} 0/);
  });

  it("a source's clock that runs ahead is clamped, one that is behind is believed", async () => {
    const shown = JSON.parse(await textOf(`/ngsi-ld/v1/entities/${entity}?options=sysAttrs`));
    expect(Date.parse(shown.ahead.observedAt)).to.be.closeTo(Date.now(), 60_000);
    expect(shown.behind.observedAt).to.equal("1970-01-02T00:00:00.000Z");
    plant.set("ahead", 3, new Date("2999-01-01T00:00:01Z"));
    await fixture.until(`/ngsi-ld/v1/entities/${entity}`, ({ body }) => Number(body?.ahead?.value) === 3);
  });

  it("notifications have every digit too", async () => {
    for (const [id, format] of [
      ["normal", "normalized"],
      ["simple", "keyValues"],
    ]) {
      const made = await fixture.request("POST", "/ngsi-ld/v1/subscriptions", {
        id: `urn:ngsi-ld:Subscription:${id}`,
        type: "Subscription",
        entities: [{ type: "Values" }],
        watchedAttributes: ["ticking"],
        notification: { format, endpoint: { uri: receiver.url, accept: "application/json" } },
      });
      expect(made.status, JSON.stringify(made.body)).to.equal(201);
    }
    plant.set("ticking", halves(2n ** 63n - 1n));
    const normal = await receiver.next(
      (body) => body.includes("Subscription:normal") && body.includes("9223372036854775807"),
    );
    const simple = await receiver.next(
      (body) => body.includes("Subscription:simple") && body.includes("9223372036854775807"),
    );
    for (const body of [normal, simple]) {
      JSON.parse(body);
      expect(body).to.contain("18446744073709551615").and.contain(xsdDouble("NaN"));
    }
    expect(simple).to.contain(`"ticking":9223372036854775807`);
  });
});
