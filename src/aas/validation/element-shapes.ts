import {
  dataElementTypes,
  directions,
  type ElementType,
  elementTypes,
  entityTypes,
  eventStates,
  listElementTypes,
} from "../metamodel/literals.ts";
import { isLexical } from "../xsd/lexical.ts";
import {
  bool,
  type Check,
  type Fields,
  type Invariant,
  isObject,
  list,
  needed,
  object,
  oneOf,
  optional,
  text,
} from "./check.ts";
import {
  anyText,
  contentType,
  dataSpecifications,
  fileUri,
  identifier,
  langStrings,
  qualifiers,
  referable,
  reference,
  semantics,
  specificAssetIds,
  xsdType,
} from "./common-shapes.ts";
import { entityRules, listRules, namedChildren, operationRules } from "./element-invariants.ts";
import { lexicalValue, supplementalNeedsSemantic } from "./invariants.ts";
import { at, shown } from "./report.ts";

const element = { ...referable, ...semantics, ...dataSpecifications, qualifiers: optional(qualifiers) };

const base64 = text(0, Number.POSITIVE_INFINITY, {
  grammar: { test: (value) => isLexical("xs:base64Binary", value) },
  expected: "base64 with its padding",
});
const utc = text(1, 128, {
  grammar: /^.*(?:Z|[+-]00:00)$/,
  expected: "a time in UTC such as 2026-11-22T18:30:00Z",
});

/** Any element, judged by its `modelType` alone, so that one wrong member gives one problem. */
export const anyElement: Check = (value, pointer, report) => {
  if (!isObject(value)) return report.add(pointer, `${shown(value)} is no submodel element`, "a JSON object");
  const { modelType } = value;
  const shape =
    typeof modelType === "string" && Object.hasOwn(shapes, modelType) ? shapes[modelType as ElementType] : undefined;
  if (shape === undefined) oneOf(elementTypes)(modelType, at(pointer, "modelType"), report);
  else shape(value, pointer, report);
};

const dataElement: Check = (value, pointer, report) => {
  const types: readonly string[] = dataElementTypes;
  if (isObject(value) && typeof value.modelType === "string" && !types.includes(value.modelType)) {
    report.add(at(pointer, "modelType"), `an annotation cannot be a ${shown(value.modelType)}`, types.join(", "));
  }
  anyElement(value, pointer, report);
};

const variables = list(object("OperationVariable", { value: needed(anyElement) }));
const relation = { first: optional(reference), second: optional(reference) };

function shape(type: ElementType, fields: Fields, ...rules: readonly Invariant[]): Check {
  const modelType = needed(oneOf([type]));
  return object(type, { ...element, modelType, ...fields }, supplementalNeedsSemantic, ...rules);
}

const shapes: Readonly<Record<ElementType, Check>> = {
  Property: shape(
    "Property",
    {
      valueType: needed(xsdType),
      value: optional(anyText),
      valueId: optional(reference),
    },
    lexicalValue("valueType", ["value"], "Property/value"),
  ),
  MultiLanguageProperty: shape("MultiLanguageProperty", {
    value: optional(langStrings(1023)),
    valueId: optional(reference),
  }),
  Range: shape(
    "Range",
    { valueType: needed(xsdType), min: optional(anyText), max: optional(anyText) },
    lexicalValue("valueType", ["min", "max"], "Range/min, Range/max"),
  ),
  Blob: shape("Blob", { value: optional(base64), contentType: optional(contentType) }),
  File: shape("File", { value: optional(fileUri), contentType: optional(contentType) }),
  ReferenceElement: shape("ReferenceElement", { value: optional(reference) }),
  RelationshipElement: shape("RelationshipElement", relation),
  AnnotatedRelationshipElement: shape(
    "AnnotatedRelationshipElement",
    { ...relation, annotations: optional(list(dataElement)) },
    namedChildren("annotations"),
  ),
  Capability: shape("Capability", {}),
  Operation: shape(
    "Operation",
    {
      inputVariables: optional(variables),
      outputVariables: optional(variables),
      inoutputVariables: optional(variables),
    },
    operationRules,
  ),
  Entity: shape(
    "Entity",
    {
      statements: optional(list(anyElement)),
      entityType: optional(oneOf(entityTypes)),
      globalAssetId: optional(identifier),
      specificAssetIds: optional(specificAssetIds),
    },
    namedChildren("statements"),
    entityRules,
  ),
  BasicEventElement: shape(
    "BasicEventElement",
    {
      observed: needed(reference),
      direction: needed(oneOf(directions)),
      state: needed(oneOf(eventStates)),
      messageTopic: optional(text(1, 255)),
      messageBroker: optional(reference),
      lastUpdate: optional(utc),
      minInterval: optional(text(1, 128)),
      maxInterval: optional(text(1, 128)),
    },
    eventTimes(),
  ),
  SubmodelElementCollection: shape(
    "SubmodelElementCollection",
    { value: optional(list(anyElement)) },
    namedChildren("value"),
  ),
  SubmodelElementList: shape(
    "SubmodelElementList",
    {
      orderRelevant: optional(bool),
      semanticIdListElement: optional(reference),
      typeValueListElement: needed(oneOf(listElementTypes)),
      valueTypeListElement: optional(xsdType),
      value: optional(list(anyElement)),
    },
    listRules,
  ),
};

function eventTimes(): Invariant {
  const time = lexicalValue("", ["lastUpdate"], undefined, "xs:dateTime");
  const intervals = lexicalValue("", ["minInterval", "maxInterval"], undefined, "xs:duration");
  return (...args) => {
    time(...args);
    intervals(...args);
  };
}
