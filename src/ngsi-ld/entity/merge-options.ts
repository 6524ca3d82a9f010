import { HubError } from "../../core/errors.ts";
import { isArray, isObject, type Json } from "../json/json.ts";
import { isUri } from "../names.ts";
import { valueMembers } from "../vocabulary.ts";
import type { AttributeBody } from "./entity.ts";
import { kindOfBody, valueOfBody } from "./entity-document.ts";

/** What a merge is told beside its fragment (CIM 009 6.5.3.4). */
export interface MergeOptions {
  /** Values stand alone: an attribute that is there keeps its type. */
  readonly simplified?: boolean;
  /** The language of texts for a LanguageProperty that is there. */
  readonly lang?: string;
  /** For attributes that have an observedAt and are not sent with another. */
  readonly observedAt?: string;
}

/** The sent instance in the form of the one that is there (5.6.17.4). Throws HubError `invalid` where it cannot be. */
export function asMergedInto(
  stored: AttributeBody,
  sent: AttributeBody,
  name: string,
  { simplified, lang, observedAt }: MergeOptions,
): AttributeBody {
  const typed = simplified === true || lang !== undefined ? inStoredKind(stored, sent, name, lang) : sent;
  const isDated = observedAt !== undefined && stored.observedAt !== undefined && typed.observedAt === undefined;
  return isDated ? { ...typed, observedAt } : typed;
}

function inStoredKind(stored: AttributeBody, sent: AttributeBody, name: string, lang: string | undefined) {
  const kind = kindOfBody(stored);
  const value = valueOfBody(sent);
  if (kindOfBody(sent) === kind || kindOfBody(sent) !== "Property" || value === undefined) return sent;
  const fits =
    kind === "LanguageProperty"
      ? lang !== undefined && isText(value)
      : kind === "Relationship"
        ? isUri(value) || (isArray(value) && value.every(isUri))
        : kind === "ListProperty"
          ? isArray(value)
          : kind === "ListRelationship" && isArray(value) && value.every(isUri);
  if (!fits) {
    throw new HubError("invalid", `the value sent for ${name} is not that of a ${kind}, whose type cannot be changed`);
  }
  const { value: _value, type: _type, ...rest } = sent;
  const shown: Json = kind === "LanguageProperty" && lang !== undefined ? { [lang]: value } : value;
  return { type: kind, [valueMembers[kind]]: shown, ...rest };
}

const isText = (value: Json): boolean =>
  typeof value === "string" || (isArray(value) && value.every((item) => typeof item === "string"));

/** The simplified forms that keep their kind's member: `{ "languageMap": … }`, `{ "vocab": … }`, `{ "json": … }` (4.5.4). */
export const isMarkedValue = (json: Json): boolean =>
  isObject(json) &&
  Object.keys(json).length === 1 &&
  (isObject(json.languageMap) || json.vocab !== undefined || json.json !== undefined);
