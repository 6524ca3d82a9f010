import { modellingKinds } from "../metamodel/literals.ts";
import type {
  AssetInformation,
  ConceptDescription,
  Reference,
  Shell,
  Submodel,
  SubmodelElement,
} from "../metamodel/types.ts";
import { type Check, type Invariant, isObject, list, needed, object, oneOf, optional } from "./check.ts";
import {
  assetKind,
  contentType,
  dataSpecifications,
  fileUri,
  identifiable,
  identifier,
  qualifiers,
  reference,
  semantics,
  specificAssetIds,
} from "./common-shapes.ts";
import { namedChildren } from "./element-invariants.ts";
import { anyElement } from "./element-shapes.ts";
import { conceptRules } from "./iec61360-invariants.ts";
import { supplementalNeedsSemantic } from "./invariants.ts";
import { at, Report } from "./report.ts";

/** AASd-131: an asset has a global or a specific identifier. */
const assetIsNamed: Invariant = (value, pointer, report) => {
  if (value.globalAssetId !== undefined || value.specificAssetIds !== undefined) return;
  report.add(pointer, "the asset has no identifier", "globalAssetId or specificAssetIds", "AASd-131");
};

const assetInformation = object(
  "AssetInformation",
  {
    assetKind: needed(assetKind),
    globalAssetId: optional(identifier),
    specificAssetIds: optional(specificAssetIds),
    assetType: optional(identifier),
    defaultThumbnail: optional(object("Resource", { path: needed(fileUri), contentType: optional(contentType) })),
  },
  assetIsNamed,
);

const shell = object("AssetAdministrationShell", {
  ...identifiable,
  ...dataSpecifications,
  modelType: needed(oneOf(["AssetAdministrationShell"])),
  assetInformation: needed(assetInformation),
  derivedFrom: optional(reference),
  submodels: optional(list(reference)),
});

const concept = object(
  "ConceptDescription",
  {
    ...identifiable,
    ...dataSpecifications,
    modelType: needed(oneOf(["ConceptDescription"])),
    isCaseOf: optional(list(reference)),
  },
  conceptRules,
);

const submodel = object(
  "Submodel",
  {
    ...identifiable,
    ...semantics,
    ...dataSpecifications,
    modelType: needed(oneOf(["Submodel"])),
    kind: optional(oneOf(modellingKinds)),
    qualifiers: optional(qualifiers),
    submodelElements: optional(list(anyElement)),
  },
  supplementalNeedsSemantic,
  namedChildren("submodelElements"),
  templateQualifiers,
);

/** AASd-119, AASd-129: qualifiers of a template stand in a submodel of kind Template only. */
function templateQualifiers(value: Readonly<Record<string, unknown>>, pointer: string, report: Report): void {
  if (value.kind === "Template") return;
  findTemplateQualifiers(value, pointer, "AASd-119", report);
}

function findTemplateQualifiers(value: unknown, pointer: string, rule: string, report: Report): void {
  if (Array.isArray(value)) {
    for (const [index, item] of value.entries()) findTemplateQualifiers(item, at(pointer, index), rule, report);
  }
  if (!isObject(value)) return;
  for (const [index, qualifier] of (Array.isArray(value.qualifiers) ? value.qualifiers : []).entries()) {
    if (!isObject(qualifier) || qualifier.kind !== "TemplateQualifier") continue;
    const place = `${at(pointer, "qualifiers")}/${index}/kind`;
    report.add(place, "a TemplateQualifier outside a template", "ConceptQualifier or ValueQualifier", rule);
  }
  for (const member of [...below, "submodelElements"]) {
    if (Array.isArray(value[member])) findTemplateQualifiers(value[member], at(pointer, member), "AASd-129", report);
  }
  // The value of an operation's variable is an element too.
  if (isObject(value.value)) findTemplateQualifiers(value.value, at(pointer, "value"), "AASd-129", report);
}

/** Members that hold elements, or the variables of operations. */
const below = ["value", "statements", "annotations", "inputVariables", "outputVariables", "inoutputVariables"];

/** AASd-129 for an element that comes alone. @param kind of its submodel. @throws HubError `invalid` */
export function refuseTemplateQualifiers(element: SubmodelElement, kind: string | undefined): void {
  if (kind === "Template") return;
  const report = new Report();
  findTemplateQualifiers(element, "", "AASd-129", report);
  report.throwIfAny("the element");
}

export const validateSubmodel = (body: unknown): Submodel => judged<Submodel>(submodel, body, "the submodel");
export const validateShell = (body: unknown): Shell => judged<Shell>(shell, body, "the shell");
export const validateConcept = (body: unknown): ConceptDescription =>
  judged<ConceptDescription>(concept, body, "the concept description");
export const validateReference = (body: unknown): Reference => judged<Reference>(reference, body, "the reference");
export const validateAssetInformation = (body: unknown): AssetInformation =>
  judged<AssetInformation>(assetInformation, body, "the asset information");

/** @param named whether the element needs an idShort: everywhere but in a list (AASd-117) */
export function validateElement(body: unknown, named: boolean): SubmodelElement {
  const rooted: Check = (value, pointer, report) => {
    anyElement(value, pointer, report);
    if (named && isObject(value) && value.idShort === undefined) {
      report.add(pointer, "the element has no idShort", "an idShort (items of a list alone need none)", "AASd-117");
    }
  };
  return judged<SubmodelElement>(rooted, body, "the element");
}

/** The body as what it was judged to be. @throws HubError `invalid` with all problems at once */
function judged<T>(check: Check, body: unknown, what: string): T {
  const report = new Report();
  check(body, "", report);
  report.throwIfAny(what);
  return body as T;
}
