import { expect } from "chai";
import fc from "fast-check";
import type { Variant } from "node-opcua-client";
import { HubError } from "../../../src/core/errors.ts";
import type { Value } from "../../../src/core/value.ts";
import { BuiltIn, decodeVariant } from "../../../src/southbound/opcua/decode.ts";
import { encodeValue } from "../../../src/southbound/opcua/encode.ts";

const variant = (dataType: number, value: unknown, arrayType = 0, dimensions: number[] | null = null) =>
  ({ dataType, arrayType, value, dimensions }) as unknown as Variant;

const through = (value: Value, dataType: number): Value => {
  const parts = encodeValue(value, dataType);
  return decodeVariant(variant(parts.dataType, parts.value, parts.arrayType));
};

describe("opcua values", () => {
  it("carries every 64-bit integer exactly, as a number where that is exact", () => {
    fc.assert(
      fc.property(fc.bigInt(-(2n ** 63n), 2n ** 63n - 1n), (value) => {
        const back = through(value, BuiltIn.Int64);
        expect(BigInt(back as bigint)).to.equal(value);
        expect(typeof back).to.equal(Number.isSafeInteger(Number(value)) ? "number" : "bigint");
      }),
    );
    fc.assert(
      fc.property(fc.bigInt(0n, 2n ** 64n - 1n), (value) => {
        expect(BigInt(through(value, BuiltIn.UInt64) as bigint)).to.equal(value);
      }),
    );
  });

  it("takes integers in the range of the type and nothing else", () => {
    const ranges: [number, bigint, bigint][] = [
      [BuiltIn.SByte, -128n, 127n],
      [BuiltIn.Byte, 0n, 255n],
      [BuiltIn.Int16, -32_768n, 32_767n],
      [BuiltIn.UInt16, 0n, 65_535n],
      [BuiltIn.Int32, -(2n ** 31n), 2n ** 31n - 1n],
      [BuiltIn.UInt32, 0n, 2n ** 32n - 1n],
      [BuiltIn.Int64, -(2n ** 63n), 2n ** 63n - 1n],
      [BuiltIn.UInt64, 0n, 2n ** 64n - 1n],
    ];
    for (const [type, low, high] of ranges) {
      for (const bound of [low, high]) expect(BigInt(through(bound, type) as bigint)).to.equal(bound);
      for (const beyond of [low - 1n, high + 1n]) expect(() => encodeValue(beyond, type)).to.throw(HubError, "from");
      for (const odd of [0.5, Number.NaN, "1", true, null])
        expect(() => encodeValue(odd, type)).to.throw(HubError, "whole");
    }
  });

  it("keeps NaN and infinities, and refuses what a Float cannot hold", () => {
    expect(through(Number.NaN, BuiltIn.Double)).to.be.NaN;
    expect(through(Number.NEGATIVE_INFINITY, BuiltIn.Float)).to.equal(Number.NEGATIVE_INFINITY);
    expect(() => encodeValue(3.5e38, BuiltIn.Float)).to.throw(HubError, "Float");
    expect(() => encodeValue(2n ** 53n + 1n, BuiltIn.Double)).to.throw(HubError, "a number");
  });

  it("nests a matrix by its dimensions, typed arrays too", () => {
    const matrix = variant(BuiltIn.Double, Float64Array.from([1, 2, 3, 4, 5, 6]), 2, [2, 3]);
    expect(decodeVariant(matrix)).to.deep.equal([
      [1, 2, 3],
      [4, 5, 6],
    ]);
    const cube = variant(BuiltIn.Int32, Int32Array.from([1, 2, 3, 4]), 2, [1, 2, 2]);
    expect(decodeVariant(cube)).to.deep.equal([
      [
        [1, 2],
        [3, 4],
      ],
    ]);
  });

  it("shows structures as plain objects, without the library's own members", () => {
    const structure = {
      schema: { name: "Setpoint" },
      low: 1,
      name: { text: "Druck", locale: "de" },
      tag: { namespaceIndex: 3, name: "P1" },
      at: new Date("2026-01-02T03:04:05Z"),
      raw: Buffer.from([1, 2]),
      trend: Float32Array.from([0.5, 1]),
      inner: [{ on: true }],
      nothing: undefined,
      toString: () => "",
    };
    expect(decodeVariant(variant(BuiltIn.ExtensionObject, structure))).to.deep.equal({
      low: 1,
      name: "Druck",
      tag: "P1",
      at: "2026-01-02T03:04:05.000Z",
      raw: "AQI=",
      trend: [0.5, 1],
      inner: [{ on: true }],
      nothing: null,
    });
  });

  it("ends in a structure that contains itself", () => {
    const loop: Record<string, unknown> = { depth: 0 };
    loop.self = loop;
    expect(decodeVariant(variant(BuiltIn.ExtensionObject, loop))).to.have.nested.property("self.self.depth", 0);
  });

  it("takes times, octets and GUIDs in their one text form", () => {
    expect(through("2026-11-22T10:00:00.123Z", BuiltIn.DateTime)).to.equal("2026-11-22T10:00:00.123Z");
    for (const odd of ["22.11.2026", "2026-13-01T00:00:00Z", 0]) {
      expect(() => encodeValue(odd, BuiltIn.DateTime)).to.throw(HubError, "a time");
    }
    expect(through("AP8=", BuiltIn.ByteString)).to.equal("AP8=");
    expect(() => encodeValue("not base64!", BuiltIn.ByteString)).to.throw(HubError, "base64");
    expect(() => encodeValue("1-2-3", BuiltIn.Guid)).to.throw(HubError, "a GUID");
    expect(() => encodeValue("x", BuiltIn.NodeId)).to.throw(HubError, "cannot be written");
  });
});
