import { expect } from "chai";
import type { Connection } from "../../../src/southbound/contract.ts";
import { requireForeign } from "../../support/foreign-server.ts";
import { Bench, type Collector, never, refusal } from "./harness.ts";
import { PlantServer } from "./plant-server.ts";

const PRESS = "nsu=http://acme.example/press;s=";

describe("opcua on asyncua", () => {
  const bench = new Bench();
  let plant: PlantServer;
  let connection: Connection;
  let sink: Collector;

  before(async function () {
    this.timeout(20_000);
    plant = await PlantServer.start(requireForeign(this, "asyncua"));
    await (await import("../../../src/southbound/opcua/library.ts")).loadLibrary();
  });

  beforeEach(async () => {
    ({ connection, sink } = await bench.connect({ endpoint: plant.endpoint, security: "None" }));
  });

  afterEach(() => bench.clear());
  after(() => plant?.kill());

  async function watch(...tags: string[]): Promise<void> {
    const problems = await connection.subscribe(
      tags.map((tag) => ({ tag })),
      never,
    );
    expect(problems).to.deep.equal([]);
    await sink.until(() => tags.every((tag) => sink.latest(tag) !== undefined));
  }

  it("takes every kind of value as it is", async () => {
    const expected: Record<string, unknown> = {
      NotANumber: Number.NaN,
      Infinite: Number.POSITIVE_INFINITY,
      Null: null,
      Big: 2n ** 63n - 1n,
      Small: -(2n ** 63n),
      Exact: -7,
      Unsigned: 2n ** 64n - 1n,
      Digits: "0042",
      Flags: [true, false],
      Curve: [1, 2.5, 4],
      Counters: [1, 2n ** 60n],
      Text: "Hallo",
      Octets: "AP8=",
      When: "2026-01-02T03:04:05.000Z",
      Byte: 7,
      Float: 1.5,
      Structure: { low: 1, high: 2 },
    };
    await watch(...Object.keys(expected).map((name) => `Objects/Odd/${name}`));
    for (const [name, value] of Object.entries(expected)) {
      const reading = sink.latest(`Objects/Odd/${name}`);
      expect(reading?.value, name).to.deep.equal(value);
      expect(reading?.quality, name).to.equal("good");
    }
  });

  it("finds a node by id, by path, and by a path below an id", async () => {
    const tags = ["Objects/Line1/Press1/Process/Temp", `${PRESS}Press1.Temp`, `${PRESS}Press1#/Process/Temp`];
    await watch(...tags);
    for (const tag of tags) expect(sink.latest(tag)?.value).to.equal(21.5);
  });

  it("tells changes with quality, code and the source's time, future times too", async () => {
    const tag = "Objects/Line1/Press2/Process/Temp";
    await watch(tag);
    const before = Date.now();
    await plant.do({ do: "set", node: "Press2.Temp", value: 99.5, status: "BadSensorFailure", offset: 3_600 });
    await sink.until(() => sink.latest(tag)?.quality === "bad");
    const bad = sink.latest(tag);
    expect(bad).to.include({ quality: "bad", code: "BadSensorFailure" });
    expect(bad?.sourceTime).to.be.greaterThan(before + 3_500_000);
    await plant.do({ do: "set", node: "Press2.Temp", value: 22, status: "UncertainLastUsableValue" });
    await sink.until(() => sink.latest(tag)?.value === 22);
    expect(sink.latest(tag)).to.include({ quality: "uncertain", code: "UncertainLastUsableValue" });
    await plant.do({ do: "set", node: "Press2.Temp", value: 23 });
    await sink.until(() => sink.latest(tag)?.value === 23);
    expect(sink.latest(tag)?.quality).to.equal("good");
    expect(sink.latest(tag)).not.to.have.property("code");
  });

  it("isolates bad nodes, each with its reason", async () => {
    const problems = await connection.subscribe(
      [
        { tag: "Objects/Line1/Press1/Process/Temp" },
        { tag: "Objects/Line1/Press9/Process/Temp" },
        { tag: `${PRESS}Nothing` },
        { tag: "nsu=http://nowhere.example;s=x" },
      ],
      never,
    );
    expect(problems.map(({ tag, error }) => [tag, error.code])).to.deep.equal([
      ["Objects/Line1/Press9/Process/Temp", "not-found"],
      ["nsu=http://nowhere.example;s=x", "not-found"],
      [`${PRESS}Nothing`, "not-found"],
    ]);
    expect(problems[0]?.error.message).to.contain("Press9").and.to.contain("Objects/Line1");
    await sink.until(() => sink.latest("Objects/Line1/Press1/Process/Temp") !== undefined);
  });

  it("takes a node that appears later, and says that one is gone", async () => {
    const tag = "Objects/Odd/Many/late";
    const first = await connection.subscribe([{ tag }], never);
    expect(first.map(({ error }) => error.code)).to.deep.equal(["not-found"]);
    await plant.do({ do: "add", node: "late", value: 5 });
    await watch(tag);
    expect(sink.latest(tag)?.value).to.equal(5);
    await plant.do({ do: "delete", node: "late" });
    const [gone] = await connection.read([tag], never);
    expect(gone).to.include({ value: null, quality: "bad", code: "BadNodeIdUnknown" });
  });

  it("sends no more of a point that was given up", async () => {
    const temp = "Objects/Line1/Press1/Process/Temp";
    const set = "Objects/Line1/Press1/Process/Set";
    await watch(temp, set);
    await connection.unsubscribe([temp]);
    const before = sink.readings.filter(({ tag }) => tag === temp).length;
    await plant.do({ do: "set", node: "Press1.Temp", value: 50 });
    await plant.do({ do: "set", node: "Press1.Set", value: 51 });
    await sink.until(() => sink.latest(set)?.value === 51);
    expect(sink.readings.filter(({ tag }) => tag === temp)).to.have.length(before);
  });

  it("writes exactly, in the node's own type", async () => {
    const written: [string, string, bigint | number | string | boolean[] | bigint[], unknown][] = [
      ["Big", "Odd.Big", 2n ** 62n + 1n, 2n ** 62n + 1n],
      ["Exact", "Odd.Exact", -9, -9],
      ["Unsigned", "Odd.Unsigned", 2n ** 64n - 2n, 2n ** 64n - 2n],
      ["Digits", "Odd.Digits", "007", "007"],
      ["Byte", "Odd.Byte", 255, 255],
      ["Float", "Odd.Float", 2.25, 2.25],
      ["Flags", "Odd.Flags", [false, true, true], [false, true, true]],
      ["Counters", "Odd.Counters", [2n ** 63n], [2n ** 63n]],
      ["Text", "Odd.Text", "Tschüs", "Tschüs"],
      ["When", "Odd.When", "2026-05-06T07:08:09.123Z", "2026-05-06T07:08:09.123Z"],
      ["Octets", "Odd.Octets", "AQID", "AQID"],
    ];
    for (const [name, , value] of written) await connection.write(`Objects/Odd/${name}`, value, never);
    const readings = await connection.read(
      written.map(([name]) => `Objects/Odd/${name}`),
      never,
    );
    written.forEach(([name, , , expected], index) => {
      expect(readings[index]?.value, name).to.deep.equal(expected);
    });
  });

  it("refuses what does not fit, before the device is asked", async () => {
    const cases: [string, number | string | boolean | number[] | null][] = [
      ["Byte", 256],
      ["Byte", -1],
      ["Byte", 1.5],
      ["Big", 1e300],
      ["Float", 1e300],
      ["Digits", 42],
      ["Flags", true],
      ["When", "yesterday"],
      ["Exact", null],
    ];
    for (const [name, value] of cases) {
      const error = await refusal(connection.write(`Objects/Odd/${name}`, value, never));
      expect(error.code, `${name} = ${value}`).to.equal("invalid");
    }
  });

  it("passes on what the device refuses, with its code", async () => {
    const error = await refusal(connection.write("Objects/Odd/Locked", 2, never));
    expect(error.code).to.equal("device-refused");
    expect(error.message).to.match(/BadNotWritable|BadUserAccessDenied/);
    expect((await refusal(connection.write("Objects/Odd/Gone", 2, never))).code).to.equal("not-found");
  });

  it("browses a pattern: addresses to subscribe to, fields of the identification", async () => {
    const found = await connection.browse("Objects/Line1/Press*", 10, never);
    expect(found).to.deep.equal([
      {
        address: "Objects/Line1/Press1",
        name: "Press1",
        path: "Objects/Line1/Press1",
        kind: "folder",
        fields: { SerialNumber: "SN-1" },
      },
      {
        address: "Objects/Line1/Press2",
        name: "Press2",
        path: "Objects/Line1/Press2",
        kind: "folder",
        fields: { SerialNumber: "SN-2" },
      },
    ]);
    expect(await connection.browse("Objects/Line1/Press*", 1, never)).to.have.length(1);
    expect(await connection.browse("Objects/Nowhere/*", 10, never)).to.deep.equal([]);
  });

  it("knows type, unit, range and access of its points", async () => {
    const [temp] = await connection.browse("Objects/Line1/*1/Process/T*p", 10, never);
    expect(temp).to.include({ kind: "variable", valueType: "double", unit: "CEL", writable: true });
    const tags = ["Objects/Line1/Press1/Process/Temp", "Objects/Odd/Locked", "Objects/Odd/Curve", "Objects/Odd/Gone"];
    const facts = await connection.facts(tags, never);
    expect(facts.get("Objects/Line1/Press1/Process/Temp")).to.deep.equal({
      valueType: "double",
      writable: true,
      unit: "CEL",
      range: { low: 0, high: 200 },
    });
    expect(facts.get("Objects/Odd/Locked")).to.deep.equal({ valueType: "double", writable: false });
    expect(facts.get("Objects/Odd/Curve")?.valueType).to.equal("json");
    expect(facts.has("Objects/Odd/Gone")).to.equal(false);
  });

  it("takes no more while the hub holds back, and loses nothing of it", async () => {
    const tag = "Objects/Line1/Press1/Process/Temp";
    await watch(tag);
    const hold = Promise.withResolvers<void>();
    sink.hold = hold.promise;
    for (const value of [1_001, 1_002, 1_003, 1_004]) {
      await plant.do({ do: "set", node: "Press1.Temp", value });
      await sink.until(() => sink.latest(tag)?.value === value);
    }
    for (const value of [1_005, 1_006, 1_007, 1_008]) await plant.do({ do: "set", node: "Press1.Temp", value });
    expect((await connection.read([tag], never))[0]?.value, "the server has it").to.equal(1_008);
    expect(sink.latest(tag)?.value, "but may not send it").to.equal(1_004);
    sink.hold = undefined;
    hold.resolve();
    await sink.until(() => sink.latest(tag)?.value === 1_008);
    const seen = sink.readings.filter((reading) => reading.tag === tag && Number(reading.value) > 1_000);
    expect(seen.map(({ value }) => value)).to.deep.equal([1, 2, 3, 4, 5, 6, 7, 8].map((value) => 1_000 + value));
  });

  it("gives signs of life although nothing changes", async () => {
    const before = sink.alives;
    await sink.until(() => sink.alives >= before + 2);
  });

  it("says nothing after close, and settles lost without a reason", async () => {
    await connection.close();
    expect(await connection.lost).to.equal(undefined);
  });
});
