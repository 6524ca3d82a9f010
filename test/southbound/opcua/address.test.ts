import { expect } from "chai";
import fc from "fast-check";
import {
  formatAddress,
  type NodeAddress,
  opcuaAddresses,
  parseAddress,
} from "../../../src/southbound/opcua/address.ts";

const parse = (from: unknown, base?: string) => opcuaAddresses.parse(from, base);

describe("opcua addresses", () => {
  const BASE = "Objects/Line1/Press1";
  const cases: [from: unknown, base: string | undefined, tag: string][] = [
    ["Process/Temp", BASE, "Objects/Line1/Press1/Process/Temp"],
    [".", BASE, BASE],
    ["Objects/Line2/Temp", BASE, "Objects/Line2/Temp"],
    ["./Objects/Temp", BASE, "Objects/Line1/Press1/Objects/Temp"],
    ["/Objects/Line1/Temp", undefined, "Objects/Line1/Temp"],
    ["Process/Temp", "nsu=http://a.example/x;s=Press1", "nsu=http://a.example/x;s=Press1#/Process/Temp"],
    ["nsu=http://a.example/x;s=Press1#/Process/Temp", BASE, "nsu=http://a.example/x;s=Press1#/Process/Temp"],
    ["nsu=http://a.example/x;Temp", BASE, "Objects/Line1/Press1/nsu=http://a.example/x;Temp"],
    ["nsu=http://a.example/x;s=a/b;c=d", undefined, "nsu=http://a.example/x;s=a/b;c=d"],
    ["i=2258", undefined, "i=2258"],
    ["ns=0;i=2258", undefined, "i=2258"],
    ["nsu=http://opcfoundation.org/UA/;i=2258", undefined, "i=2258"],
    ["a&/b/c", "Objects", "Objects/a&/b/c"],
    ["nsu=http://a.example/x;s=P#/&./Temp", undefined, "nsu=http://a.example/x;s=P#/&./Temp"],
    [{ node: "nsu=http://a.example/x;s=P", path: "Temp" }, undefined, "nsu=http://a.example/x;s=P#/Temp"],
    [{ path: "Temp" }, BASE, "Objects/Line1/Press1/Temp"],
  ];
  for (const [from, base, tag] of cases) {
    it(`${JSON.stringify(from)} below ${base ?? "nothing"} is ${tag}`, () => {
      expect(parse(from, base)).to.deep.equal({ tag });
    });
  }

  const wrong: [from: unknown, expected: string][] = [
    ["ns=2;s=Press1.Temp", "nsu=<URI of namespace 2>;s=Press1.Temp"],
    ["s=Press1.Temp", "nsu=<namespace URI>;s=Press1.Temp"],
    ["Process/Temp", "Objects/…/Process/Temp, or a forEach"],
    ["i=5000000000", "i=<0 to 4294967295>; a text id is written s=<id>"],
    ["nsu=http://a.example;g=12", "g=<8-4-4-4-12 hex digits>"],
    ["Objects//Temp", "names with one / between them"],
    ["", "Process/Temp, nsu=<namespace URI>;s=<id>, or ."],
    [42, "a text such as Process/Temp, or an object with node and path"],
  ];
  for (const [from, expected] of wrong) {
    it(`${JSON.stringify(from)} is a problem that says what would be right`, () => {
      const parsed = parse(from);
      expect(parsed).to.have.nested.property("problem.expected", expected);
    });
  }

  it("writes every address so that it reads back the same", () => {
    const name = fc.string({ minLength: 1, maxLength: 8, unit: fc.constantFrom(..."aé&/#=;.:* inskg1") });
    const namespace = fc.constantFrom("http://a.example/x", "urn:acme:press#1");
    const step = fc.oneof(fc.record({ name }), fc.record({ namespace, name }));
    const address: fc.Arbitrary<NodeAddress> = fc.oneof(
      fc.array(step, { minLength: 0, maxLength: 3 }).map((path) => ({ path: [{ name: "Objects" }, ...path] })),
      fc
        .record({ namespace, id: name, path: fc.array(step, { maxLength: 3 }) })
        .map(({ namespace, id, path }) => ({ node: { namespace, kind: "s" as const, id }, path })),
    );
    fc.assert(
      fc.property(address, (one) => {
        const text = formatAddress(one);
        expect(parseAddress(text)).to.deep.equal(one);
        expect(parse(text)).to.deep.equal({ tag: text });
      }),
    );
  });
});
