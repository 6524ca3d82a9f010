import { HubError } from "../../core/errors.ts";
import type { Value } from "../../core/value.ts";
import type { MqttAddress } from "./address.ts";
import { exactJson } from "./exact-json.ts";

/** Stands for the value in a template. */
const PLACE = "$value";

/** The payload that writes `value`. Throws HubError `invalid` where JSON cannot say it. */
export function commandPayload(value: Value, template: MqttAddress["template"]): string {
  if (template === undefined && typeof value === "string") return value;
  const json = exactJson(template === undefined ? value : fill(template, value));
  if (json === undefined) throw new HubError("invalid", "JSON has neither NaN nor infinity");
  return json;
}

function fill(template: Value, value: Value): Value {
  if (template === PLACE) return value;
  if (template === null || typeof template !== "object") return template;
  if (Array.isArray(template)) return template.map((part: Value) => fill(part, value));
  return Object.fromEntries(Object.entries(template).map(([name, part]) => [name, fill(part, value)]));
}
