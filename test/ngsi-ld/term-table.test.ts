import { expect } from "chai";
import fc from "fast-check";
import jsonld from "jsonld";
import { TermDefiner } from "../../src/ngsi-ld/context/define-terms.ts";
import { TermTable } from "../../src/ngsi-ld/context/term-table.ts";
import type { JsonObject } from "../../src/ngsi-ld/json/json.ts";

const VOCAB = "https://vocab.example/";

function tableOf(context: JsonObject): TermTable {
  const definer = new TermDefiner();
  definer.add(context);
  return new TermTable(definer, definer.vocab ?? VOCAB);
}

const name = fc.stringMatching(/^[a-z][a-z0-9]{0,4}$/);
const iri = fc
  .constantFrom("https://a.example/", "https://a.example/x#", "https://b.example/y/", "urn:c:")
  .chain((base) => name.map((rest) => base + rest));
const prefixed = fc.constantFrom("p", "q", "r").chain((prefix) => name.map((rest) => `${prefix}:${rest}`));
const definition = fc.oneof(
  iri,
  prefixed,
  iri.map((id) => ({ "@id": id })),
  prefixed.map((id) => ({ "@id": id, "@type": "@id" })),
);
const context = fc
  .dictionary(
    name.filter((term) => !["p", "q", "r"].includes(term)),
    definition,
    { maxKeys: 6 },
  )
  .map(
    (terms): JsonObject => ({
      p: "https://p.example/",
      q: "https://a.example/x#",
      r: { "@id": "https://r.example/", "@prefix": true },
      ...terms,
      "@vocab": VOCAB,
    }),
  );

/** The oracle: what the jsonld package makes of one property name. */
async function oracleExpand(written: JsonObject, term: string): Promise<string | undefined> {
  const document = { "@context": written, [term]: { "@value": 1 } } as unknown as jsonld.JsonLdDocument;
  const [node] = (await jsonld.expand(document)) as readonly Record<string, unknown>[];
  return Object.keys(node ?? {})[0];
}

describe("Term tables of contexts, beside the jsonld package (5.5.7)", () => {
  it("expand names as jsonld does", async () => {
    await fc.assert(
      fc.asyncProperty(context, fc.oneof(name, prefixed), async (written, extra) => {
        const table = tableOf(written);
        for (const term of [extra, ...Object.keys(written).filter((key) => !key.startsWith("@"))]) {
          expect(table.expand(term), term).to.equal(await oracleExpand(written, term));
        }
      }),
      { numRuns: 60 },
    );
  });

  it("compact names as jsonld does for terms without coercion, and to what expands to the same name", async () => {
    await fc.assert(
      fc.asyncProperty(
        context,
        fc.oneof(
          iri,
          name.map((rest) => VOCAB + rest),
        ),
        async (written, property) => {
          const table = tableOf(written);
          const compacted = table.compact(property);
          expect(table.expand(compacted)).to.equal(property);
          const coerced = Object.values(written).some(
            (value) => typeof value === "object" && value !== null && "@type" in value,
          );
          if (coerced) return;
          const document = { [property]: [{ "@value": 1 }] } as unknown as jsonld.JsonLdDocument;
          const { "@context": _context, ...node } = await jsonld.compact(
            document,
            written as unknown as jsonld.ContextDefinition,
          );
          expect(compacted).to.equal(Object.keys(node)[0]);
        },
      ),
      { numRuns: 60 },
    );
  });

  it("refuses cycles, scoped contexts and reversed terms", () => {
    for (const wrong of [
      { a: "b:x", b: "a:y" },
      { a: { "@id": "urn:a", "@context": {} } },
      { a: { "@reverse": "urn:a" } },
    ]) {
      expect(() => tableOf(wrong)).to.throw(/@context is not usable/);
    }
  });
});
