import type { Signal } from "../../core/signal.ts";
import { isoTime } from "../../core/time.ts";
import type { Json } from "../json/json.ts";
import { jsonOfValue } from "../json/value-json.ts";
import { DEFAULT_VOCAB, valueMembers } from "../vocabulary.ts";
import type { AttributeBody } from "./entity.ts";
import { kindOfBody } from "./entity-document.ts";

/** The names of the sub-attributes that show a signal's quality (design rule 7). */
export interface QualityNames {
  readonly quality: string;
  /** Inside the quality: the protocol's own status. */
  readonly code: string;
}

export const defaultQualityNames: QualityNames = {
  quality: `${DEFAULT_VOCAB}quality`,
  code: `${DEFAULT_VOCAB}statusCode`,
};

/** A linked attribute as it reads now: value, time and quality from the signal, the rest from the document. */
export function liveBody(stored: AttributeBody, signal: Signal, names: QualityNames): AttributeBody | undefined {
  if (signal.value === undefined) return undefined;
  const kind = kindOfBody(stored);
  const quality: Record<string, Json> = { type: "Property", value: signal.quality };
  if (signal.code !== undefined) quality[names.code] = { type: "Property", value: signal.code };
  const { type: _type, ...rest } = stored;
  return {
    type: kind,
    [valueMembers[kind]]: jsonOfValue(signal.value),
    observedAt: isoTime(signal.at),
    ...rest,
    [names.quality]: quality,
  };
}

/** What a client may keep on a linked attribute: everything but what the signal and the link own (rules 3 and 7). */
export function clientShare(body: AttributeBody, stored: AttributeBody, names: QualityNames): AttributeBody {
  const kept: Record<string, Json> = { type: kindOfBody(stored) };
  if (stored.unitCode !== undefined) kept.unitCode = stored.unitCode;
  for (const [member, value] of Object.entries(body)) {
    const owned =
      member === "type" ||
      member === "observedAt" ||
      member === "unitCode" ||
      member === "expiresAt" ||
      member === valueMembers[kindOfBody(stored)] ||
      member === names.quality;
    if (!owned) kept[member] = value;
  }
  return kept;
}

export const isStale = (signal: Signal): boolean => signal.quality !== "good" && signal.value !== undefined;
