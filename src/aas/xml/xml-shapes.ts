import { type ElementType, elementTypes } from "../metamodel/literals.ts";

/** The classes of the metamodel that stand in an Environment. */
export type ClassName =
  | IdentifiableClass
  | ElementType
  | "AdministrativeInformation"
  | "AssetInformation"
  | "DataSpecificationIec61360"
  | "EmbeddedDataSpecification"
  | "Extension"
  | "Key"
  | "LangString"
  | "LevelType"
  | "OperationVariable"
  | "Qualifier"
  | "Reference"
  | "Resource"
  | "SpecificAssetId"
  | "ValueList"
  | "ValueReferencePair";

/** How one member of a class stands in XML (IDTA-01001 v3.1, "XML": an element a member, in the order of the schema). */
export type MemberShape =
  | { readonly kind: "text" }
  /** base64, in which XML lets white space stand. */
  | { readonly kind: "bytes" }
  | { readonly kind: "flag" }
  | { readonly kind: "object"; readonly of: ClassName }
  /** An element that wraps items, all of one name and class. */
  | { readonly kind: "list"; readonly item: string; readonly of: ClassName }
  /** An element that wraps items named after their classes. */
  | { readonly kind: "choices"; readonly of: Choice }
  /** An element that wraps one item, named after its class. */
  | { readonly kind: "choice"; readonly of: Choice };

export type Choice = "elements" | "contents";
export type Members = Readonly<Record<string, MemberShape>>;

const text: MemberShape = { kind: "text" };
const flag: MemberShape = { kind: "flag" };
const reference: MemberShape = { kind: "object", of: "Reference" };
const references: MemberShape = { kind: "list", item: "reference", of: "Reference" };
const elements: MemberShape = { kind: "choices", of: "elements" };
const variables: MemberShape = { kind: "list", item: "operationVariable", of: "OperationVariable" };
const specificAssetIds: MemberShape = { kind: "list", item: "specificAssetId", of: "SpecificAssetId" };
const langStrings = (item: string): MemberShape => ({ kind: "list", item, of: "LangString" });

const dataSpecifications = {
  embeddedDataSpecifications: { kind: "list", item: "embeddedDataSpecification", of: "EmbeddedDataSpecification" },
} as const;
const semantics = { semanticId: reference, supplementalSemanticIds: references } as const;
const qualifiable = { qualifiers: { kind: "list", item: "qualifier", of: "Qualifier" } } as const;
const referable = {
  extensions: { kind: "list", item: "extension", of: "Extension" },
  category: text,
  idShort: text,
  displayName: langStrings("langStringNameType"),
  description: langStrings("langStringTextType"),
} as const;
const identifiable = {
  ...referable,
  administration: { kind: "object", of: "AdministrativeInformation" },
  id: text,
} as const;
const element = { ...referable, ...semantics, ...qualifiable, ...dataSpecifications } as const;
const relationship = { ...element, first: reference, second: reference } as const;

/** The members of each class, in the order of the official XML schema. */
export const classMembers: Readonly<Record<ClassName, Members>> = {
  AssetAdministrationShell: {
    ...identifiable,
    ...dataSpecifications,
    derivedFrom: reference,
    assetInformation: { kind: "object", of: "AssetInformation" },
    submodels: references,
  },
  Submodel: {
    ...identifiable,
    kind: text,
    ...semantics,
    ...qualifiable,
    ...dataSpecifications,
    submodelElements: elements,
  },
  ConceptDescription: { ...identifiable, ...dataSpecifications, isCaseOf: references },
  AdministrativeInformation: {
    ...dataSpecifications,
    version: text,
    revision: text,
    creator: reference,
    templateId: text,
  },
  AssetInformation: {
    assetKind: text,
    globalAssetId: text,
    specificAssetIds,
    assetType: text,
    defaultThumbnail: { kind: "object", of: "Resource" },
  },
  Resource: { path: text, contentType: text },
  SpecificAssetId: { ...semantics, name: text, value: text, externalSubjectId: reference },
  Extension: { ...semantics, name: text, valueType: text, value: text, refersTo: references },
  Qualifier: { ...semantics, kind: text, type: text, valueType: text, value: text, valueId: reference },
  Reference: { type: text, referredSemanticId: reference, keys: { kind: "list", item: "key", of: "Key" } },
  Key: { type: text, value: text },
  LangString: { language: text, text },
  EmbeddedDataSpecification: {
    dataSpecification: reference,
    dataSpecificationContent: { kind: "choice", of: "contents" },
  },
  DataSpecificationIec61360: {
    preferredName: langStrings("langStringPreferredNameTypeIec61360"),
    shortName: langStrings("langStringShortNameTypeIec61360"),
    unit: text,
    unitId: reference,
    sourceOfDefinition: text,
    symbol: text,
    dataType: text,
    definition: langStrings("langStringDefinitionTypeIec61360"),
    valueFormat: text,
    valueList: { kind: "object", of: "ValueList" },
    value: text,
    levelType: { kind: "object", of: "LevelType" },
  },
  ValueList: { valueReferencePairs: { kind: "list", item: "valueReferencePair", of: "ValueReferencePair" } },
  ValueReferencePair: { value: text, valueId: reference },
  LevelType: { min: flag, nom: flag, typ: flag, max: flag },
  OperationVariable: { value: { kind: "choice", of: "elements" } },
  AnnotatedRelationshipElement: { ...relationship, annotations: elements },
  BasicEventElement: {
    ...element,
    observed: reference,
    direction: text,
    state: text,
    messageTopic: text,
    messageBroker: reference,
    lastUpdate: text,
    minInterval: text,
    maxInterval: text,
  },
  Blob: { ...element, value: { kind: "bytes" }, contentType: text },
  Capability: element,
  Entity: { ...element, statements: elements, entityType: text, globalAssetId: text, specificAssetIds },
  File: { ...element, value: text, contentType: text },
  MultiLanguageProperty: { ...element, value: langStrings("langStringTextType"), valueId: reference },
  Operation: {
    ...element,
    inputVariables: variables,
    outputVariables: variables,
    inoutputVariables: variables,
  },
  Property: { ...element, valueType: text, value: text, valueId: reference },
  Range: { ...element, valueType: text, min: text, max: text },
  ReferenceElement: { ...element, value: reference },
  RelationshipElement: relationship,
  SubmodelElementCollection: { ...element, value: elements },
  SubmodelElementList: {
    ...element,
    orderRelevant: flag,
    semanticIdListElement: reference,
    typeValueListElement: text,
    valueTypeListElement: text,
    value: elements,
  },
};

const contentTypes = ["DataSpecificationIec61360"] as const;
const named = (types: readonly ClassName[]): ReadonlyMap<string, ClassName> =>
  new Map(types.map((type) => [tagOf(type), type]));

/** The classes that an item of a choice may have, by the name of its XML element. */
export const choices: Readonly<Record<Choice, ReadonlyMap<string, ClassName>>> = {
  elements: named(elementTypes),
  contents: named(contentTypes),
};

/** Classes whose JSON form carries a `modelType`, which in XML is the element's name. */
export function hasModelType(type: ClassName): boolean {
  return identifiableClasses.has(type) || choices.elements.has(tagOf(type)) || choices.contents.has(tagOf(type));
}

const identifiableClasses: ReadonlySet<ClassName> = new Set([
  "AssetAdministrationShell",
  "Submodel",
  "ConceptDescription",
]);

/** The XML element of an item of this class. */
export function tagOf(type: string): string {
  return type.charAt(0).toLowerCase() + type.slice(1);
}

/** The lists of an Environment, in order, with what each holds. */
export const environmentLists = {
  assetAdministrationShells: "AssetAdministrationShell",
  submodels: "Submodel",
  conceptDescriptions: "ConceptDescription",
} as const;

export type EnvironmentList = keyof typeof environmentLists;
export type IdentifiableClass = (typeof environmentLists)[EnvironmentList];

/** The namespaces of the metamodel's versions that are read and written. */
export const namespaces = { "3.1": "https://admin-shell.io/aas/3/1", "3.0": "https://admin-shell.io/aas/3/0" } as const;
export type XmlVersion = keyof typeof namespaces;
