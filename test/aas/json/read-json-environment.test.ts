import { expect } from "chai";
import fc from "fast-check";
import { readJsonEnvironment } from "../../../src/aas/json/read-json-environment.ts";
import { HubError, type Problem } from "../../../src/core/errors.ts";
import { arbitraryEnvironment } from "../support/arbitrary-environment.ts";

async function* pieces(text: string, size: number): AsyncGenerator<Uint8Array> {
  const bytes = Buffer.from(text);
  for (let at = 0; at < bytes.length; at += size) yield bytes.subarray(at, at + size);
}

async function read(text: string, size = 7) {
  const found: string[] = [];
  const stray: Problem[] = [];
  for await (const { pointer, value } of readJsonEnvironment(pieces(text, size), undefined, (all) =>
    stray.push(...all),
  )) {
    found.push(`${pointer} ${JSON.stringify(value)}`);
  }
  return { found, stray: stray.map(({ place, message }) => `${place} ${message}`) };
}

describe("readJsonEnvironment", () => {
  it("cuts documents out of any text, in pieces of any size", async () => {
    await fc.assert(
      fc.asyncProperty(
        arbitraryEnvironment,
        fc.integer({ min: 1, max: 300 }),
        fc.constantFrom(0, 1, "\t"),
        async (one, size, indent) => {
          const { found, stray } = await read(JSON.stringify(one, null, indent), size);
          const wanted = Object.entries(one).flatMap(([list, items]) =>
            (items as readonly unknown[]).map((item, index) => `/${list}/${index} ${JSON.stringify(item)}`),
          );
          expect([found, stray]).to.deep.equal([wanted, []]);
        },
      ),
      { numRuns: 20 },
    );
  });

  it("names what stands beside the documents", async () => {
    const { found, stray } = await read(
      '{"submodels":[{"a":"]}\\""},3,[{}]],"assets":[{"b":1}],"conceptDescriptions":{},"x":"submodels"}',
    );
    expect(found).to.deep.equal(['/submodels/0 {"a":"]}\\""}']);
    expect(stray).to.deep.equal([
      "/submodels/1 3 is no document",
      "/submodels/2 an array is no document",
      '/assets Environment has no member "assets"',
      "/conceptDescriptions an object is no array",
      '/x Environment has no member "x"',
    ]);
  });

  for (const text of [
    "",
    "{",
    '{"submodels":[{}',
    '{"submodels":[{}}',
    '{"submodels":[{"a":1},]}',
    '{"submodels":[{"a":01}]}',
    "[]",
    "null",
    '"x"',
  ]) {
    it(`refuses ${text === "" ? "nothing" : text}`, async () => {
      const thrown = await read(text).catch((error: unknown) => error);
      expect(thrown).to.be.instanceOf(HubError);
    });
  }

  it("bounds one document", async () => {
    const long = `{"submodels":[{"a":"${"x".repeat(500)}"}]}`;
    const reading = readJsonEnvironment(pieces(long, 100), { bytes: 10_000, document: 300 });
    const thrown = await reading.next().catch((error: unknown) => error);
    expect(thrown).to.be.instanceOf(HubError).with.property("code", "too-large");
    const many = readJsonEnvironment(pieces(`{"submodels":[{"a":[${"0,".repeat(2_000_001)}0]}]}`, 65_536));
    expect(await many.next().catch((error: unknown) => error))
      .to.be.instanceOf(HubError)
      .with.property("code", "too-large");
  });
});
