import { HubError } from "../../core/errors.ts";
import type { Value, ValueType } from "../../core/value.ts";
import type { LiveLeaf } from "../../twin/contract.ts";
import type { Attribute } from "../entity/entity.ts";
import { kindOfBody, valueOfBody } from "../entity/entity-document.ts";
import type { QualityNames } from "../entity/live-attribute.ts";
import { valueOfJson } from "../json/value-json.ts";
import { attributeMembers } from "../vocabulary.ts";

const texts: ReadonlySet<ValueType> = new Set(["string", "dateTime", "date", "duration", "anyURI", "base64Binary"]);

/**
 * The value of an instance that goes into a link's series, which keeps values of one type and nothing else (rule 12).
 * Throws HubError `invalid` for what would be lost there, or is of another type than the signal.
 */
export function signalValueOf({ name, body }: Attribute, { link }: LiveLeaf, { quality }: QualityNames): Value {
  const refuse = (message: string): never => {
    throw new HubError("invalid", `${name} is linked by the point "${link.point}": ${message}`);
  };
  const other = Object.keys(body).find((member) => !attributeMembers.has(member) && member !== quality);
  if (other !== undefined) refuse(`an instance of its past has a value and a time, no ${other}`);
  if (kindOfBody(body) === "GeoProperty" && link.type !== "json") refuse("its values are no geometries");
  const value = valueOfJson(valueOfBody(body) ?? null);
  return fits(value, link.type) ? value : refuse(`its values are of the type ${link.type}`);
}

function fits(value: Value, type: ValueType): boolean {
  if (type === "json") return true;
  if (type === "boolean") return typeof value === "boolean";
  if (texts.has(type)) return typeof value === "string";
  return typeof value === "number" || typeof value === "bigint";
}
