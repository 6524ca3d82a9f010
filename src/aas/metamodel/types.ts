import type {
  assetKinds,
  directions,
  ElementType,
  entityTypes,
  eventStates,
  iec61360Types,
  KeyType,
  ListElementType,
  modellingKinds,
  qualifierKinds,
  referenceTypes,
  XsdType,
} from "./literals.ts";

/** The metamodel of IDTA-01001 v3.1 in its JSON form ("Normal"). Values are the lexical form of their XSD type. */
export interface Key {
  readonly type: KeyType;
  readonly value: string;
}

export interface Reference {
  readonly type: (typeof referenceTypes)[number];
  readonly keys: readonly Key[];
  readonly referredSemanticId?: Reference;
}

export interface LangString {
  readonly language: string;
  readonly text: string;
}

export interface HasSemantics {
  readonly semanticId?: Reference;
  readonly supplementalSemanticIds?: readonly Reference[];
}

export interface Extension extends HasSemantics {
  readonly name: string;
  readonly valueType?: XsdType;
  readonly value?: string;
  readonly refersTo?: readonly Reference[];
}

export interface Qualifier extends HasSemantics {
  readonly kind?: (typeof qualifierKinds)[number];
  readonly type: string;
  readonly valueType: XsdType;
  readonly value?: string;
  readonly valueId?: Reference;
}

export interface DataSpecificationIec61360 {
  readonly modelType: "DataSpecificationIec61360";
  readonly preferredName: readonly LangString[];
  readonly shortName?: readonly LangString[];
  readonly unit?: string;
  readonly unitId?: Reference;
  readonly sourceOfDefinition?: string;
  readonly symbol?: string;
  readonly dataType?: (typeof iec61360Types)[number];
  readonly definition?: readonly LangString[];
  readonly valueFormat?: string;
  readonly valueList?: { readonly valueReferencePairs: readonly { value: string; valueId?: Reference }[] };
  readonly value?: string;
  readonly levelType?: { readonly min: boolean; readonly nom: boolean; readonly typ: boolean; readonly max: boolean };
}

export interface EmbeddedDataSpecification {
  readonly dataSpecification: Reference;
  readonly dataSpecificationContent: DataSpecificationIec61360;
}

export interface HasDataSpecification {
  readonly embeddedDataSpecifications?: readonly EmbeddedDataSpecification[];
}

export interface Referable {
  readonly category?: string;
  readonly idShort?: string;
  readonly displayName?: readonly LangString[];
  readonly description?: readonly LangString[];
  readonly extensions?: readonly Extension[];
}

export interface AdministrativeInformation extends HasDataSpecification {
  readonly version?: string;
  readonly revision?: string;
  readonly creator?: Reference;
  readonly templateId?: string;
}

export interface Identifiable extends Referable {
  readonly id: string;
  readonly administration?: AdministrativeInformation;
}

export interface SpecificAssetId extends HasSemantics {
  readonly name: string;
  readonly value: string;
  readonly externalSubjectId?: Reference;
}

export interface Resource {
  readonly path: string;
  readonly contentType?: string;
}

export interface AssetInformation {
  readonly assetKind: (typeof assetKinds)[number];
  readonly globalAssetId?: string;
  readonly specificAssetIds?: readonly SpecificAssetId[];
  readonly assetType?: string;
  readonly defaultThumbnail?: Resource;
}

export interface Shell extends Identifiable, HasDataSpecification {
  readonly modelType: "AssetAdministrationShell";
  readonly assetInformation: AssetInformation;
  readonly derivedFrom?: Reference;
  readonly submodels?: readonly Reference[];
}

export interface ConceptDescription extends Identifiable, HasDataSpecification {
  readonly modelType: "ConceptDescription";
  readonly isCaseOf?: readonly Reference[];
}

export interface Submodel extends Identifiable, HasSemantics, HasDataSpecification {
  readonly modelType: "Submodel";
  readonly kind?: (typeof modellingKinds)[number];
  readonly qualifiers?: readonly Qualifier[];
  readonly submodelElements?: readonly SubmodelElement[];
}

interface ElementBase<T extends ElementType> extends Referable, HasSemantics, HasDataSpecification {
  readonly modelType: T;
  readonly qualifiers?: readonly Qualifier[];
}

export interface Property extends ElementBase<"Property"> {
  readonly valueType: XsdType;
  readonly value?: string;
  readonly valueId?: Reference;
}

export interface MultiLanguageProperty extends ElementBase<"MultiLanguageProperty"> {
  readonly value?: readonly LangString[];
  readonly valueId?: Reference;
}

export interface Range extends ElementBase<"Range"> {
  readonly valueType: XsdType;
  readonly min?: string;
  readonly max?: string;
}

export interface Blob extends ElementBase<"Blob"> {
  /** base64 */
  readonly value?: string;
  readonly contentType?: string;
}

export interface File extends ElementBase<"File"> {
  readonly value?: string;
  readonly contentType?: string;
}

export interface ReferenceElement extends ElementBase<"ReferenceElement"> {
  readonly value?: Reference;
}

export interface RelationshipElement extends ElementBase<"RelationshipElement"> {
  readonly first?: Reference;
  readonly second?: Reference;
}

export interface AnnotatedRelationshipElement extends ElementBase<"AnnotatedRelationshipElement"> {
  readonly first?: Reference;
  readonly second?: Reference;
  readonly annotations?: readonly SubmodelElement[];
}

export interface Entity extends ElementBase<"Entity"> {
  readonly entityType?: (typeof entityTypes)[number];
  readonly globalAssetId?: string;
  readonly specificAssetIds?: readonly SpecificAssetId[];
  readonly statements?: readonly SubmodelElement[];
}

export interface BasicEventElement extends ElementBase<"BasicEventElement"> {
  readonly observed: Reference;
  readonly direction: (typeof directions)[number];
  readonly state: (typeof eventStates)[number];
  readonly messageTopic?: string;
  readonly messageBroker?: Reference;
  readonly lastUpdate?: string;
  readonly minInterval?: string;
  readonly maxInterval?: string;
}

export interface OperationVariable {
  readonly value: SubmodelElement;
}

export interface Operation extends ElementBase<"Operation"> {
  readonly inputVariables?: readonly OperationVariable[];
  readonly outputVariables?: readonly OperationVariable[];
  readonly inoutputVariables?: readonly OperationVariable[];
}

export type Capability = ElementBase<"Capability">;

export interface SubmodelElementCollection extends ElementBase<"SubmodelElementCollection"> {
  readonly value?: readonly SubmodelElement[];
}

export interface SubmodelElementList extends ElementBase<"SubmodelElementList"> {
  readonly orderRelevant?: boolean;
  readonly semanticIdListElement?: Reference;
  readonly typeValueListElement: ListElementType;
  readonly valueTypeListElement?: XsdType;
  readonly value?: readonly SubmodelElement[];
}

export type SubmodelElement =
  | AnnotatedRelationshipElement
  | BasicEventElement
  | Blob
  | Capability
  | Entity
  | File
  | MultiLanguageProperty
  | Operation
  | Property
  | Range
  | ReferenceElement
  | RelationshipElement
  | SubmodelElementCollection
  | SubmodelElementList;
