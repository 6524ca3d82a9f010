import { expect } from "chai";
import fc from "fast-check";
import type { Value, ValueType } from "../../src/core/value.ts";
import { coercer } from "../../src/mapping/coerce.ts";
import { transformOf } from "../../src/mapping/transform.ts";
import { linear } from "../../src/mapping/units/linear.ts";
import { conversion, findUnit } from "../../src/mapping/units/unit.ts";
import { ValueProblem } from "../../src/mapping/value-problem.ts";

const refused = (type: ValueType, value: Value): string => {
  try {
    return `taken: ${String(coercer(type)(value))}`;
  } catch (error) {
    if (error instanceof ValueProblem) return error.message;
    throw error;
  }
};

describe("values as a type", () => {
  const taken: readonly [ValueType, Value, Value][] = [
    ["byte", -128, -128],
    ["unsignedShort", 65_535, 65_535],
    ["int", 5n, 5],
    ["long", 9007199254740993n, 9007199254740993n],
    ["unsignedLong", 18446744073709551615n, 18446744073709551615n],
    ["integer", 10n ** 30n, 10n ** 30n],
    ["float", 0.1, 0.10000000149011612],
    ["float", Number.NaN, Number.NaN],
    ["double", Number.NEGATIVE_INFINITY, Number.NEGATIVE_INFINITY],
    ["boolean", 1, true],
    ["boolean", 0n, false],
    ["string", "12.50", "12.50"],
    ["string", 7, "7"],
    ["dateTime", "2026-11-22T09:30:00+01:00", "2026-11-22T08:30:00.000Z"],
    ["dateTime", "2026-11-22T08:30:00.123456Z", "2026-11-22T08:30:00.123456Z"],
    ["date", "2026-11-22", "2026-11-22"],
    ["duration", "PT1H30M", "PT1H30M"],
    ["base64Binary", "AQID", "AQID"],
    ["json", null, null],
  ];
  for (const [type, value, expected] of taken) {
    it(`${type}: ${String(value)}`, () => {
      expect(coercer(type)(value)).to.deep.equal(expected);
    });
  }

  const wrong: readonly [ValueType, Value, RegExp][] = [
    ["byte", 128, /128 is no byte: -128 to 127/],
    ["unsignedInt", -1, /0 to 4294967295/],
    ["long", 2n ** 63n, /9223372036854775808 is no long/],
    ["int", 1.5, /whole number/],
    ["int", Number.NaN, /NaN is no int/],
    ["int", Number.POSITIVE_INFINITY, /Infinity is no int/],
    ["double", "1.5", /the text "1.5" is no double: .*double\(value\)/],
    ["double", true, /value \? 1 : 0/],
    ["double", null, /null is no double/],
    ["float", 1e39, /3\.4028235e38/],
    ["decimal", Number.NaN, /finite/],
    ["boolean", "true", /the text "true" is no boolean/],
    ["boolean", 2, /2 is no boolean/],
    ["string", { a: 1 }, /a structure is no string/],
    ["dateTime", "2026-11-22T08:30:00", /with its zone/],
    ["dateTime", "2026-13-22T08:30:00Z", /with its zone/],
    ["base64Binary", "AQI", /base64/],
    ["duration", "P", /PT1H30M/],
  ];
  for (const [type, value, message] of wrong) {
    it(`${type}: not ${String(value)}`, () => {
      expect(refused(type, value)).to.match(message);
    });
  }

  it("a string that looks like a number stays a string (property)", () => {
    fc.assert(
      fc.property(
        fc.oneof(fc.double(), fc.integer()),
        (number) => coercer("string")(String(number)) === String(number),
      ),
    );
  });
});

describe("a transform", () => {
  const fahrenheit = findUnit("FAH");
  const celsius = findUnit("CEL");
  const unit = fahrenheit && celsius ? conversion(fahrenheit, celsius) : undefined;

  it("is undone by its encode (property)", () => {
    const transform = transformOf({
      expression: undefined,
      inverse: undefined,
      scale: linear(0.1, 1, -40),
      unit,
      type: "double",
      rawType: undefined,
    });
    fc.assert(
      fc.property(fc.double({ min: -1e6, max: 1e6, noNaN: true }), (value) => {
        const back = transform.decode(transform.encode(value));
        return typeof back === "number" && Math.abs(back - value) <= 1e-9 * Math.max(1, Math.abs(value));
      }),
    );
  });

  it("sends whole steps to a device that counts, and refuses what does not fit there", () => {
    const scaled = transformOf({
      expression: undefined,
      inverse: undefined,
      scale: linear(0.1, 1, 0),
      unit: undefined,
      type: "double",
      rawType: "unsignedShort",
    });
    expect(scaled.encode(23.46)).to.equal(235);
    expect(() => scaled.encode(7000)).to.throw(ValueProblem, "70000 is no unsignedShort: 0 to 65535");
  });
});
