import { expect } from "chai";
import { HubError } from "../../../src/core/errors.ts";
import { type AasRoom, b64, openAasRoom } from "./aas-room.ts";

const id = "urn:acme:pump:1:operational";
const submodel = `/submodels/${b64(id)}`;
const element = (path: string): string => `${submodel}/submodel-elements/${encodeURIComponent(path)}`;
const twin = {
  shell: { id: "urn:acme:pump:1", assetId: "urn:acme:asset:1" },
  submodels: { OperationalData: { id, values: { Maker: "Acme" } } },
};
const points = [
  { point: "temperature", aas: "OperationalData.Temperature", type: "double", line: 12, unit: "CEL" },
  { point: "setpoint", aas: "OperationalData.Motor.Setpoint", type: "double", line: 16, writable: true },
  { point: "limit", aas: "OperationalData.Motor.Limit", type: "long", line: 20, writable: true },
] as const;

describe("the twin's rules in the AAS API", () => {
  let room: AasRoom;

  beforeEach(async () => {
    room = await openAasRoom();
    await room.map(twin, points);
  });
  afterEach(async () => await room.close());

  it("a leaf without a reading has no value (rule 9), neither in the element nor in $value", async () => {
    const { body } = await room.call("GET", element("Temperature"));
    expect(body).to.include({ modelType: "Property", valueType: "xs:double" }).and.not.to.have.property("value");
    expect((await room.call("GET", `${submodel}/$value`)).body).to.deep.equal({ Maker: "Acme" });
    expect((await room.call("GET", `${element("Temperature")}/$value`)).status).to.equal(404);
  });

  it("value, quality, raw code and time come from the signal (rule 7)", async () => {
    await room.reading("temperature", 61.25, "uncertain", "UncertainSensorCal", Date.parse("2026-11-22T10:00:00Z"));
    const { body } = await room.call("GET", element("Temperature"));
    expect(body.value).to.equal("61.25");
    const qualifiers = body.qualifiers as unknown as { type: string; value: string; kind: string }[];
    expect(qualifiers.map(({ kind, type, value }) => [kind, type, value])).to.deep.equal([
      ["ValueQualifier", "Twinweave/Quality", "uncertain"],
      ["ValueQualifier", "Twinweave/StatusCode", "UncertainSensorCal"],
      ["ValueQualifier", "Twinweave/Time", "2026-11-22T10:00:00.000Z"],
    ]);
  });

  it("a whole submodel and its elements one by one show the same, NaN, infinity and int64 among it", async () => {
    await room.reading("temperature", Number.NaN);
    await room.reading("setpoint", Number.NEGATIVE_INFINITY);
    await room.reading("limit", 9007199254740993n);
    const value = await room.call("GET", `${submodel}/$value`);
    expect(value.text)
      .to.contain('"Temperature":"NaN"')
      .and.contain('"Setpoint":"-INF"')
      .and.contain('"Limit":9007199254740993');
    const whole = (await room.call("GET", submodel)).body.submodelElements as unknown as {
      idShort: string;
      value: unknown;
    }[];
    const one = (await room.call("GET", element("Motor"))).body;
    expect(whole.find(({ idShort }) => idShort === "Motor")).to.deep.equal(one);
    await room.reading("limit", 5);
    expect((await room.call("GET", `${submodel}/$value`)).text).to.contain('"Limit":5}');
  });

  it("PATCH $value of a writable leaf goes to the device first, an equal value too (rule 4)", async () => {
    expect((await room.call("PATCH", `${element("Motor.Setpoint")}/$value`, 55.5)).status).to.equal(204);
    expect(room.written.get("setpoint")).to.equal(55.5);
    room.written.clear();
    expect((await room.call("PATCH", `${element("Motor.Setpoint")}/$value`, 55.5)).status).to.equal(204);
    expect(room.written.get("setpoint")).to.equal(55.5);
    expect((await room.call("GET", `${element("Motor.Setpoint")}/$value`)).text).to.equal("55.5");
    expect((await room.call("PATCH", `${element("Motor.Limit")}/$value`, "9007199254740993")).status).to.equal(204);
    expect(room.written.get("limit")).to.equal(9007199254740993n);
  });

  it("a refusing device is 502, a silent one 504, nothing changes", async () => {
    await room.reading("setpoint", 10);
    for (const [code, status] of [
      ["device-refused", 502],
      ["device-timeout", 504],
    ] as const) {
      room.refusing.set("setpoint", new HubError(code, "BadOutOfRange"));
      const answer = await room.call("PATCH", `${element("Motor.Setpoint")}/$value`, 99);
      expect(answer.status).to.equal(status);
      expect(answer.text).to.contain("pump.yaml:16").and.contain("BadOutOfRange");
    }
    expect((await room.call("GET", `${element("Motor.Setpoint")}/$value`)).text).to.equal("10");
  });

  it("a read-only leaf is 403 and names the mapping line; a value of another type is 400; neither reaches a device", async () => {
    const readOnly = await room.call("PATCH", `${submodel}/$value`, { Motor: { Setpoint: 5 }, Temperature: 1 });
    expect(readOnly.status).to.equal(403);
    expect(readOnly.text).to.contain("pump.yaml:12");
    expect((await room.call("PATCH", `${element("Motor.Setpoint")}/$value`, '"hot"')).status).to.equal(400);
    expect(room.written.size).to.equal(0);
  });

  it("several leaves stop at the first refusal, leaf by leaf; what is not linked is not tried then", async () => {
    room.refusing.set("limit", new HubError("device-refused", "locked"));
    const answer = await room.call("PATCH", `${submodel}/$value`, { Maker: "Other", Motor: { Setpoint: 5, Limit: 7 } });
    expect(answer.status).to.equal(502);
    expect(answer.text).to.contain("Motor.Setpoint was written").and.contain("Motor.Limit was refused: locked");
    const { body } = await room.call("GET", `${submodel}/$value`);
    expect(body).to.deep.equal({ Maker: "Acme", Motor: { Setpoint: 5 } });
    room.refusing.clear();
    const again = { Maker: "Other", Motor: { Setpoint: 6, Limit: 7 } };
    expect((await room.call("PATCH", `${submodel}/$value`, again)).status).to.equal(204);
    expect((await room.call("GET", `${submodel}/$value`)).body).to.deep.equal(again);
  });

  it("GET, edit, PUT: nothing actuates, a differing value is named in a header, reserved qualifiers are not stored (rule 5)", async () => {
    await room.reading("temperature", 61);
    await room.reading("setpoint", 10);
    const got = (await room.call("GET", submodel)).text;
    const same = await room.call("PUT", submodel, got);
    expect([same.status, same.headers.get("twinweave-linked-unchanged")]).to.deep.equal([204, null]);
    const edited = got.replace('"value":"61"', '"value":"99"').replace('"Acme"', '"Other"');
    const answer = await room.call("PUT", submodel, edited);
    expect([answer.status, answer.headers.get("twinweave-linked-unchanged")]).to.deep.equal([204, "Temperature"]);
    expect(room.written.size).to.equal(0);
    expect((await room.call("GET", `${submodel}/$value`)).body).to.deep.include({ Maker: "Other", Temperature: 61 });
    const stored = await room.store.documents.part("submodel", id, "Temperature");
    expect(stored?.body).not.to.contain("Twinweave/").and.not.to.contain('"value":"61"');
    const patched = await room.call("PATCH", element("Motor"), {
      modelType: "SubmodelElementCollection",
      value: [{ modelType: "Property", idShort: "Setpoint", valueType: "xs:double", value: "77" }],
    });
    expect([patched.status, patched.headers.get("twinweave-linked-unchanged")]).to.deep.equal([204, "Motor.Setpoint"]);
    expect((await room.call("GET", `${element("Motor.Setpoint")}/$value`)).text).to.equal("10");
  });

  it("a document that drops or retypes a linked leaf is 409 and names the mapping line", async () => {
    const { body } = await room.call("GET", submodel);
    const dropped = await room.call("PUT", submodel, { ...body, submodelElements: undefined });
    expect(dropped.status).to.equal(409);
    expect(dropped.text).to.contain("pump.yaml:12").and.contain("pump.yaml:16");
    const typed = { modelType: "Property", idShort: "Temperature", valueType: "xs:string" };
    const retyped = await room.call("PUT", element("Temperature"), typed);
    expect(retyped.status).to.equal(409);
    expect(retyped.text).to.contain("pump.yaml:12").and.contain("xs:double");
    expect((await room.call("PUT", element("Motor"), { modelType: "Capability", idShort: "Motor" })).status).to.equal(
      409,
    );
  });

  it("DELETE of what holds a linked leaf is 409, nothing changed; what holds none goes (rule 6)", async () => {
    const before = (await room.call("GET", submodel)).text;
    for (const path of [
      submodel,
      element("Temperature"),
      element("Motor"),
      `/shells/${b64("urn:acme:pump:1")}${submodel}`,
    ]) {
      const answer = await room.call("DELETE", path);
      expect(answer.status, path).to.equal(409);
      expect(answer.text).to.match(/pump\.yaml:(12|16)/);
    }
    expect((await room.call("GET", submodel)).text).to.equal(before);
    expect((await room.call("DELETE", element("Maker"))).status).to.equal(204);
    expect((await room.call("GET", element("Maker"))).status).to.equal(404);
  });

  it("clients add elements beside linked ones, and change their metadata", async () => {
    const note = { modelType: "Property", idShort: "Note", valueType: "xs:string", value: "oiled" };
    const created = await room.call("POST", element("Motor"), note);
    expect(created.status).to.equal(201);
    expect(created.headers.get("location")).to.equal(`${room.base}${element("Motor.Note")}`);
    expect((await room.call("POST", element("Motor"), note)).status).to.equal(409);
    const described = { description: [{ language: "en", text: "of the bearing" }] };
    expect((await room.call("PATCH", `${element("Temperature")}/$metadata`, described)).status).to.equal(204);
    await room.reading("temperature", 3);
    expect((await room.call("GET", element("Temperature"))).body).to.deep.include({ value: "3", ...described });
  });

  it("the entity tag follows the signal, and If-Match the document alone", async () => {
    await room.reading("temperature", 1);
    const first = await room.call("GET", submodel);
    const etag = first.headers.get("etag") ?? "";
    expect((await room.call("GET", submodel, undefined, { "if-none-match": etag })).status).to.equal(304);
    await room.reading("temperature", 2);
    expect((await room.call("GET", submodel, undefined, { "if-none-match": etag })).status).to.equal(200);
    expect((await room.call("PUT", submodel, first.text, { "if-match": etag })).status).to.equal(204);
    expect((await room.call("PUT", submodel, first.text, { "if-match": etag })).status).to.equal(412);
  });
});
