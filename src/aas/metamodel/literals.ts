/** The enumerations of the metamodel (IDTA-01001 v3.1), in the order of its text. */

export const elementTypes = [
  "AnnotatedRelationshipElement",
  "BasicEventElement",
  "Blob",
  "Capability",
  "Entity",
  "File",
  "MultiLanguageProperty",
  "Operation",
  "Property",
  "Range",
  "ReferenceElement",
  "RelationshipElement",
  "SubmodelElementCollection",
  "SubmodelElementList",
] as const;
export type ElementType = (typeof elementTypes)[number];

/** What `typeValueListElement` may say: the concrete element types and their abstract parents. */
export const listElementTypes = [...elementTypes, "DataElement", "EventElement", "SubmodelElement"] as const;
export type ListElementType = (typeof listElementTypes)[number];

/** Elements that hold a value and nothing below it. */
export const dataElementTypes = [
  "Blob",
  "File",
  "MultiLanguageProperty",
  "Property",
  "Range",
  "ReferenceElement",
] as const;

export const xsdTypes = [
  "xs:anyURI",
  "xs:base64Binary",
  "xs:boolean",
  "xs:byte",
  "xs:date",
  "xs:dateTime",
  "xs:decimal",
  "xs:double",
  "xs:duration",
  "xs:float",
  "xs:gDay",
  "xs:gMonth",
  "xs:gMonthDay",
  "xs:gYear",
  "xs:gYearMonth",
  "xs:hexBinary",
  "xs:int",
  "xs:integer",
  "xs:long",
  "xs:negativeInteger",
  "xs:nonNegativeInteger",
  "xs:nonPositiveInteger",
  "xs:positiveInteger",
  "xs:short",
  "xs:string",
  "xs:time",
  "xs:unsignedByte",
  "xs:unsignedInt",
  "xs:unsignedLong",
  "xs:unsignedShort",
] as const;
/** DataTypeDefXsd. */
export type XsdType = (typeof xsdTypes)[number];

export const genericFragmentKeys = ["FragmentReference"] as const;
export const genericGloballyIdentifiables = ["GlobalReference"] as const;
export const aasIdentifiables = ["AssetAdministrationShell", "ConceptDescription", "Identifiable", "Submodel"] as const;
/** AasReferableNonIdentifiables, the keys that may follow an identifiable in a model reference. */
export const referableKeys = [...listElementTypes, "Referable"] as const;
export const keyTypes = [
  ...genericFragmentKeys,
  ...genericGloballyIdentifiables,
  ...aasIdentifiables,
  ...referableKeys,
] as const;
export type KeyType = (typeof keyTypes)[number];

export const referenceTypes = ["ExternalReference", "ModelReference"] as const;
export const assetKinds = ["Instance", "NotApplicable", "Role", "Type"] as const;
export const modellingKinds = ["Instance", "Template"] as const;
export const qualifierKinds = ["ConceptQualifier", "TemplateQualifier", "ValueQualifier"] as const;
export const entityTypes = ["CoManagedEntity", "SelfManagedEntity"] as const;
export const directions = ["input", "output"] as const;
export const eventStates = ["off", "on"] as const;
export const iec61360Types = [
  "BLOB",
  "BOOLEAN",
  "DATE",
  "FILE",
  "HTML",
  "INTEGER_COUNT",
  "INTEGER_CURRENCY",
  "INTEGER_MEASURE",
  "IRDI",
  "IRI",
  "RATIONAL",
  "RATIONAL_MEASURE",
  "REAL_COUNT",
  "REAL_CURRENCY",
  "REAL_MEASURE",
  "STRING",
  "STRING_TRANSLATABLE",
  "TIME",
  "TIMESTAMP",
] as const;
