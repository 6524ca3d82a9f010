import type { Reading } from "../../core/reading.ts";
import type { Value } from "../../core/value.ts";
import type { MqttAddress } from "./address.ts";
import { parseExactJson } from "./exact-json.ts";
import { fieldAt } from "./field-path.ts";
import { sourceQuality } from "./source-quality.ts";
import { sourceTime } from "./source-time.ts";

/** Levels of a structured value; deeper ones are refused. */
const MAX_DEPTH = 64;

/** Codes of readings whose payload could not be used. */
export type PayloadFault =
  | "BadDecodingError" // not what the format says: broken JSON, not UTF-8
  | "BadNoData" // empty
  | "BadEncodingLimitsExceeded" // too long, too deep
  | "NoSuchField";

export interface Tag {
  readonly tag: string;
  readonly address: MqttAddress;
}

export interface Arrival {
  readonly source: string;
  readonly receivedTime: number;
  readonly maxPayload: number;
}

type Outcome<T> = { readonly value: T } | { readonly fault: PayloadFault };

/** Readings of all points of one topic from one message. What a payload does not have is a reading of bad quality. */
export function readPayload(payload: Buffer, tags: readonly Tag[], arrival: Arrival): readonly Reading[] {
  const content = new Content(payload, arrival.maxPayload);
  return tags.map(({ tag, address }) => reading(content, tag, address, arrival));
}

function reading(content: Content, tag: string, address: MqttAddress, { source, receivedTime }: Arrival): Reading {
  const found = content.valueOf(address);
  const at = address.time && sourceTime(content.field(address.time));
  const time = at === undefined ? { source, tag, receivedTime } : { source, tag, receivedTime, sourceTime: at };
  if ("fault" in found) return { ...time, value: null, quality: "bad", code: found.fault };
  if (address.quality) {
    const said = content.field(address.quality);
    if (said !== undefined) return { ...time, value: found.value, ...sourceQuality(said) };
    return { ...time, value: found.value, quality: "uncertain", code: "NoSuchField" };
  }
  // The value is what it is, but nobody knows of when.
  if (address.time && at === undefined)
    return { ...time, value: found.value, quality: "uncertain", code: "NoSourceTime" };
  return { ...time, value: found.value, quality: "good" };
}

/** A payload, read at most once each way. */
class Content {
  readonly #payload: Buffer;
  readonly #tooLong: boolean;
  #text: Outcome<string> | undefined;
  #json: Outcome<Value> | undefined;

  constructor(payload: Buffer, maxPayload: number) {
    this.#payload = payload;
    this.#tooLong = payload.length > maxPayload;
  }

  valueOf({ path, format }: MqttAddress): Outcome<Value> {
    if (this.#tooLong) return { fault: "BadEncodingLimitsExceeded" };
    if (format === "base64") return { value: this.#payload.toString("base64") };
    if (format === "utf8") return this.#utf8();
    if (format === "auto") return this.#scalarOrText();
    const json = this.#parsed();
    if ("fault" in json) return json;
    const value = fieldAt(json.value, path);
    if (value === undefined) return { fault: "NoSuchField" };
    return isTooDeep(value, MAX_DEPTH) ? { fault: "BadEncodingLimitsExceeded" } : { value };
  }

  /** A field beside the value; undefined where the payload has none. */
  field(path: MqttAddress["path"]): Value | undefined {
    if (this.#tooLong) return undefined;
    const json = this.#parsed();
    return "fault" in json ? undefined : fieldAt(json.value, path);
  }

  #scalarOrText(): Outcome<Value> {
    const text = this.#utf8();
    if ("fault" in text) return text;
    if (text.value === "") return { fault: "BadNoData" };
    if (/^\s*[[{]/.test(text.value)) return text;
    const json = this.#parsed();
    return "fault" in json ? text : json;
  }

  #utf8(): Outcome<string> {
    this.#text ??= decodeText(this.#payload);
    return this.#text;
  }

  #parsed(): Outcome<Value> {
    this.#json ??= this.#parse();
    return this.#json;
  }

  #parse(): Outcome<Value> {
    const text = this.#utf8();
    if ("fault" in text) return text;
    if (text.value === "") return { fault: "BadNoData" };
    try {
      return { value: parseExactJson(text.value) };
    } catch {
      return { fault: "BadDecodingError" };
    }
  }
}

function decodeText(payload: Buffer): Outcome<string> {
  try {
    return { value: new TextDecoder("utf-8", { fatal: true }).decode(payload) };
  } catch {
    return { fault: "BadDecodingError" };
  }
}

function isTooDeep(value: Value, levels: number): boolean {
  if (value === null || typeof value !== "object") return false;
  return levels === 0 || Object.values(value).some((part: Value) => isTooDeep(part, levels - 1));
}
