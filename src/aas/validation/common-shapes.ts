import {
  assetKinds,
  iec61360Types,
  keyTypes,
  qualifierKinds,
  referenceTypes,
  xsdTypes,
} from "../metamodel/literals.ts";
import { bool, type Check, type Fields, list, needed, object, oneOf, optional, text } from "./check.ts";
import { iec61360Rules } from "./iec61360-invariants.ts";
import {
  lexicalValue,
  referenceRules,
  revisionNeedsVersion,
  specificAssetIdRules,
  supplementalNeedsSemantic,
  uniqueIn,
} from "./invariants.ts";

/** Shapes that every class of the metamodel builds on (IDTA-01001 v3.1, 5.3 "Common"). */

const unbounded = Number.POSITIVE_INFINITY;
export const identifier = text(1, 2048);
export const contentType = text(1, 128, {
  grammar:
    /^[!#$%&'*+\-.^_`|~0-9A-Za-z]+\/[!#$%&'*+\-.^_`|~0-9A-Za-z]+(?:[ \t]*;[ \t]*[!#$%&'*+\-.^_`|~0-9A-Za-z]+=(?:[!#$%&'*+\-.^_`|~0-9A-Za-z]+|"(?:[^"\\]|\\.)*"))*$/,
  expected: "a media type such as application/pdf",
});
/** A URI-reference of RFC 2396, which is what the metamodel's PathType asks for: absolute, or a path, with a fragment or not. */
const uriReference =
  /^(?:[A-Za-z][A-Za-z0-9+.-]*:(?:[\w.!~*'();/?:@&=+$,-]|%[0-9a-fA-F]{2})+|(?:\/(?:[\w.!~*'();/:@&=+$,-]|%[0-9a-fA-F]{2})*|(?:[\w.!~*'();@&=+$,-]|%[0-9a-fA-F]{2})+(?:\/(?:[\w.!~*'();/:@&=+$,-]|%[0-9a-fA-F]{2})*)?)(?:\?(?:[\w.!~*'();/?:@&=+$,-]|%[0-9a-fA-F]{2})*)?)?(?:#(?:[\w.!~*'();/?:@&=+$,-]|%[0-9a-fA-F]{2})*)?$/;
export const fileUri = text(1, 2048, {
  grammar: uriReference,
  expected: "a URI or path (RFC 2396), other characters than those of URIs as %XX",
});
export const anyText = text(0, unbounded);
export const xsdType = oneOf(xsdTypes);

const idShort = text(1, 128, {
  grammar: /^[A-Za-z][A-Za-z0-9_-]*[A-Za-z0-9_]$/,
  expected: "at least two letters, digits, - or _, a letter first and no hyphen last",
  rule: "AASd-002",
});

/** A shape may lie inside itself (a reference has a semantic id, a reference). */
export const reference: Check = (value, pointer, report) => referenceShape(value, pointer, report);

export const semantics: Fields = {
  semanticId: optional(reference),
  supplementalSemanticIds: optional(list(reference)),
};

const referenceShape = object(
  "Reference",
  {
    type: needed(oneOf(referenceTypes)),
    keys: needed(list(object("Key", { type: needed(oneOf(keyTypes)), value: needed(identifier) }))),
    referredSemanticId: optional(reference),
  },
  referenceRules,
);

/** Language-tagged texts; official templates repeat a language, so that is no problem. */
export function langStrings(longest: number): Check {
  const language = text(1, 128, {
    grammar: /^(?:[A-Za-z]{2,8}|[xXiI](?=-))(?:-[A-Za-z0-9]{1,8})*$/,
    expected: "a language tag (BCP 47) such as en or de-AT",
  });
  return list(object("LangString", { language: needed(language), text: needed(text(1, longest)) }));
}

const extension = object(
  "Extension",
  {
    ...semantics,
    name: needed(text(1, 128)),
    valueType: optional(xsdType),
    value: optional(anyText),
    refersTo: optional(list(reference)),
  },
  lexicalValue("valueType", ["value"], undefined, "xs:string"),
  supplementalNeedsSemantic,
);

const extensions: Check = (value, pointer, report) => {
  list(extension)(value, pointer, report);
  uniqueIn("name", "the extension's name", "AASd-077")(value, pointer, report);
};

const qualifier = object(
  "Qualifier",
  {
    ...semantics,
    kind: optional(oneOf(qualifierKinds)),
    type: needed(text(1, 128)),
    valueType: needed(xsdType),
    value: optional(anyText),
    valueId: optional(reference),
  },
  lexicalValue("valueType", ["value"], "AASd-020"),
  supplementalNeedsSemantic,
);

export const qualifiers: Check = (value, pointer, report) => {
  list(qualifier)(value, pointer, report);
  uniqueIn("type", "the qualifier's type", "AASd-021")(value, pointer, report);
};

const levelType = object("LevelType", {
  min: needed(bool),
  nom: needed(bool),
  typ: needed(bool),
  max: needed(bool),
});

const iec61360 = object(
  "DataSpecificationIec61360",
  {
    modelType: needed(oneOf(["DataSpecificationIec61360"])),
    preferredName: needed(langStrings(255)),
    shortName: optional(langStrings(18)),
    unit: optional(text(1, unbounded)),
    unitId: optional(reference),
    sourceOfDefinition: optional(text(1, unbounded)),
    symbol: optional(text(1, unbounded)),
    dataType: optional(oneOf(iec61360Types)),
    definition: optional(langStrings(1023)),
    valueFormat: optional(text(1, unbounded)),
    valueList: optional(
      object("ValueList", {
        valueReferencePairs: needed(
          list(object("ValueReferencePair", { value: needed(identifier), valueId: optional(reference) })),
        ),
      }),
    ),
    value: optional(identifier),
    levelType: optional(levelType),
  },
  iec61360Rules,
);

export const dataSpecifications: Fields = {
  embeddedDataSpecifications: optional(
    list(
      object("EmbeddedDataSpecification", {
        dataSpecification: needed(reference),
        dataSpecificationContent: needed(iec61360),
      }),
    ),
  ),
};

export const referable: Fields = {
  category: optional(text(1, 128)),
  idShort: optional(idShort),
  displayName: optional(langStrings(128)),
  description: optional(langStrings(1023)),
  extensions: optional(extensions),
};

const version = text(1, 4, { grammar: /^(?:0|[1-9][0-9]*)$/, expected: "a whole number without leading zeros" });

export const identifiable: Fields = {
  ...referable,
  id: needed(identifier),
  administration: optional(
    object(
      "AdministrativeInformation",
      {
        ...dataSpecifications,
        version: optional(version),
        revision: optional(version),
        creator: optional(reference),
        templateId: optional(identifier),
      },
      revisionNeedsVersion,
    ),
  ),
};

export const specificAssetIds = list(
  object(
    "SpecificAssetId",
    {
      ...semantics,
      name: needed(text(1, 64)),
      value: needed(identifier),
      externalSubjectId: optional(reference),
    },
    specificAssetIdRules,
    supplementalNeedsSemantic,
  ),
);

export const assetKind = oneOf(assetKinds);
