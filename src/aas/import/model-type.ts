import { isObject, type JsonObject } from "../validation/check.ts";
import { type Choice, type ClassName, choices, classMembers, tagOf } from "../xml/xml-shapes.ts";

/** Members that one type alone has. */
const telling: Readonly<Record<string, ClassName>> = {
  annotations: "AnnotatedRelationshipElement",
  observed: "BasicEventElement",
  statements: "Entity",
  entityType: "Entity",
  inputVariables: "Operation",
  outputVariables: "Operation",
  inoutputVariables: "Operation",
  typeValueListElement: "SubmodelElementList",
  first: "RelationshipElement",
  second: "RelationshipElement",
  min: "Range",
  max: "Range",
  valueType: "Property",
};

/**
 * The class of an item without a usable `modelType`, where only one is possible: by V2's object form, another spelling,
 * the list around it, or a member that no other class has.
 */
export function modelTypeOf(item: JsonObject, choice: Choice, listOfType: unknown): ClassName | undefined {
  const { modelType } = item;
  const known = choices[choice];
  const said = isObject(modelType) ? modelType.name : modelType;
  if (typeof said === "string") {
    const wanted = said.trim().toLowerCase();
    return [...known.values()].find((type) => type.toLowerCase() === wanted);
  }
  if (said !== undefined && said !== null) return undefined;
  if (known.size === 1) return [...known.values()][0];
  const ofList = typeof listOfType === "string" ? known.get(tagOf(listOfType)) : undefined;
  if (ofList !== undefined) return ofList;
  const told = Object.keys(telling).find((member) => Object.hasOwn(item, member));
  const type = told === undefined ? byValue(item) : telling[told];
  return type !== undefined && fits(item, type) ? type : undefined;
}

/** An element of which nothing but its value tells what it is. */
function byValue({ value }: JsonObject): ClassName | undefined {
  if (isObject(value)) return Array.isArray(value.keys) ? "ReferenceElement" : undefined;
  const [first] = Array.isArray(value) ? (value as readonly unknown[]) : [];
  if (!isObject(first)) return undefined;
  return "language" in first ? "MultiLanguageProperty" : "SubmodelElementCollection";
}

const fits = (item: JsonObject, type: ClassName): boolean =>
  Object.keys(item).every((member) => member === "modelType" || Object.hasOwn(classMembers[type], member));
