import { expect } from "chai";
import fc from "fast-check";
import { kindOf } from "../../../src/aas/import/document-kind.ts";
import { leaveOut } from "../../../src/aas/import/leave-out.ts";
import type { LooseObject } from "../../../src/aas/import/loose-object.ts";
import { mend } from "../../../src/aas/import/mend.ts";
import { MendLog } from "../../../src/aas/import/mend-log.ts";
import { JsonPlaces } from "../../../src/aas/json/json-places.ts";
import { arbitraryEnvironment } from "../support/arbitrary-environment.ts";

const lists = [
  ["assetAdministrationShells", "AssetAdministrationShell"],
  ["submodels", "Submodel"],
  ["conceptDescriptions", "ConceptDescription"],
] as const;

/** What stands somewhere in a document instead of what was there; `undefined`: nothing. */
const junk = fc.oneof(
  fc.constantFrom<unknown>(
    undefined,
    null,
    "",
    " ",
    "x",
    0,
    true,
    [],
    {},
    [null],
    [[]],
    [{}],
    { keys: 3 },
    { langStrings: null },
  ),
  fc.jsonValue(),
);

/** All members and items of a document, as owner and key. */
function places(value: unknown): readonly (readonly [Record<string, unknown>, string])[] {
  if (typeof value !== "object" || value === null) return [];
  const owner = value as Record<string, unknown>;
  return Object.keys(owner).flatMap((key) => [[owner, key] as const, ...places(owner[key])]);
}

describe("mending any document", () => {
  it("leaves one that is right, or none; what was right stays, but for white space; every note has a place", () => {
    fc.assert(
      fc.property(
        arbitraryEnvironment,
        fc.array(fc.tuple(fc.nat(), junk), { maxLength: 6 }),
        (environment, damages) => {
          for (const [list, type] of lists) {
            for (const [index, original] of (environment[list] ?? []).entries()) {
              const value = structuredClone(original) as unknown as LooseObject;
              for (const [at, what] of damages) {
                const all = places(value);
                const [owner, key] = all[at % all.length] ?? [];
                if (owner === undefined || key === undefined) continue;
                if (what === undefined) delete owner[key];
                else owner[key] = structuredClone(what);
              }
              const pointer = `/${list}/${index}`;
              const known = new JsonPlaces(value, pointer);
              const log = new MendLog((within) => known.find(value, within));
              mend(value, type, log);
              const { validate } = kindOf(type);
              if (leaveOut(value, validate, log)) validate(value);
              for (const { place } of log.mends) expect(place.startsWith(pointer), place).to.equal(true);
              if (damages.length > 0) continue;
              expect(log.mends.filter(({ rule }) => rule !== "white-space")).to.deep.equal([]);
              if (log.mends.length === 0) expect(value).to.deep.equal(original);
            }
          }
        },
      ),
      { numRuns: 15 },
    );
  });
});
