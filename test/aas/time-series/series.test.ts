import { expect } from "chai";
import type { Property, Submodel, SubmodelElement } from "../../../src/aas/metamodel/types.ts";
import { figures } from "../../../src/aas/time-series/computed-content.ts";
import { segmentWithoutComputed } from "../../../src/aas/time-series/computed-names.ts";
import { readSeries, recordBound } from "../../../src/aas/time-series/series-definition.ts";
import { joinSegments, seriesElements } from "../../../src/aas/time-series/series-elements.ts";
import { recordElement, recordsOf } from "../../../src/aas/time-series/series-records.ts";
import { timeSeriesId } from "../../../src/aas/time-series/vocabulary.ts";
import { validateSubmodel } from "../../../src/aas/validation/validate.ts";
import type { HistoryRow, SeriesPort } from "../../../src/store/series-contract.ts";

const variable = (idShort: string): Property => ({
  modelType: "Property",
  idShort,
  valueType: "xs:double",
  extensions: [
    {
      name: "Twinweave/History",
      refersTo: [
        {
          type: "ModelReference",
          keys: [
            { type: "Submodel", value: "urn:data" },
            { type: "SubmodelElementList", value: "Pumps" },
            { type: "SubmodelElementCollection", value: "1" },
            { type: "Property", value: idShort },
          ],
        },
      ],
    },
  ],
});

const submodel = (names: readonly string[]): Submodel => ({
  modelType: "Submodel",
  id: "urn:series",
  kind: "Instance",
  semanticId: { type: "ModelReference", keys: [{ type: "Submodel", value: timeSeriesId }] },
  submodelElements: seriesElements({
    name: { en: "Series", de: "Reihe" },
    description: "Of a test",
    variables: names.map(variable),
    segments: joinSegments(
      { internal: { window: "90m" }, linked: true, external: { from: "2026-01-01", to: "2026-02-01" } },
      "urn:series",
      names,
    ),
  }),
});

type Said = readonly [second: number, value: number | undefined, quality?: HistoryRow["quality"], committed?: number];

/** Rows of one leaf, by its last idShort. */
function port(said: Readonly<Record<string, readonly Said[]>>): SeriesPort {
  const names = Object.keys(said);
  const fake: Pick<SeriesPort, "at" | "history"> = {
    at: async ({ part }) => [{ series: names.findIndex((name) => part === `Pumps[1].${name}`), from: 0 }],
    async history(series, { from = 0, to = 1e15, limit, order }) {
      const rows = (said[names[series] ?? ""] ?? []).map(
        ([second, value, quality = "good", committed = second], index) => ({
          value,
          quality,
          at: second * 1_000,
          receivedAt: second * 1_000,
          modifiedAt: committed * 1_000,
          instance: String(index),
        }),
      );
      const within = rows.filter(({ at }) => at >= from && at < to);
      return order === "oldest-first" ? within.slice(0, limit) : within.toReversed().slice(0, limit);
    },
  };
  return fake as SeriesPort;
}

const children = (element: SubmodelElement | undefined): readonly SubmodelElement[] =>
  (element as unknown as { value?: readonly SubmodelElement[] } | undefined)?.value ?? [];

describe("time series submodels", () => {
  it("are valid, and say of themselves what is laid over them", () => {
    const series = readSeries(validateSubmodel(submodel(["Flow", "Head"])));
    expect(series?.variables.map(({ leaf }) => leaf.part)).to.deep.equal(["Pumps[1].Flow", "Pumps[1].Head"]);
    expect(series?.segments).to.deep.equal([
      { kind: "internal", idShort: "InternalSegment", window: 5_400_000, maxRecords: 1_000 },
      { kind: "linked", idShort: "LinkedSegment" },
      { kind: "external", idShort: "ExternalSegment", from: Date.UTC(2026, 0, 1), to: Date.UTC(2026, 1, 1) },
    ]);
  });

  it("are their author's alone without the hub's extensions, of another meaning, or beyond the bounds", () => {
    const plain = submodel(["Flow"]);
    const { semanticId: _none, ...meaningless } = plain;
    expect(readSeries(meaningless)).to.equal(undefined);
    expect(readSeries(submodel(Array.from({ length: 101 }, (_, index) => `V${index}`)))).to.equal(undefined);
    const bare = JSON.parse(JSON.stringify(plain).replaceAll("Twinweave/", "Other/")) as Submodel;
    expect(readSeries(bare)).to.equal(undefined);
    const many = readSeries(submodel(Array.from({ length: 50 }, (_, index) => `V${index}`)));
    expect(many && recordBound(many)).to.equal(2_000);
  });

  it("have records at each change, each with every variable's last value, and what is not good marked", async () => {
    const series = readSeries(submodel(["Flow", "Head"]));
    if (series === undefined) return expect.fail();
    const history = port({
      Flow: [
        [1, 1],
        [12, 2],
        [15, 2, "bad", 18],
        [20, undefined, "bad"],
      ],
      Head: [[13, 30, "uncertain"]],
    });
    const { records, lastUpdate } = await recordsOf(history, series.variables, { from: 10_000, to: 60_000 }, 100);
    expect(records.map(({ at, held }) => [at / 1_000, ...held.map((row) => row?.value)])).to.deep.equal([
      [12, 2, undefined],
      [13, 2, 30],
      [15, 2, 30],
      [20, undefined, 30],
    ]);
    expect(lastUpdate).to.equal(20_000);
    const [, head] = children(recordElement(series, records[0] ?? { at: 0, held: [] })).slice(1);
    expect(head).to.deep.include({ idShort: "Head" }).and.not.have.any.keys("value", "qualifiers", "extensions");
    const last = children(recordElement(series, records[3] ?? { at: 0, held: [] }));
    expect(last.map(({ qualifiers }) => qualifiers?.[0]?.value)).to.deep.equal([undefined, "bad", "uncertain"]);
    expect(recordElement(series, { at: 12_345, held: [] }).idShort).to.equal("Record_12345");
  });

  it("put a change of quality at the time at which it was noticed", async () => {
    const series = readSeries(submodel(["Flow"]));
    if (series === undefined) return expect.fail();
    const history = port({
      Flow: [
        [10, 1],
        [10, 1, "bad", 40],
      ],
    });
    const { records } = await recordsOf(history, series.variables, { from: 0, to: 60_000 }, 100);
    expect(records.map(({ at, held }) => [at / 1_000, held[0]?.quality])).to.deep.equal([
      [10, "good"],
      [40, "bad"],
    ]);
  });

  it("keep the newest records at the bound, whole from the first on", async () => {
    const series = readSeries(submodel(["Flow", "Head"]));
    if (series === undefined) return expect.fail();
    const history = port({ Flow: Array.from({ length: 50 }, (_, i): Said => [i, i]), Head: [[3, 7]] });
    const { records } = await recordsOf(history, series.variables, { from: 0, to: 1e6 }, 5);
    expect(records.map(({ held }) => held.map((row) => row?.value))).to.deep.equal(
      [45, 46, 47, 48, 49].map((flow) => [flow, 7]),
    );
    const said = figures({ records, lastUpdate: 49_000 }, "in progress");
    expect(said.map(({ idShort, ...rest }) => [idShort, (rest as Property).value])).to.deep.equal([
      ["RecordCount", "5"],
      ["StartTime", "1970-01-01T00:00:45.000Z"],
      ["EndTime", "1970-01-01T00:00:49.000Z"],
      ["Duration", "PT4S"],
      ["SamplingInterval", "1"],
      ["State", "in progress"],
      ["LastUpdate", "1970-01-01T00:00:49.000Z"],
    ]);
  });

  it("lose what is computed when they are stored, and nothing else", () => {
    const segments = children(submodel(["Flow"]).submodelElements?.find(({ idShort }) => idShort === "Segments"));
    const [internal] = segments;
    if (internal === undefined) return expect.fail();
    const name: SubmodelElement = { modelType: "MultiLanguageProperty", idShort: "Name" };
    const read = {
      ...internal,
      value: [name, ...figures({ records: [], lastUpdate: undefined }, "in progress")],
    } as SubmodelElement;
    expect(children(segmentWithoutComputed(read))).to.deep.equal([name]);
    const { extensions: _gone, ...own } = read;
    expect(segmentWithoutComputed(own as SubmodelElement)).to.equal(own);
  });
});
