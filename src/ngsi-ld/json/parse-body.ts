import { HubError } from "../../core/errors.ts";
import { isArray, isObject, type Json, parseJson } from "./json.ts";

const MAX_DEPTH = 64;

/**
 * A request's JSON, bounded in depth and free of text that no store can keep. Throws HubError `malformed` (InvalidRequest)
 * for what is not JSON, `invalid` (BadRequestData) for what is too deep or holds U+0000, lone surrogates or numbers beyond a double. CIM 009 4.6.1, 5.5.4.
 */
export function parseBody(bytes: Uint8Array): Json {
  let parsed: Json;
  try {
    parsed = parseJson(new TextDecoder("utf-8", { fatal: true }).decode(bytes));
  } catch (cause) {
    throw new HubError("malformed", "the body is not valid JSON in UTF-8", { cause });
  }
  checkText(parsed, "", 0);
  return parsed;
}

function checkText(json: Json, pointer: string, depth: number): void {
  if (depth > MAX_DEPTH) {
    throw new HubError("invalid", `the body is nested deeper than ${MAX_DEPTH} levels at ${pointer}`);
  }
  if (typeof json === "string") {
    checkString(json, pointer);
  } else if (typeof json === "number") {
    if (!Number.isFinite(json))
      throw new HubError("invalid", `the number at ${pointer || "/"} is too large for a double`);
  } else if (isArray(json)) {
    for (const [index, item] of json.entries()) checkText(item, `${pointer}/${index}`, depth + 1);
  } else if (isObject(json)) {
    for (const [key, item] of Object.entries(json)) {
      checkString(key, pointer);
      checkText(item, `${pointer}/${key}`, depth + 1);
    }
  }
}

function checkString(text: string, pointer: string): void {
  if (text.includes("\0") || !text.isWellFormed()) {
    throw new HubError("invalid", `the text at ${pointer || "/"} holds U+0000 or a lone surrogate`);
  }
}
