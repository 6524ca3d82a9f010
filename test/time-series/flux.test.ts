import { expect } from "chai";
import type { HubError } from "../../src/core/errors.ts";
import type { Quality } from "../../src/core/quality.ts";
import type { Value } from "../../src/core/value.ts";
import type { HistoryRow, SeriesPort } from "../../src/store/series-contract.ts";
import type { SeriesField } from "../../src/time-series/contract.ts";
import { annotatedCsv, plainDialect } from "../../src/time-series/flux/annotated-csv.ts";
import { parseFlux } from "../../src/time-series/flux/parse-flux.ts";
import { prepareFlux } from "../../src/time-series/flux/run-flux.ts";
import { leafHistory, newestRows } from "../../src/time-series/leaf-history.ts";
import { recordsCsv } from "../../src/time-series/records-csv.ts";

const now = Date.parse("2026-11-22T12:00:00Z");
const never = new AbortController().signal;

/** Rows of seconds after midnight UTC of the epoch, in one series a leaf. */
type Row = readonly [second: number, value: Value | undefined, quality?: Quality];

function port(histories: Readonly<Record<string, readonly Row[]>>, spans?: Awaited<ReturnType<SeriesPort["at"]>>) {
  const names = Object.keys(histories);
  const rowsOf = (series: number): readonly HistoryRow[] =>
    (histories[names[series] ?? ""] ?? []).map(([second, value, quality = "good"], index) => {
      const at = second * 1_000;
      return { value, quality, at, receivedAt: at, modifiedAt: at + 500, instance: String(index) };
    });
  const asked: number[] = [];
  const fake: Pick<SeriesPort, "at" | "history"> = {
    at: async ({ part }) => spans ?? [{ series: names.indexOf(part), from: 0 }],
    async history(series, { from = Number.NEGATIVE_INFINITY, to = Number.POSITIVE_INFINITY, limit, order }) {
      asked.push(limit);
      const within = rowsOf(series).filter(({ at }) => at >= from && at < to);
      return order === "oldest-first" ? within.slice(0, limit) : within.toReversed().slice(0, limit);
    },
  };
  return { series: fake as SeriesPort, asked };
}

const field = (name: string, type: SeriesField["type"] = "double"): SeriesField => ({
  measurement: "urn:s",
  field: name,
  type,
  leaf: { collection: "submodel", document: "urn:s", part: name },
});

async function run(
  steps: string,
  histories: Readonly<Record<string, readonly Row[]>>,
  types: Readonly<Record<string, SeriesField["type"]>> = {},
  range = "range(start: 0, stop: 60)",
  dialect = plainDialect,
): Promise<string> {
  const query = parseFlux(
    `from(bucket: "b") |> ${range} |> filter(fn: (r) => r._measurement == "urn:s") ${steps}`,
    now,
  );
  const { series } = port(histories);
  const fields = Object.keys(histories).map((name) => field(name, types[name]));
  const catalog = { fields: async (name: string) => (name === "urn:s" ? fields : []), file: () => expect.fail() };
  let text = "";
  for await (const piece of annotatedCsv(await prepareFlux(query, { catalog, series }, never), query, dialect))
    text += piece;
  return text;
}

/** Time in seconds and value of each row. */
const pairs = (csv: string): readonly (readonly [number, string])[] =>
  csv
    .trim()
    .split("\r\n")
    .map((line) => line.split(","))
    .filter((cells) => cells.length > 5 && cells[1] !== "result")
    .map((cells) => [Date.parse(cells[5] ?? "") / 1_000, cells[6] ?? ""]);

describe("the served part of Flux", () => {
  it("reads ranges in every form of time", () => {
    const range = (text: string) => {
      const { from, to } = parseFlux(`from(bucket: "b") |> range(${text})`, now);
      return [from - now, to - now];
    };
    expect(range("start: -1h30m")).to.deep.equal([-5_400_000, 0]);
    expect(range("start: -2d, stop: -1d")).to.deep.equal([-172_800_000, -86_400_000]);
    expect(range("start: 2026-11-22T11:59:59.5Z, stop: now()")).to.deep.equal([-500, 0]);
    expect(range(`start: ${now / 1_000 - 5}, stop: 2026-11-22T13:00:00+01:00`)).to.deep.equal([-5_000, 0]);
  });

  it("refuses everything else with its line and column, and what would be right", () => {
    const refused = (text: string): string => {
      try {
        parseFlux(text, now);
      } catch (thrown) {
        const { code, message } = thrown as HubError;
        expect(code).to.equal("malformed");
        return message;
      }
      return expect.fail(text);
    };
    const start = 'from(bucket: "b")\n  |> range(start: -1h)';
    expect(refused(`${start}\n  |> map(fn: (r) => r)`))
      .to.contain("3:6")
      .and.to.contain("map() is not served");
    expect(refused(`${start} |> filter(fn: (r) => r._field =~ /a/)`)).to.contain("=~");
    expect(refused(`${start} |> filter(fn: (r) => r.host == "a")`)).to.contain("there is no column host");
    expect(refused(`${start} |> filter(fn: (r) => x._field == "a")`)).to.contain("is not the row");
    expect(refused(`${start} |> mean() |> sum()`)).to.contain("a second aggregation");
    expect(refused(`${start} |> range(start: -2h)`)).to.contain("a second range()");
    expect(refused(`${start} |> aggregateWindow(every: 1mo, fn: mean)`)).to.contain("mo is not served");
    expect(refused(`${start} |> aggregateWindow(every: v.windowPeriod, fn: mean)`)).to.contain("v.… has no value");
    expect(refused(`${start} |> fill(usePrevious: true)`)).to.contain("no empty windows");
    expect(refused('from(bucket: "b")')).to.contain("no range");
    expect(refused('from(bucket: "b") |> range(start: 1h)')).to.contain("empty");
    expect(refused(`import "system"\n${start}`)).to.contain("1:1");
    expect(refused(`${start} |> filter(fn: (r) => ${"(".repeat(60)}r._value > 1`)).to.contain("too deep");
    expect(refused('from(bucket: "b)')).to.contain("1:14");
    expect(refused(`${start} |> limit(n: 1.5)`)).to.contain("no count");
  });

  it("filters by value, quality and alternatives", async () => {
    const rows: readonly Row[] = [
      [1, 1],
      [2, 5],
      [3, 7, "uncertain"],
      [4, undefined, "bad"],
      [5, -2],
    ];
    const values = async (filter: string) =>
      pairs(await run(`|> filter(fn: (row) => ${filter})`, { Flow: rows })).map(([, value]) => value);
    expect(await values("row._value > 1.0 and row._value <= 7")).to.deep.equal(["5", "7"]);
    expect(await values('not (row.quality == "good")')).to.deep.equal(["7", ""]);
    expect(await values('row._value == -2 or row["quality"] == "uncertain"')).to.deep.equal(["7", "-2"]);
    expect(await values('row._value == "5"')).to.deep.equal([]);
    expect(await values("row._time >= 2 and row._time < 4")).to.deep.equal(["5", "7"]);
    expect(await values('row._field == "Other"')).to.deep.equal([]);
  });

  it("aggregates windows that begin at the epoch and are told by their end", async () => {
    const rows: readonly Row[] = [
      [1, 1],
      [9, 3],
      [10, 10],
      [25, 4],
      [25, 4, "bad"],
      [26, 100, "bad"],
    ];
    const by = async (step: string) => pairs(await run(`|> ${step}`, { Flow: rows }, {}, "range(start: 5, stop: 38)"));
    expect(await by("aggregateWindow(every: 10s, fn: mean, createEmpty: false)")).to.deep.equal([
      [10, "3"],
      [20, "10"],
      [30, "4"],
    ]);
    expect(await by("aggregateWindow(every: 10s, fn: count)")).to.deep.equal([
      [10, "1"],
      [20, "1"],
      [30, "1"],
      [38, "0"],
    ]);
    expect(await by("aggregateWindow(every: 10s, fn: sum)")).to.deep.equal([
      [10, "3"],
      [20, "10"],
      [30, "4"],
      [38, ""],
    ]);
    expect(await by("aggregateWindow(every: 1h, fn: max)")).to.deep.equal([[38, "10"]]);
    expect(await by("aggregateWindow(every: 1h, fn: median)")).to.deep.equal([[38, "4"]]);
    expect(await by("aggregateWindow(every: 1h, fn: spread)")).to.deep.equal([[38, "7"]]);
    expect(await by("last()")).to.deep.equal([[25, "4"]]);
    expect(await by("limit(n: 2, offset: 1)")).to.deep.equal([
      [10, "10"],
      [25, "4"],
    ]);
  });

  it("holds the last value over empty windows, but nothing that has turned bad", async () => {
    const step = "|> aggregateWindow(every: 10s, fn: mean) |> fill(usePrevious: true)";
    const range = "range(start: 20, stop: 60)";
    const steady = await run(
      step,
      {
        Flow: [
          [5, 7],
          [45, 9],
        ],
      },
      {},
      range,
    );
    expect(pairs(steady)).to.deep.equal([
      [30, "7"],
      [40, "7"],
      [50, "9"],
      [60, "9"],
    ]);
    const lost = await run(
      step,
      {
        Flow: [
          [5, 7],
          [31, 7, "bad"],
        ],
      },
      {},
      range,
    );
    expect(pairs(lost)).to.deep.equal([
      [30, "7"],
      [40, "7"],
      [50, ""],
      [60, ""],
    ]);
  });

  it("writes annotated CSV as clients with a dialect ask for it, with a new head where columns change", async () => {
    const dialect = { header: true, delimiter: ",", annotations: ["datatype", "group", "default"] } as const;
    const text = await run(
      '|> last() |> yield(name: "mine")',
      { Flow: [[1, 2.5]], Text: [[1, 'a "b"']], Count: [[1, 9007199254740993n]] },
      { Text: "string", Count: "long" },
      undefined,
      dialect,
    );
    const blocks = text
      .trim()
      .split("\r\n\r\n")
      .map((block) => block.split("\r\n"));
    expect(blocks.map(([datatype]) => datatype?.split(",")[6])).to.deep.equal(["double", "string", "long"]);
    expect(blocks[0]?.[2]).to.match(/^#default,mine,/);
    expect(blocks.map((block) => block.at(-1)?.split(",").slice(1, 3))).to.deep.equal([
      ["", "0"],
      ["", "1"],
      ["", "2"],
    ]);
    expect(blocks[1]?.at(-1)).to.contain(',"a ""b""",');
    expect(blocks[2]?.at(-1)).to.contain(",9007199254740993,");
  });

  it("tells what fails on the way as a table of its own", async () => {
    const broken = { rows: () => ({ [Symbol.asyncIterator]: () => ({ next: () => Promise.reject(new Error("x")) }) }) };
    const query = parseFlux('from(bucket: "b") |> range(start: -1h)', now);
    const table = { ...broken, field: field("Flow"), datatype: "double", hasTime: true, hasQuality: true } as const;
    let text = "";
    for await (const piece of annotatedCsv([table], query, plainDialect)) text += piece;
    expect(text).to.match(/^\r\n,error,reference\r\n,the hub failed: its log says why,\r\n$/);
  });
});

describe("the history of a leaf", () => {
  it("comes whole in pages, however many rows have one time", async () => {
    const many: readonly Row[] = Array.from({ length: 9_000 }, (_, index) => [index < 2 ? index : 2, index]);
    const { series, asked } = port({ Flow: many });
    const seen: Value[] = [];
    for await (const page of leafHistory(series, field("Flow").leaf, { from: 0, to: 1e9 }, never)) {
      seen.push(...page.map(({ value }) => value ?? null));
    }
    expect(seen).to.deep.equal(many.map(([, value]) => value));
    expect(Math.max(...asked)).to.be.greaterThan(8_000);
  });

  it("is that of each series for as long as it was shown", async () => {
    const histories: Readonly<Record<string, readonly Row[]>> = {
      a: [
        [1, "a1"],
        [6, "a6"],
      ],
      b: [
        [2, "b2"],
        [7, "b7"],
        [12, "b12"],
      ],
    };
    const spans = [
      { series: 0, from: 3_000, to: 5_000 },
      { series: 1, from: 5_000, to: 10_000 },
    ];
    const { series } = port(histories, spans);
    const rows = await newestRows(series, field("a").leaf, { from: 0, to: 1e6 }, 10);
    expect(rows.map(({ value }) => value)).to.deep.equal(["a1", "b7"]);
  });

  it("stops where who asked has gone", async () => {
    const gone = AbortSignal.abort();
    const { series } = port({ Flow: [[1, 1]] });
    const { code } = await leafHistory(series, field("Flow").leaf, { from: 0, to: 1e9 }, gone)
      .next()
      .then(
        () => expect.fail(),
        (error: HubError) => error,
      );
    expect(code).to.equal("aborted");
  });

  it("as CSV has a line for each time, with what every variable held then", async () => {
    const { series } = port({
      Flow: [
        [1, 1],
        [10, 2],
        [30, undefined, "bad"],
      ],
      State: [
        [10, "a,b"],
        [20, "c"],
      ],
    });
    const file = {
      range: { from: 5_000, to: 40_000 },
      time: "Time",
      fields: [field("Flow"), field("State", "string")],
    };
    let text = "";
    for await (const piece of recordsCsv(series, file, never)) text += piece;
    expect(text.split("\r\n")).to.deep.equal([
      "Time,Flow,Flow_quality,State,State_quality",
      '1970-01-01T00:00:10.000Z,2,good,"a,b",good',
      "1970-01-01T00:00:20.000Z,2,good,c,good",
      "1970-01-01T00:00:30.000Z,,bad,c,good",
      "",
    ]);
  });
});
