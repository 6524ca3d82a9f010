import type { TermTable } from "../context/term-table.ts";
import { isArray, isObject, type Json, type JsonObject } from "../json/json.ts";
import { attributeMembers, valueMembers } from "../vocabulary.ts";
import type { AttributeBody } from "./entity.ts";
import { kindOfBody, valueOfBody } from "./entity-document.ts";
import { type LanguageFilter, textIn } from "./language-filter.ts";
import { isGeometry } from "./parse-value.ts";

export const formats = ["normalized", "concise", "simplified"] as const;
export type Format = (typeof formats)[number];

/** Members that only `sysAttrs` shows (CIM 009 4.8): ISO times. */
export interface SystemTimes {
  readonly createdAt: string;
  readonly modifiedAt: string;
}

/** One instance in the asked representation, names compacted: normalized (4.5.2.2), concise (4.5.2.3, 4.7.3), simplified (4.5.4). */
export function renderAttribute(
  body: AttributeBody,
  format: Format,
  table: TermTable,
  system: SystemTimes | undefined,
  language?: LanguageFilter,
): Json {
  const shown = language === undefined ? body : inLanguage(body, language);
  if (format === "simplified") return renderSimplified(shown, table);
  const rendered = renderObject(shown, format, table, system, language);
  return format === "concise" ? shortened(rendered) : rendered;
}

function renderObject(
  body: AttributeBody,
  format: Format,
  table: TermTable,
  system: SystemTimes | undefined,
  language: LanguageFilter | undefined,
): Record<string, Json> {
  const shown: Record<string, Json> = {};
  const kind = kindOfBody(body);
  for (const [member, value] of Object.entries(body)) {
    if (member === "type") {
      if (format === "normalized" || (kind === "Property" && isGeometry(body.value))) shown.type = value;
    } else if (member === "expiresAt" && system === undefined) {
      // Shown with sysAttrs alone.
    } else if (member === "vocab" || member === "objectType" || member === "valueType") {
      shown[member] = compactNames(value, table);
    } else if (member === "ngsildproof" && isObject(value) && value.entityTypeSealed !== undefined) {
      shown[member] = { ...value, entityTypeSealed: compactNames(value.entityTypeSealed, table) };
    } else if (member === "objectList" && format === "normalized") {
      shown[member] = isArray(value) ? value.map((object) => ({ object })) : value;
    } else if (attributeMembers.has(member) || member === "lang") {
      shown[member] = value;
    } else {
      const render = (item: Json): Json =>
        isObject(item) ? renderAttribute(item, format, table, system, language) : item;
      shown[table.compact(member)] = isArray(value) ? value.map(render) : render(value);
    }
  }
  if (system !== undefined) Object.assign(shown, system);
  return shown;
}

/** 4.15: a LanguageProperty as a Property in the one language, which it names. */
export function inLanguage(body: AttributeBody, language: LanguageFilter): AttributeBody {
  if (kindOfBody(body) !== "LanguageProperty") return body;
  const { type: _type, languageMap, ...rest } = body;
  const text = textIn(languageMap, language);
  return text === undefined ? body : { type: "Property", value: text.value, lang: text.lang, ...rest };
}

/** 4.5.2.3: what holds nothing but its value is the value, unless that would read as an attribute. */
function shortened(rendered: JsonObject): Json {
  const value = rendered.value;
  if (value === undefined || Object.keys(rendered).length > 1) return rendered;
  return isObject(value) && !isGeometry(value) ? rendered : isArray(value) && value.some(isObject) ? rendered : value;
}

function renderSimplified(body: AttributeBody, table: TermTable): Json {
  const kind = kindOfBody(body);
  const value = valueOfBody(body) ?? null;
  switch (kind) {
    case "LanguageProperty":
    case "JsonProperty":
      return { [valueMembers[kind]]: value };
    case "VocabProperty":
      return { vocab: compactNames(value, table) };
    default:
      return value;
  }
}

function compactNames(value: Json, table: TermTable): Json {
  if (isArray(value)) return value.map((item) => compactNames(item, table));
  return typeof value === "string" ? table.compact(value) : value;
}
