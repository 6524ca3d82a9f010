import { expect } from "chai";
import fc from "fast-check";
import { type AggregateMethod, Aggregation, aggregateMethods } from "../../src/core/aggregate.ts";
import { addPeriods, parsePeriod, periodsUntil } from "../../src/core/period.ts";
import type { Value } from "../../src/core/value.ts";

function aggregate(values: readonly Value[], method: AggregateMethod): Value | undefined {
  const aggregation = new Aggregation(aggregateMethods);
  for (const value of values) aggregation.add(value);
  return aggregation.result(method);
}

/** By the words of the standard, in as many passes as it takes. */
const naive: Readonly<Record<AggregateMethod, (numbers: readonly number[]) => number>> = {
  totalCount: (numbers) => numbers.length,
  distinctCount: (numbers) => new Set(numbers).size,
  sum: (numbers) => numbers.reduce((a, b) => a + b, 0),
  avg: (numbers) => naive.sum(numbers) / numbers.length,
  min: (numbers) => numbers.toSorted((a, b) => a - b)[0] ?? 0,
  max: (numbers) => numbers.toSorted((a, b) => b - a)[0] ?? 0,
  stddev: (numbers) => Math.sqrt(naive.avg(numbers.map((one) => (one - naive.avg(numbers)) ** 2))),
  sumsq: (numbers) => naive.sum(numbers.map((one) => one * one)),
};

describe("values brought together (CIM 009 4.5.19.1)", () => {
  const numbers = fc.array(fc.integer({ min: -1_000_000, max: 1_000_000 }), { minLength: 1, maxLength: 200 });

  it("numbers are what a naive reading makes of them", () => {
    fc.assert(
      fc.property(numbers, (values) => {
        for (const method of aggregateMethods) {
          const expected = naive[method](values);
          expect(aggregate(values, method), method).to.be.closeTo(expected, 1e-6 * Math.max(1, Math.abs(expected)));
        }
      }),
    );
  });

  it("texts, arrays, booleans, times and relationships have the methods of their table", () => {
    expect(aggregate(["b", "a", "B"], "min")).to.equal("B");
    expect(aggregate(["b", "a", "B"], "max")).to.equal("b");
    expect(aggregate(["b", "a"], "avg")).to.equal(undefined);
    expect(aggregate([[1], [1, 2, 3]], "avg")).to.equal(2);
    expect(aggregate([[1], [1, 2, 3]], "stddev")).to.equal(undefined);
    expect(aggregate([true, false, true], "sum")).to.equal(2);
    expect(aggregate([{ a: 1 }, { a: 1 }, { a: 2 }], "distinctCount")).to.equal(2);
    expect(aggregate([{ a: 1 }], "max")).to.equal(undefined);
    const time = (text: string) => ({ "@type": "Time", "@value": text });
    expect(aggregate([time("08:00:00Z"), time("10:00:00Z")], "avg")).to.equal("09:00:00.000Z");
    const day = (text: string) => ({ "@type": "DateTime", "@value": text });
    const days = [day("2020-01-01T00:00:00.5Z"), day("2020-01-01T00:00:00Z")];
    expect(aggregate(days, "max")).to.equal("2020-01-01T00:00:00.5Z");
    const counted = new Aggregation(["totalCount", "max"]);
    counted.add("urn:a", true);
    expect([counted.result("totalCount"), counted.result("max")]).to.deep.equal([1, undefined]);
    expect(new Aggregation(["sum"]).result("sum")).to.equal(undefined);
  });
});

describe("periods (CIM 009 4.5.19.1)", () => {
  it("durations are those of ISO 8601 with their designators, nothing else", () => {
    expect(parsePeriod("P3Y6M4DT12H30M5S")).to.deep.equal({ months: 42, ms: 4 * 86_400_000 + 45_005_000 });
    expect(parsePeriod("P2W")).to.deep.equal({ months: 0, ms: 14 * 86_400_000 });
    expect(parsePeriod("PT0S")).to.deep.equal({ months: 0, ms: 0 });
    for (const text of ["", "P", "PT", "P1DT", "1D", "P0003-06-04T12:30:05", "PT-1H", "P1H", "bogus"]) {
      expect(parsePeriod(text), text).to.equal(undefined);
    }
  });

  it("every moment lies in exactly the period that is counted for it, whatever the calendar does", () => {
    const moment = fc.integer({ min: 0, max: 4_000_000_000_000 });
    const period = fc.record({
      months: fc.integer({ min: 0, max: 30 }),
      ms: fc.integer({ min: 0, max: 86_400_000 * 40 }),
    });
    fc.assert(
      fc.property(moment, moment, period, (origin, later, length) => {
        fc.pre(length.months > 0 || length.ms > 60_000);
        const at = Math.max(origin, later);
        const index = periodsUntil(origin, length, at);
        expect(addPeriods(origin, length, index)).to.be.at.most(at);
        expect(addPeriods(origin, length, index + 1)).to.be.above(at);
      }),
    );
  });
});
