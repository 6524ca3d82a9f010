import { expect } from "chai";
import fc from "fast-check";
import {
  type AddressDefaults,
  modbusAddresses,
  modbusTag,
  parseModbusAddress,
} from "../../../src/southbound/modbus/address.ts";
import { dataTypes, isBitTable, type ModbusAddress, tables } from "../../../src/southbound/modbus/point-address.ts";

const big: AddressDefaults = { wordOrder: "big", byteOrder: "big", maxRegisters: 125 };
const syntax = modbusAddresses(big);
const tagOf = (from: unknown, base?: string): unknown => {
  const parsed = syntax.parse(from, base);
  return "tag" in parsed ? parsed.tag : parsed.problem.message;
};

describe("modbus addresses", () => {
  it("have one canonical text, however they are written", () => {
    expect(tagOf("holding:100:float32:little")).to.equal("holding:100:float32:cdab");
    expect(tagOf("holding:100:cdab:float32")).to.equal("holding:100:float32:cdab");
    expect(tagOf({ table: "holding", address: 100, type: "float32", wordOrder: "little" })).to.equal(
      "holding:100:float32:cdab",
    );
    expect(tagOf("holding:30")).to.equal("holding:30:uint16");
    expect(tagOf("input:30:scale=1e-1:int16:offset=-40")).to.equal("input:30:int16:scale=0.1:offset=-40");
    expect(tagOf("coil:3:bool")).to.equal("coil:3");
    expect(tagOf("holding:7:bit=3")).to.equal("holding:7:bool:bit=3");
  });

  it("stand below a base, where the base says the table and where to start", () => {
    expect(tagOf("+4:float32", "holding:200")).to.equal("holding:204:float32");
    expect(tagOf({ address: 4, type: "float32" }, "holding:200")).to.equal("holding:204:float32");
    expect(tagOf("input:1", "holding:200")).to.equal("input:1:uint16");
    expect(tagOf("+4")).to.match(/no base/);
    expect(tagOf("+4", "plant/p1")).to.match(/is none for Modbus/);
  });

  it("leave out what the connection says anyway", () => {
    const little: AddressDefaults = { ...big, wordOrder: "little" };
    expect(modbusAddresses(little).parse("holding:1:int32")).to.include({ tag: "holding:1:int32" });
    expect(modbusAddresses(little).parse("holding:1:int32:abcd")).to.include({ tag: "holding:1:int32:abcd" });
  });

  it("know what may be written", () => {
    for (const [text, writable] of [
      ["holding:1", true],
      ["coil:1", true],
      ["input:1", false],
      ["discrete:1", false],
      ["holding:1:bit=0", false],
    ] as const) {
      expect(syntax.parse(text), text).to.include({ writable });
    }
  });

  for (const [wrong, why] of [
    ["register:1", /no table "register"/],
    ["holding:70000", /no register address/],
    ["holding:x", /no register address/],
    ["holding:1:float16", /"float16" is not understood/],
    ["holding:65535:float32", /beyond address 65535/],
    ["coil:1:uint16", /one bit/],
    ["holding:1:bool", /know its bit/],
    ["holding:1:uint16:bit=2", /a bit is a bool/],
    ["holding:1:string", /length/],
    ["holding:1:string:length=4:scale=2", /cannot be scaled/],
    ["holding:1:scale=0", /leaves nothing/],
    ["holding:1:bit=16", /bit/],
    [{ table: "holding" }, /address/],
  ] as const) {
    it(`refuse ${JSON.stringify(wrong)}, saying why`, () => {
      expect(tagOf(wrong)).to.match(why);
    });
  }

  it("refuse a value that one request cannot read", () => {
    const few: AddressDefaults = { ...big, maxRegisters: 2 };
    expect(parseModbusAddress("holding:1:float64", few))
      .to.have.nested.property("problem.message")
      .that.matches(/4 registers/);
  });

  it("come back from their canonical text as they were, under any defaults", () => {
    const order = fc.constantFrom("big" as const, "little" as const);
    const object = fc.record(
      {
        table: fc.constantFrom(...tables),
        address: fc.nat(65_535),
        type: fc.constantFrom(...dataTypes),
        wordOrder: order,
        byteOrder: order,
        scale: fc.double({ noNaN: true, noDefaultInfinity: true, min: -1e6, max: 1e6 }),
        offset: fc.double({ noNaN: true, noDefaultInfinity: true, min: -1e6, max: 1e6 }),
        length: fc.integer({ min: 1, max: 250 }),
        bit: fc.nat(15),
      },
      { requiredKeys: ["table", "address"] },
    );
    let valid = 0;
    const property = fc.property(object, order, order, (from, wordOrder, byteOrder) => {
      const defaults = { ...big, wordOrder, byteOrder };
      const address = parseModbusAddress(from, defaults);
      if ("problem" in address) return;
      valid += 1;
      const again = parseModbusAddress(modbusTag(address, defaults), defaults);
      expect(meaning(again)).to.deep.equal(meaning(address));
    });
    fc.assert(property, { numRuns: 2000 });
    expect(valid).to.be.above(50);
  });
});

/** Order and length mean nothing to one bit, nor a length to a number. */
function meaning(parsed: ReturnType<typeof parseModbusAddress>): unknown {
  if ("problem" in parsed) return parsed;
  const { wordOrder, byteOrder, ...rest }: ModbusAddress = parsed;
  const orders = isBitTable(parsed.table) ? {} : { wordOrder, byteOrder };
  // -0 and 0 are written alike.
  return { ...rest, ...orders, offset: rest.offset + 0, length: rest.type === "string" ? rest.length : 0 };
}
