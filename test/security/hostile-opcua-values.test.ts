import { expect } from "chai";
import { DataType, type DataValue, StatusCodes, VariantArrayType } from "node-opcua-client";
import { toReading } from "../../src/southbound/opcua/decode.ts";

const readingOf = (parts: object) =>
  toReading("plant", "tag", { statusCode: StatusCodes.Good, ...parts } as unknown as DataValue, 0);

describe("Values of a hostile OPC UA server", () => {
  it("in more dimensions than anybody can walk are a bad reading", () => {
    const value = { dataType: DataType.Double, arrayType: VariantArrayType.Matrix, value: new Float64Array(1) };
    const reading = readingOf({ value: { ...value, dimensions: Array(100_000).fill(1) } });
    expect(reading).to.deep.include({ value: null, quality: "bad", code: "BadEncodingLimitsExceeded" });
    expect(readingOf({ value: { ...value, dimensions: [1, 1, 1] } })).to.deep.include({ value: [[[0]]] });
  });

  it("within one another without an end are cut", () => {
    let value: object = { dataType: DataType.Double, arrayType: VariantArrayType.Scalar, value: 1 };
    for (let depth = 0; depth < 100_000; depth += 1) {
      value = { dataType: DataType.Variant, arrayType: VariantArrayType.Array, value: [value] };
    }
    expect(JSON.stringify(readingOf({ value }).value)).to.have.length.lessThan(100);
  });

  it("with members called like JavaScript's own are data", () => {
    const body = JSON.parse('{"__proto__":{"polluted":1},"constructor":2}');
    const value = { dataType: DataType.ExtensionObject, arrayType: VariantArrayType.Scalar, value: body };
    readingOf({ value });
    expect(Object.hasOwn(Object.prototype, "polluted")).to.equal(false);
  });
});
