import fc, { type Arbitrary } from "fast-check";
import { iec61360Types, qualifierKinds } from "../../../src/aas/metamodel/literals.ts";
import type {
  HasDataSpecification,
  LangString,
  Qualifier,
  Reference,
  SpecificAssetId,
} from "../../../src/aas/metamodel/types.ts";

/** Every member may be missing but those named. */
export const some = <T extends object>(
  model: { [K in keyof T]: Arbitrary<T[K]> },
  required: readonly (keyof T & string)[],
) => fc.record(model, { requiredKeys: [...required] }) as Arbitrary<T>;

export const many = <T>(item: Arbitrary<T>, most = 3): Arbitrary<readonly T[]> =>
  fc.array(item, { minLength: 1, maxLength: most });

/** Text that XML may carry but has to escape, keep or normalise: AASd-130's characters. */
export const text = (max: number, min = 1): Arbitrary<string> =>
  fc
    .array(
      fc.oneof(
        fc.constantFrom(
          "<",
          ">",
          "&",
          '"',
          "'",
          "]]>",
          "&amp;",
          " ",
          "\t",
          "\n",
          "\r",
          "\r\n",
          "ä",
          "漢",
          "😀",
          "\u0085",
        ),
        fc.string({ unit: "grapheme-ascii", minLength: 1, maxLength: 4 }),
      ),
      { minLength: min, maxLength: 6 },
    )
    .map((pieces) => pieces.join("").slice(0, max))
    // A slice may cut a pair in half.
    .filter((joined) => joined.length >= min && joined.isWellFormed());

export const word = fc.stringMatching(/^[A-Za-z][A-Za-z0-9_]{1,12}$/);
export const identifier = fc.oneof(
  word.map((one) => `urn:test:${one}`),
  text(40),
);
export const languages = fc.constantFrom("de", "en", "de-AT", "zh-Hant");

export const langStrings = (max: number): Arbitrary<readonly LangString[]> =>
  many(fc.record({ language: languages, text: text(max) }));
export const englishFirst = (max: number): Arbitrary<readonly LangString[]> =>
  fc
    .tuple(text(max), fc.option(langStrings(max), { nil: [] }))
    .map(([english, others]) => [{ language: "en", text: english }, ...others]);

export const reference: Arbitrary<Reference> = fc.letrec<{ reference: Reference }>((tie) => ({
  reference: fc.oneof(
    { maxDepth: 2, withCrossShrink: true },
    some<Reference>(
      {
        type: fc.constant("ExternalReference"),
        keys: identifier.map((value) => [{ type: "GlobalReference" as const, value }]),
      },
      ["type", "keys"],
    ),
    some<Reference>(
      {
        type: fc.constant("ModelReference"),
        keys: fc.tuple(identifier, word).map(([submodel, element]) => [
          { type: "Submodel" as const, value: submodel },
          { type: "SubmodelElementList" as const, value: element },
          { type: "Property" as const, value: "0" },
        ]),
        referredSemanticId: tie("reference"),
      },
      ["type", "keys"],
    ),
  ),
})).reference;

export const typed = fc.constantFrom(
  { valueType: "xs:int", value: "-7" } as const,
  { valueType: "xs:double", value: "INF" } as const,
  { valueType: "xs:boolean", value: "1" } as const,
  { valueType: "xs:string", value: "" } as const,
  { valueType: "xs:string", value: " two\r\nlines " } as const,
  { valueType: "xs:dateTime", value: "2026-11-22T18:30:00Z" } as const,
  { valueType: "xs:base64Binary", value: "AAEC" } as const,
);

export const semantics = { semanticId: reference, supplementalSemanticIds: many(reference, 2) };
export const withSemantics = <T extends object>(one: T): T => {
  if (!("supplementalSemanticIds" in one) || "semanticId" in one) return one;
  const { supplementalSemanticIds: _alone, ...rest } = one;
  return rest as T;
};

export const uniqueBy = <T>(items: readonly T[], of: (item: T) => unknown): readonly T[] =>
  items.filter((item, index) => items.findIndex((other) => of(other) === of(item)) === index);

export const qualifier: Arbitrary<Qualifier> = fc
  .tuple(
    typed,
    some<Partial<Qualifier>>(
      { ...semantics, type: word, kind: fc.constantFrom(...qualifierKinds), valueId: reference },
      ["type"],
    ),
  )
  .map(([value, rest]) => withSemantics({ ...rest, ...value }) as Qualifier);

export const specificAssetId: Arbitrary<SpecificAssetId> = some<SpecificAssetId>(
  {
    ...semantics,
    name: text(64),
    value: identifier,
    externalSubjectId: identifier.map((value) => ({
      type: "ExternalReference",
      keys: [{ type: "GlobalReference", value }],
    })),
  },
  ["name", "value"],
).map(withSemantics);

export const content = fc
  .tuple(
    some<Record<string, unknown>>(
      {
        modelType: fc.constant("DataSpecificationIec61360"),
        preferredName: englishFirst(255),
        shortName: langStrings(18),
        unit: text(20),
        unitId: reference,
        sourceOfDefinition: text(20),
        symbol: text(5),
        dataType: fc.constantFrom(...iec61360Types),
        definition: englishFirst(100),
        valueFormat: text(20),
        levelType: fc.record({ min: fc.boolean(), nom: fc.boolean(), typ: fc.boolean(), max: fc.boolean() }),
      },
      ["modelType", "preferredName", "unit", "definition"],
    ),
    fc.option(
      fc.oneof(
        identifier.map((value) => ({ value })),
        many(some({ value: identifier, valueId: reference }, ["value"])).map((valueReferencePairs) => ({
          valueList: { valueReferencePairs },
        })),
      ),
      { nil: {} },
    ),
  )
  .map(([rest, value]) => ({ ...rest, ...value }));

const iec61360: Reference = {
  type: "ExternalReference",
  keys: [
    {
      type: "GlobalReference",
      value: "https://admin-shell.io/DataSpecificationTemplates/DataSpecificationIec61360/3",
    },
  ],
};

export const dataSpecifications = {
  embeddedDataSpecifications: many(
    fc.record({ dataSpecification: fc.constant(iec61360), dataSpecificationContent: content }),
    2,
  ) as unknown as Arbitrary<NonNullable<HasDataSpecification["embeddedDataSpecifications"]>>,
};

export const referable = {
  category: text(20),
  displayName: langStrings(128),
  description: langStrings(200),
  extensions: many(
    fc
      .tuple(typed, some<Record<string, unknown>>({ ...semantics, name: word, refersTo: many(reference, 2) }, ["name"]))
      .map(([value, rest]) => withSemantics({ ...rest, ...value })),
  ).map((all) => uniqueBy(all, (one) => ("name" in one ? one.name : undefined))),
};

export const identifiable = {
  ...referable,
  id: identifier,
  idShort: word,
  administration: some<Record<string, unknown>>(
    { ...dataSpecifications, version: fc.constantFrom("0", "12"), creator: reference, templateId: identifier },
    [],
  ),
};

export const elementBase = {
  ...referable,
  ...semantics,
  ...dataSpecifications,
  qualifiers: many(qualifier).map((all) => uniqueBy(all, (one) => one.type)),
};
