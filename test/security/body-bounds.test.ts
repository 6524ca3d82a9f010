import { expect } from "chai";
import { HubError } from "../../src/core/errors.ts";
import { TermTable } from "../../src/ngsi-ld/context/term-table.ts";
import { parseEntity } from "../../src/ngsi-ld/entity/parse-entity.ts";
import { parseBody } from "../../src/ngsi-ld/json/parse-body.ts";

const refusal = (act: () => unknown): string => {
  try {
    act();
    return "taken";
  } catch (thrown) {
    return HubError.from(thrown).code;
  }
};
const parse = (text: string) => parseBody(Buffer.from(text));

describe("An NGSI-LD body", () => {
  for (const number of ["1e999", "-1e999", "1e309"]) {
    it(`with ${number} is refused: it would be stored as null`, () => {
      expect(refusal(() => parse(`{"a":[${number}]}`))).to.equal("invalid");
    });
  }

  it("keeps the largest double and integers of any length", () => {
    expect(JSON.stringify(parse("[1.7976931348623157e308,123456789012345678901234567890]"))).to.equal(
      "[1.7976931348623157e+308,123456789012345678901234567890]",
    );
  });

  it("with U+0000 or a lone surrogate is refused wherever it stands", () => {
    for (const text of ['"a\\u0000"', '"\\ud800"', '"\\udc00x"']) {
      for (const body of [`[${text}]`, `{"a":{"b":${text}}}`, `{${text}:1}`]) {
        expect(
          refusal(() => parse(body)),
          body,
        ).to.equal("invalid");
      }
    }
  });

  it("with too many attributes is refused before it keeps others waiting", () => {
    const table = new TermTable({ terms: new Map(), prefixes: new Set() }, "http://x/");
    const entity = (count: number) => ({
      id: "urn:x:1",
      type: "T",
      ...Object.fromEntries(Array.from({ length: count }, (_, at) => [`a${at}`, { type: "Property", value: at }])),
    });
    expect(parseEntity(entity(10_000), table).attributes).to.have.length(10_000);
    expect(refusal(() => parseEntity(entity(10_001), table))).to.equal("too-large");
  });
});
