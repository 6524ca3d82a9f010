import { expect } from "chai";
import { HubError } from "../../../src/core/errors.ts";
import { type NgsiHub, PUMP, startNgsiHub } from "./ngsi-hub.ts";

const SETPOINT = "https://uri.etsi.org/ngsi-ld/default-context/setpoint";
const FLOW = "https://uri.etsi.org/ngsi-ld/default-context/flow";
const path = `/entities/${PUMP}`;
type Shown = Record<string, Record<string, unknown>>;

describe("NGSI-LD API: linked attributes (the twin's rules 4 to 7, 9 and 10)", () => {
  let hub: NgsiHub;
  const entity = async (query = ""): Promise<Shown> => (await (await hub.call("GET", path + query)).json()) as Shown;

  beforeEach(async () => {
    hub = await startNgsiHub();
    await hub.read("setpoint", 40);
    await hub.read("flow", 12.5, { sourceTime: Date.parse("2026-01-01T00:00:00Z") });
  });
  afterEach(() => hub.stop());

  it("lays value, time and quality over the document; unit from the link; leaves out what has no value (7, 9)", async () => {
    await hub.read("counter", 18446744073709551615n);
    const shown = await entity();
    expect(shown.flow).to.deep.equal({
      type: "Property",
      value: 12.5,
      observedAt: "2026-01-01T00:00:00.000Z",
      unitCode: "MQH",
      quality: { type: "Property", value: "good" },
    });
    expect(shown).to.not.have.property("silent");
    expect(shown.maker).to.deep.equal({ type: "Property", value: "ACME" });
    expect(await (await hub.call("GET", path)).text()).to.contain('"value":18446744073709551615');
  });

  it("shows bad quality with the raw code, and warns where a simplified form hides it (7)", async () => {
    await hub.read("flow", 12.5, { quality: "bad", code: "BadSensorFailure" });
    expect((await entity()).flow?.quality).to.deep.equal({
      type: "Property",
      value: "bad",
      statusCode: { type: "Property", value: "BadSensorFailure" },
    });
    const simplified = await hub.call("GET", `${path}?options=keyValues`);
    expect(simplified.headers.get("ngsild-warning")).to.match(/^110/);
    expect((await hub.call("GET", path)).headers.get("ngsild-warning")).to.equal(null);
  });

  it("shows NaN as a JSON-LD literal and null as the JSON null literal (3)", async () => {
    await hub.read("flow", Number.NaN);
    expect((await entity()).flow?.value).to.deep.equal({
      "@type": "http://www.w3.org/2001/XMLSchema#double",
      "@value": "NaN",
    });
  });

  const patches: readonly (readonly [string, string, unknown])[] = [
    ["PATCH /entities/{id}", path, { setpoint: { type: "Property", value: 55 } }],
    ["PATCH …/attrs", `${path}/attrs`, { setpoint: { type: "Property", value: 55 } }],
    ["PATCH …/attrs/{attr}", `${path}/attrs/setpoint`, { value: 55 }],
  ];
  for (const [name, url, body] of patches) {
    it(`${name} writes the device first, equal values too (4)`, async () => {
      expect((await hub.call("PATCH", url, body)).status).to.equal(204);
      expect((await entity()).setpoint?.value).to.equal(55);
      expect((await hub.call("PATCH", url, body)).status).to.equal(204);
      expect(hub.device.written.map(({ value }) => value)).to.deep.equal([55, 55]);
    });

    it(`${name} is 502 when the device refuses, 504 when it is silent, and changes nothing (4)`, async () => {
      for (const [code, status] of [
        ["device-refused", 502],
        ["device-timeout", 504],
      ] as const) {
        hub.device.refusal = new HubError(code, "no");
        const answer = await hub.call("PATCH", url, body);
        expect(answer.status).to.equal(status);
        expect(((await answer.json()) as { detail: string }).detail).to.contain("mappings/pump.yaml:12");
        expect((await entity()).setpoint?.value).to.equal(40);
      }
    });
  }

  it("a read-only link is 409 alone, and within a 207 beside what worked (4)", async () => {
    const alone = await hub.call("PATCH", `${path}/attrs`, { flow: { type: "Property", value: 1 } });
    expect(alone.status).to.equal(409);
    const problem = (await alone.json()) as { type: string; detail: string };
    expect(problem.type).to.equal("https://uri.etsi.org/ngsi-ld/errors/Conflict");
    expect(problem.detail).to.contain("mappings/pump.yaml:12");

    const beside = await hub.call("PATCH", `${path}/attrs`, {
      flow: { type: "Property", value: 1 },
      setpoint: { type: "Property", value: 41 },
      note: { type: "Property", value: "x" },
    });
    expect(beside.status).to.equal(207);
    const result = (await beside.json()) as { updated: string[]; notUpdated: { attributeName: string }[] };
    expect(result.updated).to.have.members([SETPOINT, "https://uri.etsi.org/ngsi-ld/default-context/note"]);
    expect(result.notUpdated.map(({ attributeName }) => attributeName)).to.deep.equal([FLOW]);
    expect((await entity()).flow?.value).to.equal(12.5);
    expect(hub.device.written).to.have.length(1);
  });

  it("keeps sub-attributes of a linked attribute in the document and strips what the signal owns (7)", async () => {
    const body = {
      setpoint: {
        type: "Property",
        value: 42,
        observedAt: "2020-01-01T00:00:00Z",
        quality: { type: "Property", value: "made up" },
        reason: { type: "Property", value: "night" },
      },
    };
    expect((await hub.call("PATCH", `${path}/attrs`, body)).status).to.equal(204);
    const shown = (await entity()).setpoint;
    expect(shown?.reason).to.deep.equal({ type: "Property", value: "night" });
    expect(shown?.quality).to.deep.equal({ type: "Property", value: "good" });
    expect(shown?.observedAt).to.not.equal("2020-01-01T00:00:00Z");
  });

  it("PUT never actuates: GET-edit-PUT is 204, a differing value a 207 with Conflict (5)", async () => {
    const same = await entity();
    const edited = { ...same, maker: { type: "Property", value: "Other" } };
    expect((await hub.call("PUT", path, edited)).status).to.equal(204);
    const differing = await hub.call("PUT", path, { ...edited, setpoint: { type: "Property", value: 99 } });
    expect(differing.status).to.equal(207);
    expect(JSON.stringify(await differing.json()))
      .to.contain("errors/Conflict")
      .and.to.contain("mappings/pump.yaml:12");
    const shown = await entity();
    expect(shown.maker?.value).to.equal("Other");
    expect(shown.setpoint?.value).to.equal(40);
    expect(hub.device.written).to.deep.equal([]);
  });

  it("PUT that drops or retypes a linked attribute is refused, naming the mapping's line (5)", async () => {
    const { setpoint: _dropped, ...without } = await entity();
    const retyped = { ...(await entity()), setpoint: { type: "Relationship", object: "urn:x:y" } };
    for (const body of [without, retyped]) {
      const answer = await hub.call("PUT", path, body);
      expect(answer.status).to.equal(409);
      expect(((await answer.json()) as { detail: string }).detail).to.contain("mappings/pump.yaml:12");
    }
    expect((await entity()).setpoint?.value).to.equal(40);
  });

  it("append and batch upsert never actuate either (5)", async () => {
    const body = { setpoint: { type: "Property", value: 99 }, note: { type: "Property", value: 1 } };
    expect((await hub.call("POST", `${path}/attrs`, body)).status).to.equal(207);
    const batch = await hub.call("POST", "/entityOperations/upsert?options=update", [
      { id: PUMP, type: "Pump", ...body },
    ]);
    expect(batch.status).to.equal(207);
    expect((await entity()).setpoint?.value).to.equal(40);
    expect(hub.device.written).to.deep.equal([]);
  });

  it("a delete does not unlink: 409 alone, 207 beside what went (6)", async () => {
    expect((await hub.call("DELETE", `${path}/attrs/flow`)).status).to.equal(409);
    const nulled = await hub.call("PATCH", path, { flow: "urn:ngsi-ld:null", maker: "urn:ngsi-ld:null" });
    expect(nulled.status).to.equal(207);
    const whole = await hub.call("DELETE", path);
    expect(whole.status).to.be.oneOf([207, 409]);
    const shown = await entity();
    expect(shown).to.not.have.property("maker");
    expect(shown.flow?.value).to.equal(12.5);
    expect(await (await hub.call("POST", "/entityOperations/delete", [PUMP])).json()).to.have.property("errors");
  });

  it("modifiedAt is the later of document and signals (10)", async () => {
    const before = (await entity("?options=sysAttrs")).modifiedAt as unknown as string;
    await hub.read("flow", 13);
    const after = (await entity("?options=sysAttrs")).modifiedAt as unknown as string;
    expect(Date.parse(after)).to.be.at.least(Date.parse(before));
    expect((await entity("?options=sysAttrs")).flow?.modifiedAt).to.equal(after);
  });
});
