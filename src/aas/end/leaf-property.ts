import type { ValueType } from "../../core/value.ts";
import type { Step } from "../id-short-path.ts";
import type { XsdType } from "../metamodel/literals.ts";
import { externalReference } from "../metamodel/reference.ts";
import type { EmbeddedDataSpecification, Property, SubmodelElement } from "../metamodel/types.ts";
import { fillError } from "../templates/fill.ts";
import { valueTypeOf, xsdTypesFor } from "../xsd/xsd-type.ts";
import type { PlacedLeaf } from "./leaf-wish.ts";

export interface LeafProperty {
  readonly property: Property;
  /** The signal's type: the link's, or the one that the Property's valueType stands for. */
  readonly type: ValueType;
}

/** Shows a UNECE Rec 20 code to people, `CEL` as `°C`; `undefined` for codes that it does not know. */
export type UnitSymbol = (code: string) => string | undefined;

/**
 * The Property of a linked leaf, from the template's or anew: no value of its own, valueType checked against the
 * link's type, unit as an IEC 61360 data specification. @throws HubError `config`
 */
export function leafProperty(
  before: SubmodelElement | undefined,
  step: Step,
  leaf: PlacedLeaf,
  unitSymbol: UnitSymbol,
): LeafProperty {
  if (before !== undefined && before.modelType !== "Property") {
    throw fillError(`${leaf.path} is a ${before.modelType}`, "a Property: only its value can be linked");
  }
  const { valueType, type } = typesOf(before, leaf);
  const { value: _example, ...stored } = before ?? { modelType: "Property" as const, valueType };
  const semanticId = leaf.wish.semanticId === undefined ? {} : { semanticId: externalReference(leaf.wish.semanticId) };
  const named = typeof step === "string" ? { idShort: step } : {};
  const property: Property = { ...named, ...stored, ...semanticId, modelType: "Property", valueType };
  const { unit } = leaf.request;
  if (unit === undefined || property.embeddedDataSpecifications !== undefined) return { property, type };
  const specification = unitSpecification(property.idShort ?? leaf.request.point, unit, unitSymbol);
  return { property: { ...property, embeddedDataSpecifications: [specification] }, type };
}

function typesOf(before: Property | undefined, leaf: PlacedLeaf): { valueType: XsdType; type: ValueType } {
  const wished = leaf.wish.valueType;
  if (before !== undefined && wished !== undefined && before.valueType !== wished) {
    throw fillError(`the template has ${before.valueType} at ${leaf.path}`, `valueType ${before.valueType}, or none`);
  }
  const given = before?.valueType ?? wished;
  const { type } = leaf.request;
  if (type === undefined) {
    if (given !== undefined) return { valueType: given, type: valueTypeOf(given) };
    throw fillError("neither mapping nor source says of which type this is", "`type: double`, or another type");
  }
  const [natural] = xsdTypesFor(type);
  if (natural === undefined) {
    throw fillError("a Property holds one simple value, and this is a structure", "an `expr` that picks one value");
  }
  if (given === undefined) return { valueType: natural, type };
  if (xsdTypesFor(type).includes(given)) return { valueType: given, type };
  const fitting = `${xsdTypesFor(type).join(", ")} in the template, or \`type: ${valueTypeOf(given)}\` for the point`;
  throw fillError(`${given} at ${leaf.path} cannot show every ${type}`, fitting);
}

/** The data specification's id since IDTA-01003-a v3.0.1; before, it ended in `/3/0`. */
const iec61360 = "https://admin-shell.io/DataSpecificationTemplates/DataSpecificationIec61360/3";

/** IDTA-01003-a, with the unit's code as UNECE's own vocabulary names it. */
function unitSpecification(name: string, unit: string, symbol: UnitSymbol): EmbeddedDataSpecification {
  return {
    dataSpecification: externalReference(iec61360),
    dataSpecificationContent: {
      modelType: "DataSpecificationIec61360",
      preferredName: [{ language: "en", text: name }],
      unit: symbol(unit) ?? unit,
      unitId: externalReference(`https://vocabulary.uncefact.org/UnitMeasureCode#${unit}`),
    },
  };
}
