import { expect } from "chai";
import { compileComparison, type Ordering } from "../../src/core/comparison.ts";
import { type Conversion, convert, type TypedValue } from "../../src/core/typed-value.ts";

const text = (value: string): TypedValue => ({ type: "string", value });
const number = (value: number): TypedValue => ({ type: "number", value });
const cast = (value: TypedValue, ...to: readonly Conversion[]): unknown => {
  const result = to.reduce<TypedValue | undefined>((one, next) => one && convert(one, next), value);
  if (result === undefined) return undefined;
  return "value" in result ? result.value : "digits" in result ? result.digits : result.at;
};

describe("values that queries compare", () => {
  it("are numbers by the lexical form of xs:double, NaN else", () => {
    for (const [written, value] of [
      [" 12 ", 12],
      ["+.5e1", 5],
      ["-INF", Number.NEGATIVE_INFINITY],
      ["", Number.NaN],
      ["0x10", Number.NaN],
      ["1_000", Number.NaN],
    ] as const) {
      expect(cast(text(written), "number"), written).to.deep.equal(value);
    }
    expect(cast({ type: "boolean", value: true }, "number")).to.equal(1);
    expect(cast(text("16#FF"), "hex", "number")).to.equal(255);
  });

  it("are moments with or without a zone, on days that there are", () => {
    const noon = Date.UTC(2026, 10, 22, 12);
    for (const written of [
      "2026-11-22T12:00:00Z",
      "2026-11-22T12:00",
      "2026-11-22T14:00:00+02:00",
      "2026-11-2212:00",
    ]) {
      expect(cast(text(written), "moment"), written).to.equal(noon);
    }
    expect(cast(text("2026-11-22t11:59:60z"), "moment")).to.equal(noon);
    expect(cast(text("2026-11-22"), "moment")).to.equal(noon - 12 * 3_600_000);
    expect(cast(text("2026-11-22T24:00:00Z"), "moment")).to.equal(noon + 12 * 3_600_000);
    expect(cast(text("2026-11-22T12:00:00.250Z"), "moment")).to.equal(noon + 250);
    for (const written of ["2026-02-30T00:00:00Z", "2026-11-22T25:00:00Z", "2026-13-01", "noon", "2026-11-22T12:60"]) {
      expect(cast(text(written), "moment"), written).to.equal(undefined);
    }
  });

  it("tell their day, month and year in the zone that they are written in", () => {
    const late = text("2026-12-31T23:30:00-05:00");
    const parts = ["day-of-week", "day-of-month", "month", "year"] as const;
    expect(parts.map((part) => cast(late, "moment", part))).to.deep.equal([4, 31, 12, 2026]);
    expect(cast(text("2026-11-22T00:00:00Z"), "moment", "day-of-week")).to.equal(7);
    expect(cast(late, "moment", "time", "string")).to.equal("23:30:00-05:00");
    expect(cast(late, "moment", "string")).to.equal("2026-12-31T23:30:00-05:00");
  });

  it("are cast from one type to another, or not at all", () => {
    expect(cast(text("1"), "boolean")).to.equal(true);
    expect(cast(text("yes"), "boolean")).to.equal(undefined);
    expect(cast(number(255), "hex", "string")).to.equal("FF");
    expect(cast(number(-1), "hex")).to.equal(undefined);
    expect(cast(number(1), "moment")).to.equal(undefined);
    expect(cast(number(Number.NaN), "string")).to.equal("NaN");
    expect(cast(text("08:15"), "time", "string")).to.equal("08:15:00Z");
  });

  it("are compared within their type: text by code points, hexadecimal digits as numbers", () => {
    const holds = (left: TypedValue, operator: Ordering, right: TypedValue): boolean | undefined => {
      const side = (value: TypedValue) => ({ kind: "constant", value }) as const;
      return compileComparison({ operator, left: side(left), right: side(right) }, () => undefined)([], []);
    };
    const hex = (digits: string): TypedValue => convert(text(digits), "hex") ?? text("");
    expect(holds(hex("16#0100"), ">", hex("FF"))).to.equal(true);
    expect(holds(hex("00ff"), "=", hex("16#FF"))).to.equal(true);
    expect(holds(text("\u{1f600}"), ">", text("\uffee")), "code points, not code units").to.equal(true);
    expect(holds(text("ab"), "<", text("abc"))).to.equal(true);
    expect(holds(number(13), "=", text("13"))).to.equal(false);
    expect(holds(number(13), "<>", text("13"))).to.equal(true);
    expect(holds(number(Number.NaN), "<>", number(1))).to.equal(true);
    expect(holds(number(Number.NaN), ">=", number(Number.NaN))).to.equal(false);
  });
});
