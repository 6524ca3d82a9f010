import fc, { type Arbitrary } from "fast-check";
import { assetKinds, elementTypes } from "../../../src/aas/metamodel/literals.ts";
import type { ConceptDescription, Shell, Submodel, SubmodelElement } from "../../../src/aas/metamodel/types.ts";
import {
  dataSpecifications,
  elementBase,
  identifiable,
  identifier,
  langStrings,
  many,
  reference,
  semantics,
  some,
  specificAssetId,
  text,
  typed,
  uniqueBy,
  withSemantics,
  word,
} from "./arbitrary-common.ts";

/** An Environment as its JSON has it. */
export interface TestEnvironment {
  readonly assetAdministrationShells?: readonly Shell[];
  readonly submodels?: readonly Submodel[];
  readonly conceptDescriptions?: readonly ConceptDescription[];
}

/** Members of one element type beside those of all. */
function ownMembers(type: string, below: Arbitrary<readonly SubmodelElement[]>): Arbitrary<Record<string, unknown>> {
  const relation = { first: reference, second: reference };
  switch (type) {
    case "Property":
      return fc.tuple(typed, some({ valueId: reference }, [])).map(([value, rest]) => ({ ...value, ...rest }));
    case "Range":
      return some({ valueType: fc.constant("xs:long"), min: fc.constant("1"), max: fc.constant("9007199254740993") }, [
        "valueType",
      ]);
    case "MultiLanguageProperty":
      return some({ value: langStrings(300), valueId: reference }, []);
    case "Blob":
      return some({ value: fc.constantFrom("", "AAEC", "iVBORw0KGgo="), contentType: fc.constant("image/png") }, []);
    case "File":
      return some(
        {
          value: fc.constantFrom("/aasx/files/a.pdf", "file:///b%20c.pdf"),
          contentType: fc.constant("text/plain; charset=utf-8"),
        },
        [],
      );
    case "ReferenceElement":
      return some({ value: reference }, []);
    case "RelationshipElement":
      return some(relation, []);
    case "AnnotatedRelationshipElement":
      return some({ ...relation, annotations: named(elementOf(["Property", "Range", "File"], fc.constant([]))) }, []);
    case "Entity":
      return some(
        {
          statements: below,
          entityType: fc.constant("SelfManagedEntity"),
          globalAssetId: identifier,
          specificAssetIds: many(specificAssetId),
        },
        ["globalAssetId"],
      );
    case "BasicEventElement":
      return some(
        {
          observed: reference,
          direction: fc.constantFrom("input", "output"),
          state: fc.constantFrom("on", "off"),
          messageTopic: text(50),
          messageBroker: reference,
          lastUpdate: fc.constant("2026-11-22T18:30:00.5Z"),
          minInterval: fc.constant("PT1S"),
          maxInterval: fc.constant("P1DT2H"),
        },
        ["observed", "direction", "state"],
      );
    case "Operation":
      return named(elementOf(["Property", "Blob", "SubmodelElementCollection"], fc.constant([])), 3).map((all) => {
        const at = (index: number) => (all[index] === undefined ? undefined : [{ value: all[index] }]);
        const entries = [
          ["inputVariables", at(0)],
          ["outputVariables", at(1)],
          ["inoutputVariables", at(2)],
        ] as const;
        return Object.fromEntries(entries.filter(([, value]) => value !== undefined));
      });
    case "SubmodelElementCollection":
      return some({ value: below }, []).map(withoutEmpty);
    case "SubmodelElementList":
      return fc
        .record({
          orderRelevant: fc.boolean(),
          typeValueListElement: fc.constant("SubmodelElement"),
          value: below.map((items) => items.map(withoutSemantics)),
        })
        .map(withoutEmpty);
    default:
      return fc.constant({});
  }
}

/** Items of a list mean the same (AASd-107, AASd-114). */
const withoutSemantics = (item: SubmodelElement): SubmodelElement => {
  const { semanticId: _main, supplementalSemanticIds: _more, ...rest } = item;
  return rest as SubmodelElement;
};

const withoutEmpty = (one: Record<string, unknown>): Record<string, unknown> =>
  Object.fromEntries(Object.entries(one).filter(([, value]) => !Array.isArray(value) || value.length > 0));

/** Elements of these types with an idShort, each its own. */
function named(element: Arbitrary<SubmodelElement>, most = 4): Arbitrary<readonly SubmodelElement[]> {
  return fc
    .array(fc.tuple(word, element), { minLength: 1, maxLength: most })
    .map((all) => uniqueBy(all, ([idShort]) => idShort).map(([idShort, one]) => ({ ...one, idShort })));
}

function elementOf(types: readonly string[], below: Arbitrary<readonly SubmodelElement[]>): Arbitrary<SubmodelElement> {
  return fc
    .constantFrom(...types)
    .chain((type) =>
      fc
        .tuple(some<Record<string, unknown>>(elementBase, []), ownMembers(type, below))
        .map(
          ([base, own]) =>
            withoutEmpty({ modelType: type, ...withSemantics(base), ...own }) as unknown as SubmodelElement,
        ),
    );
}

const leaves = named(elementOf(elementTypes, fc.constant([])));
const elements = named(elementOf(elementTypes, leaves), 5);

const shell: Arbitrary<Shell> = some<Record<string, unknown>>(
  {
    ...identifiable,
    ...dataSpecifications,
    modelType: fc.constant("AssetAdministrationShell"),
    derivedFrom: identifier.map((value) => ({
      type: "ModelReference",
      keys: [{ type: "AssetAdministrationShell", value }],
    })),
    assetInformation: some<Record<string, unknown>>(
      {
        assetKind: fc.constantFrom(...assetKinds),
        globalAssetId: identifier,
        specificAssetIds: many(specificAssetId),
        assetType: identifier,
        defaultThumbnail: some({ path: fc.constant("/aasx/thumb.png"), contentType: fc.constant("image/png") }, [
          "path",
        ]),
      },
      ["assetKind", "globalAssetId"],
    ),
    submodels: many(identifier.map((value) => ({ type: "ModelReference", keys: [{ type: "Submodel", value }] }))),
  },
  ["id", "modelType", "assetInformation"],
) as unknown as Arbitrary<Shell>;

const submodel = some<Record<string, unknown>>(
  {
    ...identifiable,
    ...semantics,
    ...dataSpecifications,
    modelType: fc.constant("Submodel"),
    kind: fc.constant("Template"),
    qualifiers: elementBase.qualifiers,
    submodelElements: elements,
  },
  ["id", "modelType", "kind", "submodelElements"],
).map(withSemantics) as unknown as Arbitrary<Submodel>;

const concept = some<Record<string, unknown>>(
  { ...identifiable, ...dataSpecifications, modelType: fc.constant("ConceptDescription"), isCaseOf: many(reference) },
  ["id", "modelType"],
) as unknown as Arbitrary<ConceptDescription>;

const unique = <T extends { readonly id: string }>(item: Arbitrary<T>): Arbitrary<readonly T[]> =>
  many(item).map((all) => uniqueBy(all, ({ id }) => id));

/** Environments that the metamodel allows, with every class and member somewhere. */
export const arbitraryEnvironment: Arbitrary<TestEnvironment> = some<TestEnvironment>(
  {
    assetAdministrationShells: unique(shell),
    submodels: unique(submodel),
    conceptDescriptions: unique(concept),
  },
  ["submodels"],
);
