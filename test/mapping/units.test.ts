import { expect } from "chai";
import fc from "fast-check";
import { linear } from "../../src/mapping/units/linear.ts";
import { codeOfUnitId, unitIdOfCode } from "../../src/mapping/units/opc-ua-unit.ts";
import { conversion, findUnit, type Unit } from "../../src/mapping/units/unit.ts";
import { unitTable } from "../../src/mapping/units/unit-table.ts";

function unit(name: string): Unit {
  const found = findUnit(name);
  if (found === undefined) throw new Error(`no unit ${name}`);
  return found;
}

const converted = (value: number, from: string, to: string) => conversion(unit(from), unit(to))?.apply(value);

describe("units", () => {
  it("are well over a hundred, each code and name once, each with a factor", () => {
    const names = unitTable.flatMap(({ code, names: symbols }) => [code, ...symbols]);
    expect(unitTable.length).to.be.above(150);
    expect(names.filter((name, index) => names.indexOf(name) !== index)).to.deep.equal([]);
    for (const { code, names: symbols, factor, offset } of unitTable) {
      expect(code).to.match(/^[A-Z0-9]{2,3}$/);
      expect(symbols, code).to.not.be.empty;
      expect(factor > 0 && Number.isFinite(factor) && Number.isFinite(offset), code).to.equal(true);
    }
  });

  it("convert as the definitions say, to the digits that a person would write", () => {
    const known: readonly [number, string, number, string][] = [
      [77, "[degF]", 25, "Cel"],
      [32, "°F", 0, "°C"],
      [25, "CEL", 298.15, "KEL"],
      [36, "m3/h", 10, "l/s"],
      [1, "kWh", 3.6, "MJ"],
      [1, "bar", 100, "kPa"],
      [14, "INH", 355.6, "MMT"],
      [1, "atm", 101.325, "kPa"],
      [36, "km/h", 10, "m/s"],
      [50, "P1", 0.5, "C62"],
      [180, "deg", Math.PI, "rad"],
    ];
    for (const [value, from, expected, to] of known)
      expect(converted(value, from, to), `${from} → ${to}`).to.equal(expected);
    expect(converted(1, "bar", "psi")).to.be.closeTo(14.503773773, 1e-9);
    expect(converted(60, "rpm", "rad/s")).to.be.closeTo(2 * Math.PI, 1e-12);
  });

  it("do not convert between different things, and keep case: mW is not MW", () => {
    expect(conversion(unit("bar"), unit("CEL"))).to.equal(undefined);
    expect(unit("mW").code).to.equal("C31");
    expect(unit("MW").code).to.equal("MAW");
    expect(findUnit("furlong")).to.equal(undefined);
  });

  it("come back from any unit of their kind (property)", () => {
    const pairs = fc
      .constantFrom(...unitTable)
      .chain((from) =>
        fc
          .constantFrom(...unitTable.filter(({ dimension }) => dimension === from.dimension))
          .map((to) => [from, to] as const),
      );
    fc.assert(
      fc.property(pairs, fc.double({ min: -1e6, max: 1e6, noNaN: true }), ([from, to], value) => {
        const step = conversion(from, to);
        const back = step?.invert(step.apply(value)) ?? Number.NaN;
        // An offset costs what lies below the last digit of the larger number.
        const scale = Math.max(Math.abs(value), Math.abs(from.offset / from.factor), Math.abs(to.offset / from.factor));
        return Math.abs(back - value) <= 1e-12 * scale + 1e-200;
      }),
      { numRuns: 500 },
    );
  });

  it("scale decimals as decimals (property): n × 0.1 is the number with that digit", () => {
    fc.assert(
      fc.property(fc.integer({ min: -1_000_000, max: 1_000_000 }), fc.integer({ min: 1, max: 6 }), (count, digits) => {
        const step = linear(Number(`1e-${digits}`), 1, 0);
        return step.apply(count) === Number(`${count}e-${digits}`) && step.invert(step.apply(count)) === count;
      }),
      { numRuns: 300 },
    );
  });

  it("have OPC UA ids that are the bytes of their codes (OPC 10000-8, 5.6.3)", () => {
    expect(codeOfUnitId(4408652)).to.equal("CEL");
    expect(unitIdOfCode("CEL")).to.equal(4408652);
    for (const { code } of unitTable) expect(codeOfUnitId(unitIdOfCode(code) ?? 0)).to.equal(code);
    for (const odd of [0, -1, 1.5, 2 ** 40, 0x01020304]) expect(codeOfUnitId(odd)).to.equal(undefined);
    expect(unitIdOfCode("degC")).to.equal(undefined);
  });
});
