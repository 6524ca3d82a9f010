import { keyTypes, xsdTypes } from "../metamodel/literals.ts";
import { externalReference } from "../metamodel/reference.ts";
import { isObject } from "../validation/check.ts";
import { at, shown } from "../validation/report.ts";
import type { ClassName } from "../xml/xml-shapes.ts";
import type { LooseObject } from "./loose-object.ts";
import type { MendLog } from "./mend-log.ts";

const iec61360 = "https://admin-shell.io/DataSpecificationTemplates/DataSpecificationIec61360/3";
const rule = "older-form";

/** Forms of V2 and of V3.0's release candidates whose meaning today is plain. */
export function mendClass(value: LooseObject, type: ClassName, pointer: string, log: MendLog): void {
  for (const member of ["valueType", "valueTypeListElement"]) mendXsdType(value, member, pointer, log);
  if (type === "Reference") mendReference(value, pointer, log);
  if (type === "Key") mendKey(value, pointer, log);
  if (type === "EmbeddedDataSpecification") mendDataSpecification(value, pointer, log);
  if (type === "DataSpecificationIec61360") mendLevelType(value, pointer, log);
  if (type === "SubmodelElementList") nameListType(value, pointer, log);
  if (type === "Entity") moved(value, "specificAssetId", "specificAssetIds", pointer, log);
  if (type === "Operation") {
    moved(value, "inputVariable", "inputVariables", pointer, log);
    moved(value, "outputVariable", "outputVariables", pointer, log);
    moved(value, "inoutputVariable", "inoutputVariables", pointer, log);
  }
  if (type === "Blob" || type === "File") moved(value, "mimeType", "contentType", pointer, log);
  if (type === "AssetInformation" && typeof value.defaultThumbnail === "string") {
    log.add(at(pointer, "defaultThumbnail"), rule, "the thumbnail's path became a Resource");
    value.defaultThumbnail = { path: value.defaultThumbnail };
  }
}

/** A member under the name that it has today. */
function moved(value: LooseObject, from: string, to: string, pointer: string, log: MendLog): void {
  if (!Object.hasOwn(value, from) || Object.hasOwn(value, to)) return;
  log.add(at(pointer, from), rule, `${from} is called ${to}`);
  value[to] = value[from];
  delete value[from];
}

/** AASd-109: a list of Properties or Ranges says their type; its items do, where it does not. */
function nameListType(value: LooseObject, pointer: string, log: MendLog): void {
  const { typeValueListElement: of, valueTypeListElement: said, value: items } = value;
  if ((of !== "Property" && of !== "Range") || (said !== undefined && said !== null)) return;
  const types = new Set(
    (Array.isArray(items) ? items : []).map((item) => (isObject(item) ? xsdTypeOf(item.valueType) : undefined)),
  );
  const [type] = types.size === 0 ? ["xs:string"] : types;
  if (types.size > 1 || type === undefined) return;
  const why = types.size === 0 ? "since no item says another" : "as its items have it";
  log.add(pointer, "AASd-109", `the list of ${of} got the valueTypeListElement "${type}", ${why}`);
  value.valueTypeListElement = type;
}

/** `string` is `xs:string` since V3.0. */
function mendXsdType(value: LooseObject, member: string, pointer: string, log: MendLog): void {
  const said = value[member];
  const type = xsdTypeOf(said);
  if (type === undefined || type === said) return;
  log.add(at(pointer, member), rule, `${shown(said)} is "${type}"`);
  value[member] = type;
}

function xsdTypeOf(said: unknown): string | undefined {
  if (typeof said !== "string") return undefined;
  const name = said
    .trim()
    .toLowerCase()
    .replace(/^(?:xs|xsd):/, "");
  return xsdTypes.find((one) => one.toLowerCase() === `xs:${name}`);
}

function mendReference(value: LooseObject, pointer: string, log: MendLog): void {
  const { type, keys } = value;
  if (type === "ExternalReference" || type === "ModelReference") return;
  const first: unknown = Array.isArray(keys) ? keys[0] : undefined;
  const isModel = type === undefined && isObject(first) && !/^(?:Global|Fragment)Reference$/.test(String(first.type));
  if (type !== undefined && type !== "GlobalReference") return;
  value.type = isModel ? "ModelReference" : "ExternalReference";
  log.add(at(pointer, "type"), rule, `the type of the reference, ${shown(type)}, is "${String(value.type)}"`);
}

/** Keys of V2 carry their kind of identifier and whether they are local; spelling of their types has changed too. */
function mendKey(value: LooseObject, pointer: string, log: MendLog): void {
  const { type } = value;
  if (typeof type !== "string" || (keyTypes as readonly string[]).includes(type)) return;
  const near = keyTypes.find((one) => one.toLowerCase() === type.trim().toLowerCase());
  const today = near ?? (type === "ConceptReference" || type === "GlobalReference" ? "GlobalReference" : undefined);
  if (today === undefined) return;
  log.add(at(pointer, "type"), rule, `the type of the key, ${shown(type)}, is "${today}"`);
  value.type = today;
}

/** Its template may be left out in V3.0's candidates; there is one only. */
function mendDataSpecification(value: LooseObject, pointer: string, log: MendLog): void {
  if (Object.hasOwn(value, "dataSpecification") && value.dataSpecification !== null) return;
  if (!isObject(value.dataSpecificationContent)) return;
  log.add(pointer, rule, "the data specification names its template, IEC 61360");
  value.dataSpecification = externalReference(iec61360);
}

/** One word, `Max`, became four flags. */
function mendLevelType(value: LooseObject, pointer: string, log: MendLog): void {
  const { levelType } = value;
  if (typeof levelType !== "string") return;
  const word = levelType.trim().toLowerCase();
  if (!["min", "nom", "typ", "max"].includes(word)) return;
  log.add(at(pointer, "levelType"), rule, `the level type ${shown(levelType)} became flags`);
  value.levelType = { min: word === "min", nom: word === "nom", typ: word === "typ", max: word === "max" };
}
