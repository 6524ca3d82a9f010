import type { Value } from "../core/value.ts";

/**
 * Why no store can hold a value, or `undefined`. Texts with U+0000 or with half of a surrogate pair come from devices
 * with a broken string: one of them must not cost the commit that its reading shares with others.
 */
export function unstorableText(value: Value | undefined): string | undefined {
  switch (typeof value) {
    case "string":
      if (value.includes("\0")) return "a text holds the character U+0000";
      return value.isWellFormed() ? undefined : "a text holds half of a surrogate pair";
    case "object": {
      if (value === null) return undefined;
      for (const [key, member] of Object.entries(value)) {
        const problem = unstorableText(key) ?? unstorableText(member);
        if (problem !== undefined) return problem;
      }
      return undefined;
    }
    default:
      return undefined;
  }
}

/** A protocol's own code as a store can hold it. */
export function storableText(text: string): string {
  return text.toWellFormed().replaceAll("\0", "\ufffd");
}
