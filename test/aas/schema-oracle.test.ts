import { existsSync, readFileSync } from "node:fs";
import { Ajv2019 } from "ajv/dist/2019.js";
import { expect } from "chai";
import fc from "fast-check";
import { validateConcept, validateShell, validateSubmodel } from "../../src/aas/validation/validate.ts";
import { HubError } from "../../src/core/errors.ts";
import { testShell, testSubmodel } from "../northbound/aas/all-elements.ts";
import { concept } from "./constraint-examples.ts";

const schemaFile = new URL("../../../shared/specs/aas/aas.schema.json", import.meta.url);

type Json = string | number | boolean | null | readonly Json[] | { readonly [member: string]: Json };

const rich = {
  ...testSubmodel(1),
  kind: "Instance",
  category: "c",
  administration: {
    version: "1",
    revision: "2",
    creator: { type: "ExternalReference", keys: [{ type: "GlobalReference", value: "me" }] },
  },
  qualifiers: [{ kind: "ValueQualifier", type: "q", valueType: "xs:int", value: "1" }],
  extensions: [{ name: "e", valueType: "xs:boolean", value: "true" }],
  displayName: [{ language: "en", text: "name" }],
  description: [{ language: "de-AT", text: "text" }],
};

const bodies: readonly (readonly [definition: string, body: object, validate: (body: unknown) => unknown])[] = [
  ["Submodel", rich, validateSubmodel],
  ["AssetAdministrationShell", testShell(1, [1, 2]), validateShell],
  [
    "ConceptDescription",
    concept({
      dataType: "REAL_MEASURE",
      unit: "bar",
      levelType: { min: true, nom: false, typ: false, max: true },
      valueList: { valueReferencePairs: [{ value: "1" }] },
    }),
    validateConcept,
  ],
];

/** Where something stands in a body. */
type Path = readonly (string | number)[];

function pathsOf(value: Json, path: Path = []): readonly Path[] {
  if (typeof value !== "object" || value === null) return [path];
  const below = Array.isArray(value) ? value.map((item, index) => [index, item] as const) : Object.entries(value);
  return [path, ...below.flatMap(([step, child]) => pathsOf(child as Json, [...path, step]))];
}

/** The body with what stands at a path replaced, or taken away (`undefined`). */
function changed(value: Json, [step, ...rest]: Path, next: Json | undefined): Json {
  if (step === undefined) return next ?? null;
  if (Array.isArray(value)) {
    return value.flatMap((item: Json, index) => {
      if (index !== step) return [item];
      return rest.length === 0 && next === undefined ? [] : [changed(item, rest, next)];
    });
  }
  return Object.fromEntries(
    Object.entries(value as { readonly [member: string]: Json }).flatMap(([key, child]) => {
      if (key !== step) return [[key, child]];
      return rest.length === 0 && next === undefined ? [] : [[key, changed(child, rest, next)]];
    }),
  );
}

const strange: fc.Arbitrary<Json | undefined> = fc.oneof(
  fc.constant(undefined),
  fc.constantFrom<Json>(null, "", " ", 0, -1.5, true, [], {}, [{}], [[]], "\u0000", "x".repeat(3000), "Property"),
  fc.constantFrom<Json>(
    "SubmodelElement",
    "GlobalReference",
    "ModelReference",
    "xs:int",
    "xs:nothing",
    "9a",
    "a",
    "a-",
  ),
  fc.string().map((text) => text as Json),
);

describe("IDTA's JSON schema as oracle", () => {
  const ajv = new Ajv2019({ strict: false, validateFormats: false });

  before(function () {
    if (!existsSync(schemaFile)) {
      console.warn("skipped: ../shared/specs/aas/aas.schema.json is not here");
      return this.skip();
    }
    ajv.addSchema(JSON.parse(readFileSync(schemaFile, "utf8")), "aas");
  });

  for (const [definition, body, validate] of bodies) {
    const plain = JSON.parse(JSON.stringify(body)) as Json;
    const paths = pathsOf(plain).slice(1);
    const accepts = (value: Json): boolean => {
      try {
        validate(value);
        return true;
      } catch (error) {
        if (error instanceof HubError && error.code === "invalid") return false;
        throw error;
      }
    };

    it(`nothing is taken for a ${definition} that it refuses, wherever it is changed`, () => {
      const check = ajv.getSchema(`aas#/definitions/${definition}`);
      if (check === undefined) throw new Error(`no definition ${definition}`);
      expect([check(plain), accepts(plain)]).to.deep.equal([true, true]);
      let refused = 0;
      fc.assert(
        fc.property(fc.constantFrom(...paths), strange, (path, next) => {
          const mutant = changed(plain, path, next);
          if (check(mutant)) return;
          refused += 1;
          expect(accepts(mutant), `${path.join("/")} = ${JSON.stringify(next)?.slice(0, 100)}`).to.equal(false);
        }),
        { numRuns: 400 },
      );
      expect(refused).to.be.greaterThan(100);
    });
  }
});
