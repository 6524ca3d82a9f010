import type { Quality } from "../../core/quality.ts";
import type { Value } from "../../core/value.ts";

/** Quality as a payload says it, with the text that it used where that says more. Not understood: uncertain. */
export function sourceQuality(value: Value | undefined): { readonly quality: Quality; readonly code?: string } {
  if (typeof value === "boolean") return { quality: value ? "good" : "bad" };
  if (typeof value === "number" && Number.isInteger(value) && value >= 0 && value <= 0xffff_ffff)
    return fromStatusCode(value);
  if (typeof value === "string") {
    const word = /^(good|uncertain|bad)/i.exec(value)?.[0].toLowerCase();
    if (word === "good" || word === "uncertain" || word === "bad") {
      return value.length === word.length ? { quality: word } : { quality: word, code: value };
    }
  }
  return { quality: "uncertain", code: "UnknownQuality" };
}

/** OPC 10000-4, 7.39: the two highest bits are the severity. */
function fromStatusCode(code: number): { readonly quality: Quality; readonly code?: string } {
  if (code === 0) return { quality: "good" };
  const severity = code >>> 30;
  const quality = severity === 0 ? "good" : severity === 1 ? "uncertain" : "bad";
  return { quality, code: `0x${code.toString(16).toUpperCase().padStart(8, "0")}` };
}
