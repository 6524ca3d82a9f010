import { expect } from "chai";
import fc from "fast-check";
import { compileEvaluation } from "../../../src/aas/query/evaluate-condition.ts";
import { parseQuery } from "../../../src/aas/query/parse-query.ts";
import { type AasRoom, openAasRoom } from "../../northbound/aas/aas-room.ts";
import { naiveQuery, type World } from "./naive-query.ts";
import { silentScope } from "./query-room.ts";

const names = ["A1", "B1", "C1"] as const;
const texts = ["x", "xy", "7", "12", "true", "0"] as const;

const semanticId = fc.constantFrom(...["s1", "s2"]).map((value) => ({
  type: "ExternalReference",
  keys: [
    { type: "GlobalReference", value },
    { type: "FragmentReference", value: `${value}-end` },
  ],
}));
const optional = <T>(name: string, value: fc.Arbitrary<T>) =>
  fc.option(value, { nil: undefined }).map((one) => (one === undefined ? {} : { [name]: one }));

const leaf = fc.oneof(
  fc.tuple(fc.constantFrom(...texts), optional("semanticId", semanticId)).map(([value, more]) => ({
    modelType: "Property",
    valueType: /^\d+$/.test(value) ? "xs:int" : "xs:string",
    value,
    ...more,
  })),
  fc.constant({ modelType: "Property", valueType: "xs:string" }),
  fc.tuple(fc.constantFrom(...texts), fc.boolean()).map(([text, alone]) => ({
    modelType: "MultiLanguageProperty",
    value: [{ language: "de", text }, ...(alone ? [] : [{ language: "en", text: "x" }])],
  })),
);

const named = (elements: fc.Arbitrary<object>) =>
  fc
    .uniqueArray(fc.tuple(fc.constantFrom(...names), elements), {
      minLength: 1,
      maxLength: 3,
      selector: ([name]) => name,
    })
    .map((pairs) => pairs.map(([idShort, element]) => ({ ...element, idShort })));
const collection = named(leaf).map((value) => ({ modelType: "SubmodelElementCollection", value }));
const items = fc.array(collection, { minLength: 1, maxLength: 3 }).map((value) => ({
  modelType: "SubmodelElementList",
  typeValueListElement: "SubmodelElementCollection",
  value,
}));
const elements = named(fc.oneof(leaf, collection, items));

const submodels = fc.array(
  fc.tuple(elements, optional("idShort", fc.constantFrom(...names)), optional("semanticId", semanticId)),
  { minLength: 1, maxLength: 4 },
);
const shells = fc.array(
  fc.tuple(
    optional("idShort", fc.constantFrom(...names)),
    fc.array(fc.tuple(fc.constantFrom("n1", "n2"), fc.constantFrom("v1", "v2")), { maxLength: 3 }),
    fc.subarray([0, 1, 2, 3]),
  ),
  { minLength: 1, maxLength: 3 },
);

const smeField = fc.constantFrom(
  ...["A1", "B1", "A1.B1", "B1[].A1", "B1[0].A1", "C1[].B1", "A1[].C1"].map((path) => `$sme.${path}#value`),
  "$sme#value",
  "$sme#idShort",
  "$sme#semanticId",
  "$sme.A1#semanticId.keys[].value",
  "$sme.A1#valueType",
  "$sme.B1#language",
  "$sme.B1[]#idShort",
);
const smField = fc.constantFrom("$sm#idShort", "$sm#semanticId", "$sm#semanticId.keys[1].value", "$sm#id");
const aasField = fc.constantFrom(
  "$aas#idShort",
  "$aas#submodels",
  "$aas#assetInformation.assetKind",
  "$aas#assetInformation.specificAssetIds[].name",
  "$aas#assetInformation.specificAssetIds[].value",
  "$aas#assetInformation.specificAssetIds[1].value",
);
const field = fc.oneof({ weight: 3, arbitrary: smeField }, smField, aasField).map(($field) => ({ $field }));
const text = fc.oneof(
  fc.constantFrom("x", "n1", "v1", "n2", "v2", "s1", "s1-end", "A1"),
  fc.constantFrom(...texts, ...names, "urn:sm:0", "Instance", "de"),
);
const constant = fc.oneof(
  { weight: 4, arbitrary: text.map(($strVal) => ({ $strVal })) },
  { weight: 2, arbitrary: fc.constantFrom(7, 12, 0, 8.5).map(($numVal) => ({ $numVal })) },
);

const compared = (left: fc.Arbitrary<object>): fc.Arbitrary<object> =>
  fc.oneof(
    {
      weight: 4,
      arbitrary: fc
        .tuple(fc.constantFrom("$eq", "$eq", "$ne", "$gt", "$ge", "$lt", "$le"), left, constant)
        .map(([operator, one, other]) => ({ [operator]: [one, other] })),
    },
    fc
      .tuple(fc.constantFrom("$contains", "$starts-with", "$ends-with", "$regex"), left, text)
      .map(([operator, one, $strVal]) => ({ [operator]: [one, { $strVal }] })),
  );
/** Members of a $match lead through one list. */
const lists = [
  ["$sme#value", "$sme#idShort", "$sme#semanticId", "$sme#semanticId.keys[].value", "$sm#idShort"],
  ["$sme.B1[].A1#value", "$sme.B1[].B1#value", "$sme.B1[].A1#semanticId", "$sm#semanticId"],
  ["$aas#assetInformation.specificAssetIds[].name", "$aas#assetInformation.specificAssetIds[].value"],
];
const matched = (of: readonly (readonly string[])[]) =>
  fc.constantFrom(...of).chain((fields) => {
    const comparison = compared(fc.constantFrom(...fields).map(($field) => ({ $field })));
    const flat = fc.array(comparison, { minLength: 1, maxLength: 3 }).map(($match) => ({ $match }));
    const nested = fc.array(fc.oneof({ weight: 2, arbitrary: comparison }, flat), { minLength: 1, maxLength: 3 });
    return fc.oneof(
      { weight: 2, arbitrary: flat },
      nested.map(($match) => ({ $match })),
    );
  });

/** @param uncertain fields that may hold no boolean; none where another document stands between: that is told apart less */
function conditions(
  fields: fc.Arbitrary<object>,
  of: readonly (readonly string[])[],
  uncertain: fc.Arbitrary<string> | undefined,
): fc.Arbitrary<object> {
  const fieldToField = fc
    .tuple(fc.constantFrom("$eq", "$ne", "$le", "$gt"), fields, fields)
    .map(([operator, one, other]) => ({ [operator]: [one, other] }));
  const certain = fc.oneof({ weight: 4, arbitrary: compared(fields) }, fieldToField, {
    weight: 2,
    arbitrary: matched(of),
  });
  const cast =
    uncertain && fc.tuple(uncertain, fc.boolean()).map(([$field, $boolean]) => ({ $eq: [{ $field }, { $boolean }] }));
  const simple: fc.Arbitrary<object> = cast === undefined ? certain : fc.oneof({ weight: 6, arbitrary: certain }, cast);
  return fc.letrec<{ any: object }>((tie) => ({
    any: fc.oneof(
      { maxDepth: 3, depthSize: "small" },
      { weight: 3, arbitrary: simple },
      fc.array(tie("any"), { minLength: 2, maxLength: 3 }).map(($and) => ({ $and })),
      fc.array(tie("any"), { minLength: 2, maxLength: 3 }).map(($or) => ({ $or })),
      tie("any").map(($not) => ({ $not })),
    ),
  })).any;
}
const ofSubmodels = conditions(field, lists, fc.constantFrom("$sme.A1#value", "$sme.B1[].A1#value", "$sm#idShort"));
const ofShells = conditions(field, lists, undefined);

const descriptors = fc.array(
  fc.record(
    {
      idShort: fc.constantFrom(...names),
      assetKind: fc.constantFrom("Instance", "Type"),
      specificAssetIds: fc.array(
        fc.record({
          name: fc.constantFrom("n1", "n2"),
          value: fc.constantFrom("v1", "v2"),
          externalSubjectId: semanticId,
        }),
        { maxLength: 3 },
      ),
      submodelDescriptors: fc.array(fc.record({ id: fc.constantFrom(...texts), semanticId }, { requiredKeys: ["id"] })),
    },
    { requiredKeys: [] },
  ),
);
const descriptorLists = [
  ["idShort", "assetKind", "submodelDescriptors.id", "submodelDescriptors[0].semanticId"],
  ["specificAssetIds[].name", "specificAssetIds[].value", "specificAssetIds[].externalSubjectId.keys[].value"],
  ["submodelDescriptors[].id", "submodelDescriptors[].semanticId", "submodelDescriptors[].semanticId.keys[].value"],
].map((paths) => paths.map((path) => `$aasdesc#${path}`));

const world = fc.record({ shells, submodels });

function documentsOf(drawn: typeof world extends fc.Arbitrary<infer T> ? T : never): World {
  return {
    submodels: drawn.submodels.map(([submodelElements, ...more], index) => ({
      modelType: "Submodel",
      id: `urn:sm:${index}`,
      ...Object.assign({}, ...more),
      submodelElements,
    })),
    shells: drawn.shells.map(([idShort, assetIds, refers], index) => ({
      modelType: "AssetAdministrationShell",
      id: `urn:aas:${index}`,
      ...idShort,
      assetInformation: {
        assetKind: "Instance",
        globalAssetId: `urn:asset:${index}`,
        ...(assetIds.length === 0 ? {} : { specificAssetIds: assetIds.map(([name, value]) => ({ name, value })) }),
      },
      ...(refers.length === 0
        ? {}
        : {
            submodels: refers.map((at) => ({
              type: "ModelReference",
              keys: [{ type: "Submodel", value: `urn:sm:${at}` }],
            })),
          }),
    })),
  };
}

describe("AAS queries and brute force agree", function () {
  this.timeout(60_000);
  let room: AasRoom;
  before(async () => (room = await openAasRoom()));
  after(async () => await room.close());

  async function replaceAll({ shells: wantedShells, submodels: wantedSubmodels }: World): Promise<void> {
    for (const [collection, service] of [
      ["shell", room.services.shells],
      ["submodel", room.services.submodels],
    ] as const) {
      const { items } = await room.store.documents.list(collection, undefined, { limit: 100 });
      for (const { id } of items) await service.delete(silentScope, id, undefined);
    }
    for (const submodel of wantedSubmodels) await room.services.submodels.create(silentScope, submodel);
    for (const shell of wantedShells) await room.services.shells.create(silentScope, shell);
  }

  const idOf = (document: unknown): string => (document as { readonly id: string }).id;
  const runs = { seed: 4, numRuns: 12, endOnFailure: true };
  const queries = { minLength: 40, maxLength: 40 };

  it("over random descriptors, which are judged without the store", () => {
    const [plain = [], ...listed] = descriptorLists;
    const condition$ = conditions(
      fc.constantFrom(...descriptorLists.flat()).map(($field) => ({ $field })),
      listed,
      fc.constantFrom("$aasdesc#idShort", ...plain),
    );
    const patterns = (pattern: string) => (one: string) => new RegExp(pattern, "u").test(one);
    fc.assert(
      fc.property(descriptors, condition$, (documents, $condition) => {
        const { condition: parsed } = parseQuery({ $condition }, "shellDescriptor");
        const passes = compileEvaluation(parsed, patterns);
        const nothing = { shells: [], submodels: [] };
        const wanted = documents.map((document) => naiveQuery($condition, document, "$aasdesc", nothing));
        expect(
          documents.map((document) => passes(document)),
          JSON.stringify($condition),
        ).to.deep.equal(wanted);
      }),
      { seed: 4, numRuns: 500 },
    );
  });

  it("over random shells, submodels and conditions", async () => {
    const drawn = fc.tuple(world, fc.array(ofSubmodels, queries), fc.array(ofShells, queries));
    await fc.assert(
      fc.asyncProperty(drawn, async ([one, submodelQueries, shellQueries]) => {
        const all = documentsOf(one);
        await replaceAll(all);
        const page = { limit: 100 };
        const shownWorld = JSON.stringify(all);
        for (const $condition of submodelQueries) {
          const { items } = await room.services.query.submodels({ $condition }, page);
          const wanted = all.submodels.filter((document) => naiveQuery($condition, document, "$sm", all) === true);
          expect(
            items.map(({ id }) => id),
            `${JSON.stringify($condition)} over ${shownWorld}`,
          ).to.deep.equal(wanted.map(idOf));
        }
        for (const $condition of shellQueries) {
          const { items } = await room.services.query.shells({ $condition }, page);
          const wanted = all.shells.filter((document) => naiveQuery($condition, document, "$aas", all) === true);
          expect(
            items.map(({ id }) => id),
            `${JSON.stringify($condition)} over ${shownWorld}`,
          ).to.deep.equal(wanted.map(idOf));
        }
      }),
      runs,
    );
  });
});
