import { expect } from "chai";
import fc from "fast-check";

import { type DataType, type ModbusAddress, registersOf } from "../../../src/southbound/modbus/point-address.ts";
import { decodeRegisters, encodeRegisters } from "../../../src/southbound/modbus/registers.ts";

function point(type: DataType, more: Partial<ModbusAddress> = {}): ModbusAddress {
  return {
    table: "holding",
    address: 0,
    type,
    wordOrder: "big",
    byteOrder: "big",
    scale: 1,
    offset: 0,
    length: 0,
    bit: undefined,
    ...more,
  };
}

const hex = (text: string): Buffer => Buffer.from(text.replaceAll(" ", ""), "hex");
const orders = {
  abcd: {},
  cdab: { wordOrder: "little" },
  badc: { byteOrder: "little" },
  dcba: { wordOrder: "little", byteOrder: "little" },
} as const;

describe("modbus data types", () => {
  it("read every byte and word order of the same number", () => {
    // 123456.789 as an IEEE 754 single is 47 F1 20 65.
    const wire = { abcd: "47F1 2065", cdab: "2065 47F1", badc: "F147 6520", dcba: "6520 F147" };
    for (const [name, order] of Object.entries(orders)) {
      const raw = hex(wire[name as keyof typeof wire]);
      expect(decodeRegisters(raw, point("float32", order)), name).to.be.closeTo(123456.789, 0.01);
      expect(encodeRegisters(Math.fround(123456.789), point("float32", order)), name).to.deep.equal(raw);
    }
  });

  it("read the limits of each type", () => {
    expect(decodeRegisters(hex("8000"), point("int16"))).to.equal(-32768);
    expect(decodeRegisters(hex("8000"), point("uint16"))).to.equal(32768);
    expect(decodeRegisters(hex("FFFFFFFE"), point("int32"))).to.equal(-2);
    expect(decodeRegisters(hex("FFFFFFFE"), point("uint32"))).to.equal(4294967294);
    expect(decodeRegisters(hex("7FFFFFFFFFFFFFFF"), point("int64"))).to.equal(2n ** 63n - 1n);
    expect(decodeRegisters(hex("001FFFFFFFFFFFFF"), point("int64"))).to.equal(Number.MAX_SAFE_INTEGER);
    expect(decodeRegisters(hex("FFFFFFFFFFFFFFFF"), point("uint64"))).to.equal(2n ** 64n - 1n);
    expect(decodeRegisters(hex("7FC00000"), point("float32"))).to.be.NaN;
    expect(decodeRegisters(hex("FFF0000000000000"), point("float64"))).to.equal(Number.NEGATIVE_INFINITY);
    expect(decodeRegisters(hex("0008"), point("bool", { bit: 3 }))).to.equal(true);
    expect(decodeRegisters(hex("FFF7"), point("bool", { bit: 3 }))).to.equal(false);
  });

  it("read strings up to their end, whichever way a device fills them", () => {
    expect(decodeRegisters(hex("4142 4300"), point("string", { length: 4 }))).to.equal("ABC");
    expect(decodeRegisters(hex("4142 2020"), point("string", { length: 4 }))).to.equal("AB");
    expect(decodeRegisters(hex("4241 0043"), point("string", { length: 3, byteOrder: "little" }))).to.equal("ABC");
    expect(encodeRegisters("AB", point("string", { length: 5 }))).to.deep.equal(hex("4142 0000 0000"));
    expect(() => encodeRegisters("ABCDE", point("string", { length: 4 }))).to.throw(/room for 4/);
  });

  it("scale by powers of ten without noise, and back", () => {
    const tenth = point("int16", { scale: 0.1, offset: -40 });
    expect(decodeRegisters(hex("0003"), point("int16", { scale: 0.1 }))).to.equal(0.3);
    expect(decodeRegisters(hex("00D7"), tenth)).to.equal(-18.5);
    expect(encodeRegisters(-18.5, tenth)).to.deep.equal(hex("00D7"));
    expect(encodeRegisters(0.29, point("int16", { scale: 0.01 }))).to.deep.equal(hex("001D"));
  });

  for (const [type, value] of [
    ["uint16", -1],
    ["uint16", 65536],
    ["int16", 32768],
    ["int32", 2 ** 31],
    ["int64", 2n ** 63n],
    ["uint64", -1n],
    ["uint16", Number.NaN],
    ["int32", Number.POSITIVE_INFINITY],
    ["float32", 1e39],
    ["uint16", "7"],
    ["uint16", null],
    ["string", 7],
  ] as const) {
    it(`refuse to write ${String(value)} as ${type}`, () => {
      expect(() => encodeRegisters(value, point(type, { length: 4 })))
        .to.throw()
        .with.property("code", "invalid");
    });
  }

  it("give back what was written, in every order", () => {
    const values: fc.Arbitrary<{ type: DataType; value: number | bigint }> = fc.oneof(
      fc.integer({ min: -32768, max: 32767 }).map((value) => ({ type: "int16" as const, value })),
      fc.nat(65535).map((value) => ({ type: "uint16" as const, value })),
      fc.integer().map((value) => ({ type: "int32" as const, value })),
      fc.nat(4294967295).map((value) => ({ type: "uint32" as const, value })),
      fc.bigInt(-(2n ** 63n), 2n ** 63n - 1n).map((value) => ({ type: "int64" as const, value })),
      fc.bigInt(0n, 2n ** 64n - 1n).map((value) => ({ type: "uint64" as const, value })),
      fc.float().map((value) => ({ type: "float32" as const, value })),
      fc.double().map((value) => ({ type: "float64" as const, value })),
    );
    const property = fc.property(values, fc.constantFrom(...Object.values(orders)), ({ type, value }, order) => {
      const address = point(type, order);
      const raw = encodeRegisters(value, address);
      expect(raw.length).to.equal(registersOf(address) * 2);
      const back = decodeRegisters(raw, address);
      if (typeof value === "bigint") expect(BigInt(back as number | bigint)).to.equal(value);
      else expect(Object.is(back, value)).to.equal(true);
    });
    fc.assert(property, { numRuns: 500 });
  });
});
