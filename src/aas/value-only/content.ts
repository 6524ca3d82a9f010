import { childPath, lastStep } from "../id-short-path.ts";
import { childMember, childrenOf, withChildren, withElements } from "../metamodel/children.ts";
import type { Submodel, SubmodelElement } from "../metamodel/types.ts";
import type { Modifiers } from "./modifiers.ts";

/** Members that a metadata object leaves out (IDTA-01001 v3.1, format "Metadata"); no entry: there is no such format. */
const valueMembers: Readonly<Partial<Record<SubmodelElement["modelType"], readonly string[]>>> = {
  SubmodelElementCollection: ["value"],
  SubmodelElementList: ["value"],
  Entity: ["statements", "globalAssetId", "specificAssetIds"],
  BasicEventElement: ["observed"],
  Property: ["value", "valueId"],
  MultiLanguageProperty: ["value", "valueId"],
  Range: ["min", "max"],
  ReferenceElement: ["value"],
  RelationshipElement: ["first", "second"],
  AnnotatedRelationshipElement: ["first", "second", "annotations"],
  Blob: ["value", "contentType"],
  File: ["value", "contentType"],
};

/** The members that PATCH `$metadata` leaves alone and GET `$metadata` leaves out. */
export function membersOfValue(type: SubmodelElement["modelType"]): readonly string[] | undefined {
  return valueMembers[type];
}

/** Capability and Operation have no metadata format: `undefined`. */
export function elementMetadata(element: SubmodelElement): Record<string, unknown> | undefined {
  const left = membersOfValue(element.modelType);
  if (left === undefined) return undefined;
  return Object.fromEntries(Object.entries(element).filter(([member]) => !left.includes(member)));
}

export function submodelMetadata(submodel: Submodel): Submodel {
  return withElements(submodel, []);
}

/** An element in format "Normal" with level and extent applied. */
export function normalElement(element: SubmodelElement, modifiers: Modifiers, depth = 0): SubmodelElement {
  if (element.modelType === "Blob" && modifiers.extent === "withoutBlobValue") {
    const { value: _content, ...rest } = element;
    return rest;
  }
  if (childMember(element.modelType) === undefined) return element;
  if (modifiers.level === "core" && depth >= 1) return withChildren(element, []);
  return withChildren(
    element,
    childrenOf(element).map((child) => normalElement(child, modifiers, depth + 1)),
  );
}

export function normalSubmodel(submodel: Submodel, modifiers: Modifiers): Submodel {
  return withElements(
    submodel,
    (submodel.submodelElements ?? []).map((element) => normalElement(element, modifiers, 1)),
  );
}

/** The idShortPaths of an element and of what lies below it (format "Path"); with level core, one level below. */
export function pathsOf(element: SubmodelElement, path: string, modifiers: Modifiers, depth = 0): readonly string[] {
  if (modifiers.level === "core" && depth >= 1) return [path];
  const isList = element.modelType === "SubmodelElementList";
  const below = childrenOf(element).flatMap((child, index) =>
    pathsOf(child, childPath(path, isList ? index : (child.idShort ?? "")), modifiers, depth + 1),
  );
  return [path, ...below];
}

export function submodelPaths(submodel: Submodel, modifiers: Modifiers): readonly string[] {
  return (submodel.submodelElements ?? []).flatMap((element) => pathsOf(element, element.idShort ?? "", modifiers, 1));
}

/** The element at a path below another, `undefined` where there is none. */
export function descend(elements: readonly SubmodelElement[], step: string | number): SubmodelElement | undefined {
  return typeof step === "number" ? elements[step] : elements.find(({ idShort }) => idShort === step);
}

/** Whether a path names an item of a list. */
export const isListItem = (path: string): boolean => typeof lastStep(path) === "number";
