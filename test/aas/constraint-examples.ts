import { testShell, testSubmodel } from "../northbound/aas/all-elements.ts";

export type Judged = "submodel" | "shell" | "concept";

/** Constraint, a body that breaks it and nothing else, where, and what the body is. */
export type Example = readonly [rule: string, body: object, place: string, what?: Judged];

export const submodel = (changes: object): object => ({ ...testSubmodel(1, []), ...changes });
export const withElement = (element: object): object => submodel({ submodelElements: [element] });
export const property = { modelType: "Property", idShort: "Speed", valueType: "xs:int", value: "1" };
export const global = (value: string) => ({ type: "GlobalReference", value });
export const reference = (type: string, ...keys: object[]): object => ({ type, keys });

const assetOf = (asset: object): object => ({ ...testShell(1, []), submodels: undefined, assetInformation: asset });

/** A concept description with IEC 61360 content. */
export const concept = (content: object, more: object = {}): object => ({
  modelType: "ConceptDescription",
  id: "urn:c",
  embeddedDataSpecifications: [
    {
      dataSpecification: reference(
        "ExternalReference",
        global("https://admin-shell.io/DataSpecificationTemplates/DataSpecificationIec61360/3"),
      ),
      dataSpecificationContent: {
        modelType: "DataSpecificationIec61360",
        preferredName: [{ language: "en", text: "Pressure" }],
        definition: [{ language: "en", text: "Force on an area" }],
        ...content,
      },
    },
  ],
  ...more,
});
const content = "/embeddedDataSpecifications/0/dataSpecificationContent";

export const examples: readonly Example[] = [
  ["AASd-002", withElement({ ...property, idShort: "9lives" }), "/submodelElements/0/idShort"],
  ["AASd-002", withElement({ ...property, idShort: "ends-" }), "/submodelElements/0/idShort"],
  ["AASd-005", submodel({ administration: { revision: "1" } }), "/administration/revision"],
  [
    "AASd-014",
    withElement({ modelType: "Entity", idShort: "Motor", entityType: "SelfManagedEntity" }),
    "/submodelElements/0",
  ],
  ["AASd-020", submodel({ qualifiers: [{ type: "a", valueType: "xs:int", value: "x" }] }), "/qualifiers/0/value"],
  [
    "AASd-021",
    submodel({
      qualifiers: [
        { type: "a", valueType: "xs:int" },
        { type: "a", valueType: "xs:int" },
      ],
    }),
    "/qualifiers/1/type",
  ],
  ["AASd-022", submodel({ submodelElements: [property, property] }), "/submodelElements/1/idShort"],
  ["AASd-077", submodel({ extensions: [{ name: "a" }, { name: "a" }] }), "/extensions/1/name"],
  [
    "AASd-107",
    withElement({
      modelType: "SubmodelElementList",
      idShort: "List",
      typeValueListElement: "Capability",
      semanticIdListElement: reference("ExternalReference", global("urn:a")),
      value: [{ modelType: "Capability", semanticId: reference("ExternalReference", global("urn:b")) }],
    }),
    "/submodelElements/0/value/0/semanticId",
  ],
  [
    "AASd-108",
    withElement({
      modelType: "SubmodelElementList",
      idShort: "List",
      typeValueListElement: "Capability",
      value: [{ modelType: "Property", valueType: "xs:int" }],
    }),
    "/submodelElements/0/value/0/modelType",
  ],
  [
    "AASd-109",
    withElement({ modelType: "SubmodelElementList", idShort: "List", typeValueListElement: "Property" }),
    "/submodelElements/0",
  ],
  [
    "AASd-114",
    withElement({
      modelType: "SubmodelElementList",
      idShort: "List",
      typeValueListElement: "Capability",
      value: ["urn:a", "urn:b"].map((iri) => ({
        modelType: "Capability",
        semanticId: reference("ExternalReference", global(iri)),
      })),
    }),
    "/submodelElements/0/value/1/semanticId",
  ],
  ["AASd-117", withElement({ modelType: "Capability" }), "/submodelElements/0"],
  [
    "AASd-118",
    submodel({ semanticId: undefined, supplementalSemanticIds: [reference("ExternalReference", global("urn:a"))] }),
    "",
  ],
  [
    "AASd-119",
    submodel({ qualifiers: [{ kind: "TemplateQualifier", type: "a", valueType: "xs:string" }] }),
    "/qualifiers/0/kind",
  ],
  [
    "AASd-121",
    submodel({ semanticId: reference("ModelReference", { type: "Property", value: "x" }) }),
    "/semanticId/keys/0/type",
  ],
  [
    "AASd-122",
    submodel({ semanticId: reference("ExternalReference", { type: "Submodel", value: "x" }) }),
    "/semanticId/keys/0/type",
  ],
  ["AASd-123", submodel({ semanticId: reference("ModelReference", global("x")) }), "/semanticId/keys/0/type"],
  [
    "AASd-124",
    submodel({ semanticId: reference("ExternalReference", global("x"), { type: "Property", value: "y" }) }),
    "/semanticId/keys/1/type",
  ],
  [
    "AASd-125",
    submodel({
      semanticId: reference("ModelReference", { type: "Submodel", value: "x" }, { type: "Submodel", value: "y" }),
    }),
    "/semanticId/keys/1/type",
  ],
  [
    "AASd-127",
    submodel({
      semanticId: reference(
        "ModelReference",
        { type: "Submodel", value: "x" },
        { type: "Property", value: "y" },
        { type: "FragmentReference", value: "z" },
      ),
    }),
    "/semanticId/keys/2/type",
  ],
  [
    "AASd-128",
    submodel({
      semanticId: reference(
        "ModelReference",
        { type: "Submodel", value: "x" },
        { type: "SubmodelElementList", value: "y" },
        { type: "Property", value: "first" },
      ),
    }),
    "/semanticId/keys/2/value",
  ],
  [
    "AASd-129",
    withElement({ ...property, qualifiers: [{ kind: "TemplateQualifier", type: "a", valueType: "xs:string" }] }),
    "/submodelElements/0/qualifiers/0/kind",
  ],
  ["AASd-130", submodel({ category: "bell\u0007" }), "/category"],
  [
    "AASd-134",
    withElement({
      modelType: "Operation",
      idShort: "Reset",
      inputVariables: [{ value: property }],
      outputVariables: [{ value: property }],
    }),
    "/submodelElements/0/outputVariables/0/value/idShort",
  ],
  [
    "AASd-126",
    submodel({
      semanticId: reference(
        "ModelReference",
        { type: "Submodel", value: "x" },
        { type: "File", value: "y" },
        { type: "FragmentReference", value: "z" },
        { type: "Property", value: "p" },
      ),
    }),
    "/semanticId/keys/2/type",
  ],
  ["AASd-131", assetOf({ assetKind: "Instance" }), "/assetInformation", "shell"],
  [
    "AASd-133",
    assetOf({
      assetKind: "Instance",
      specificAssetIds: [
        {
          name: "serial",
          value: "1",
          externalSubjectId: reference("ModelReference", { type: "Submodel", value: "urn:x" }),
        },
      ],
    }),
    "/assetInformation/specificAssetIds/0/externalSubjectId/type",
    "shell",
  ],
  [
    "AASc-3a-002",
    concept({ preferredName: [{ language: "de", text: "Druck" }] }),
    `${content}/preferredName`,
    "concept",
  ],
  ["AASc-3a-004", concept({}, { category: "PROPERTY" }), content, "concept"],
  ["AASc-3a-004", concept({ dataType: "FILE" }, { category: "VALUE" }), `${content}/dataType`, "concept"],
  ["AASc-3a-005", concept({ dataType: "BOOLEAN" }, { category: "REFERENCE" }), `${content}/dataType`, "concept"],
  ["AASc-3a-006", concept({ dataType: "STRING" }, { category: "DOCUMENT" }), `${content}/dataType`, "concept"],
  ["AASc-3a-007", concept({}, { category: "QUALIFIER_TYPE" }), content, "concept"],
  ["AASc-3a-008", concept({ definition: [{ language: "de", text: "Kraft" }] }), content, "concept"],
  ["AASc-3a-009", concept({ dataType: "REAL_MEASURE" }), content, "concept"],
  ["AASc-3a-010", concept({ value: "1", valueList: { valueReferencePairs: [{ value: "1" }] } }), content, "concept"],
];
