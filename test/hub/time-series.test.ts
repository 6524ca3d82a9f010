import { expect } from "chai";
import { base64url, type HubFixture, hubFixture, type Json } from "./hub-fixture.ts";

const mapping = `twinweave: 1
forEach: { as: pump, list: [{ name: p1 }] }
twin:
  submodels:
    Data: { id: "urn:test:{pump.name}:data" }
    Series:
      id: "urn:test:{pump.name}:series"
      timeSeries:
        name: { en: Hydraulics }
        points: { Flow: flow, State: state, Pressure: pressure }
        segments:
          internal: { window: 1h, maxRecords: 3 }
          linked: true
          external: { from: 2020-01-01T00:00:00Z, to: 2100-01-01T00:00:00Z }
points:
  flow: { type: double, unit: "m3/h", aas: Data.Flow }
  state: { type: string, aas: Data.Mode.State }
  pressure: { type: double, aas: Data.Pressure }
`;

const data = `/api/v3.1/submodels/${base64url("urn:test:p1:data")}`;
const series = `/api/v3.1/submodels/${base64url("urn:test:p1:series")}`;

const internal = ["Segments", "InternalSegment", "Records"];
type Shown = Readonly<Record<string, unknown>>;

describe("a time series of a mapping, in a hub", function () {
  this.timeout(20_000);
  let fixture: HubFixture;

  before(async () => {
    fixture = await hubFixture({ "twinweave.yaml": "mappings: [./pumps.yaml]\n", "pumps.yaml": mapping });
    await fixture.hub.settled;
    for (const flow of [1, 2, 3, 4]) await write("Flow", flow);
    await write("Mode.State", 'On, with "a" comma');
    await write("Flow", 5);
  });
  after(() => fixture.close());

  async function write(path: string, value: unknown): Promise<void> {
    const { status } = await fixture.request("PATCH", `${data}/submodel-elements/${path}/$value`, value);
    expect(status).to.equal(204);
    const now = Date.now();
    while (Date.now() === now) await Promise.resolve(); // each value has a time of its own
  }

  const flux = async (query: string, path = "/time-series/api/v2/query"): Promise<{ status: number; text: string }> => {
    const headers = { "content-type": "application/vnd.flux", accept: "application/csv", authorization: "Token " };
    const response = await fetch(`${fixture.hub.url}${path}`, { method: "POST", headers, body: query });
    return { status: response.status, text: await response.text() };
  };

  it("shows bounded internal records in every form of the API, worked out when they are read", async () => {
    const { body, status, headers } = await fixture.get(`${series}/submodel-elements/Segments.InternalSegment`);
    expect(status).to.equal(200);
    expect(headers.get("etag")).to.match(/-/);
    const children = (body as unknown as { value: { idShort: string; value: unknown }[] }).value;
    const said = Object.fromEntries(children.map(({ idShort, value }) => [idShort, value]));
    expect(said).to.include({ RecordCount: "3", State: "in progress" });
    expect(Date.parse(String(said.EndTime))).to.be.greaterThan(Date.parse(String(said.StartTime)));
    const shown = await fixture.get(`${series}/$value`);
    const records = Object.values(dig(shown.body, ...internal) as Readonly<Record<string, Shown>>);
    expect(records.map(({ Flow, State }) => [Flow, State])).to.deep.equal([
      [4, undefined],
      [4, 'On, with "a" comma'],
      [5, 'On, with "a" comma'],
    ]);
    const [id = ""] = Object.keys(dig(shown.body, ...internal) as Readonly<Record<string, Shown>>);
    const one = await fixture.get(`${series}/submodel-elements/Segments.InternalSegment.Records.${id}.Flow/$value`);
    expect(one.body).to.equal(4);
    const paths = await fixture.get(`${series}/submodel-elements/Segments.InternalSegment.Records/$path`);
    expect(paths.body).to.include(`Segments.InternalSegment.Records.${id}.Flow`);
    const reference = await fixture.get(
      `${series}/submodel-elements/Segments.InternalSegment.Records.${id}/$reference`,
    );
    expect((reference.body as Json).keys).to.have.length(5);
    const whole = await fixture.get(`${series}/submodel-elements`);
    expect(JSON.stringify(whole.body)).to.contain(id);
  });

  it("describes its variables once: type, unit, meaning, and which element they show", async () => {
    const { body } = await fixture.get(`${series}/submodel-elements/Metadata.Record.Flow`);
    expect(body).to.include({ valueType: "xs:double", idShort: "Flow" });
    expect(JSON.stringify(body)).to.contain("m³/h").and.to.contain("Twinweave/History");
    expect(dig(body, "extensions", 0, "refersTo", 0, "keys", 1)).to.deep.equal({
      type: "Property",
      value: "Flow",
    });
  });

  it("stores no record: a client may write back what it has read, and cannot write records", async () => {
    const before = await fixture.get(series);
    const put = await fixture.request("PUT", series, before.body);
    expect(put.status).to.equal(204);
    const records = `${series}/submodel-elements/Segments.InternalSegment.Records`;
    const add = { modelType: "SubmodelElementCollection", idShort: "Mine" };
    expect((await fixture.request("POST", records, add)).status).to.equal(403);
    expect((await fixture.request("DELETE", records)).status).to.equal(403);
    expect((await fixture.request("PUT", records, { ...add, idShort: "Records" })).status).to.equal(403);
    const rename = await fixture.request("PATCH", `${series}/$value`, { Metadata: { Name: [{ en: "Water" }] } });
    expect(rename.status).to.equal(204);
    await write("Flow", 6);
    const { body } = await fixture.get(`${series}/$value`);
    const shown = Object.values(dig(body, ...internal) as Readonly<Record<string, Shown>>);
    expect(shown.map(({ Flow }) => Flow)).to.deep.equal([4, 5, 6]);
  });

  it("answers the query of its linked segment as the BaSyx web UI sends it and reads it", async () => {
    const { body } = await fixture.get(`${series}/submodel-elements/Segments.LinkedSegment/$value`);
    const { Endpoint, Query } = body as unknown as { Endpoint: string; Query: string };
    expect(Endpoint).to.equal(`${fixture.hub.url}/time-series/api/v2/query`);
    expect((await flux(Query)).text).to.contain("v.… has no value");
    const now = Date.now();
    const range = { "v.timeRangeStart": now - 60_000, "v.timeRangeStop": now + 1_000 };
    let query = Query.replace("v.windowPeriod", "1000000ms");
    for (const [name, time] of Object.entries(range)) query = query.replace(name, new Date(time).toISOString());
    const answer = await flux(query);
    expect(answer.status).to.equal(200);
    const datasets = readAsWebUi(answer.text);
    expect([...datasets.keys()]).to.deep.equal(["Flow"]);
    expect(datasets.get("Flow")?.length).to.be.within(1, 2);
    for (const { value } of datasets.get("Flow") ?? []) expect(value).to.be.within(1, 6);
  });

  it("answers raw values with their qualities, and any linked element by its path", async () => {
    const raw = await flux(
      `from(bucket: "twinweave") |> range(start: -1h) |> filter(fn: (r) => r["_measurement"] == "urn:test:p1:data" and r._field == "Flow" and r._value >= 5.0)`,
    );
    const rows = raw.text
      .trim()
      .split("\r\n")
      .map((line) => line.split(","));
    expect(rows[0]).to.deep.equal([
      "",
      "result",
      "table",
      "_start",
      "_stop",
      "_time",
      "_value",
      "_field",
      "_measurement",
      "quality",
    ]);
    expect(rows.slice(1).map((row) => [row[6], row[7], row[9]])).to.deep.equal([
      ["5", "Flow", "good"],
      ["6", "Flow", "good"],
    ]);
    const state = await flux(
      `from(bucket: "twinweave") |> range(start: -1h) |> filter(fn: (r) => r._measurement == "urn:test:p1:series" and r._field == "State") |> last()`,
    );
    expect(state.text).to.contain('"On, with ""a"" comma"');
  });

  it("refuses what it does not serve, with the place", async () => {
    const refused = async (query: string): Promise<string> => {
      const { status, text } = await flux(query);
      expect(status, query).to.be.within(400, 404);
      return (JSON.parse(text) as { message: string }).message;
    };
    const start = `from(bucket: "twinweave") |> range(start: -1h) |> filter(fn: (r) => r._measurement == "urn:test:p1:series")`;
    expect(await refused(`${start} |> pivot(rowKey: ["_time"])`)).to.contain("pivot() is not served");
    expect(await refused(`${start} |> mean()`)).to.contain("State, which is of string");
    expect(await refused(`${start} |> aggregateWindow(every: 1ms, fn: count)`)).to.contain("more than 100000 windows");
    expect(await refused('from(bucket: "other") |> range(start: -1h)')).to.contain("no bucket other");
    expect(await refused('from(bucket: "twinweave") |> range(start: -1h)')).to.contain("names no series");
    const there = await fetch(`${fixture.hub.url}/tenants/nobody/time-series/api/v2/query`, {
      method: "POST",
      headers: { "content-type": "application/vnd.flux" },
      body: start,
    });
    expect(there.status).to.equal(404);
  });

  it("gives an external segment as CSV", async () => {
    const { body } = await fixture.get(`${series}/submodel-elements/Segments.ExternalSegment.File`);
    const { value, contentType } = body as unknown as { value: string; contentType: string };
    expect(contentType).to.equal("text/csv");
    const response = await fetch(value);
    expect(response.headers.get("content-type")).to.equal("text/csv");
    const lines = (await response.text()).trim().split("\r\n");
    expect(lines[0]).to.equal("Time,Flow,Flow_quality,State,State_quality,Pressure,Pressure_quality");
    expect(lines.slice(1).map((line) => line.split(",").slice(1, 3).join())).to.deep.equal([
      "1,good",
      "2,good",
      "3,good",
      "4,good",
      "4,good",
      "5,good",
      "6,good",
    ]);
    expect(lines.at(-1)).to.contain('"On, with ""a"" comma",good,,');
  });

  it("reads records and segments by its operations", async () => {
    const invoke = async (name: string, min: string, max: string) =>
      await fixture.request("POST", `${series}/submodel-elements/${name}/invoke`, {
        inputArguments: [{ value: { modelType: "Range", idShort: "Timespan", valueType: "xs:dateTime", min, max } }],
      });
    const all = await invoke("ReadRecords", "2020-01-01T00:00:00Z", "2100-01-01T00:00:00Z");
    expect(all.status).to.equal(200);
    expect(dig(all.body, "outputArguments", 0, "value", "idShort")).to.equal("Records");
    expect(dig(all.body, "outputArguments", 0, "value", "value")).to.have.length(7);
    const none = await invoke("ReadRecords", "2020-01-01T00:00:00Z", "2020-01-02T00:00:00Z");
    expect(dig(none.body, "outputArguments", 0, "value")).not.to.have.property("value");
    const segments = await invoke("ReadSegments", "2020-01-01T00:00:00Z", "2020-01-02T00:00:00Z");
    const found = dig(segments.body, "outputArguments", 0, "value", "value") as { idShort: string }[];
    expect(found.map(({ idShort }) => idShort)).to.deep.equal(["LinkedSegment", "ExternalSegment"]);
    expect((await invoke("ReadRecords", "2021-01-01T00:00:00Z", "2020-01-02T00:00:00Z")).status).to.equal(400);
  });

  it("is told what is wrong with a mapping, at its line", async () => {
    await fixture.write({
      "pumps.yaml": mapping.replace("Pressure: pressure", "Pressure: presure").replace("2100-", "2019-"),
    });
    const { body } = await fixture.request("POST", "/admin/mappings/reload");
    const text = JSON.stringify(body);
    expect(text)
      .to.match(/pumps\.yaml:10:\d+/)
      .and.to.contain('no point \\"presure\\" has an element');
    expect(text)
      .to.match(/pumps\.yaml:14:\d+/)
      .and.to.contain("is no range of time");
    expect((await fixture.get(`${series}/submodel-elements/Segments.InternalSegment`)).status).to.equal(200);
  });
});

/** What stands at a path in a body of any shape. */
function dig(body: unknown, ...steps: readonly (string | number)[]): unknown {
  return steps.reduce<unknown>(
    (at, step) => (at as Readonly<Record<string | number, unknown>> | undefined)?.[step],
    body,
  );
}

/** The rules by which TimeSeries_v1_1 of basyx-aas-web-ui reads what a linked segment's endpoint answers. */
function readAsWebUi(csv: string): ReadonlyMap<string, readonly { readonly time: string; readonly value: number }[]> {
  const datasets = new Map<string, { time: string; value: number }[]>();
  let header: readonly string[] = [];
  for (const line of csv.trim().split("\n")) {
    const columns = line.split(",");
    if (columns[1] === "result") {
      header = columns.map((name) => name.trim());
      continue;
    }
    if (header.length === 0 || columns.length < 3) continue;
    const cell = (name: string): string => columns[header.indexOf(name)] ?? "";
    const key = cell("_field").trim();
    datasets.set(key, [
      ...(datasets.get(key) ?? []),
      { time: cell("_time"), value: Number.parseFloat(cell("_value")) },
    ]);
  }
  return datasets;
}
