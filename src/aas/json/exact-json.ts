import { HubError } from "../../core/errors.ts";
import { rawNumber } from "../../core/raw-number.ts";

/** A number as it stood in the JSON text: xs:long and xs:decimal are wider than what JavaScript's number holds. */
export class JsonNumber {
  readonly source: string;

  constructor(source: string) {
    this.source = source;
  }

  /** Goes back into JSON as the digits that came. */
  toJSON(): unknown {
    return rawNumber(this.source);
  }
}

/** Deeper than any submodel; what walks a body recursively must not run out of stack. */
const deepest = 200;

type Reviver = (key: string, value: unknown, context: { readonly source?: string }) => unknown;

/** The reviver's third argument, of ECMAScript's JSON source text access, is what TypeScript's library does not describe yet. */
const json = JSON as unknown as { parse(text: string, reviver: Reviver): unknown };

/** JSON text with its numbers exact, as `JsonNumber`. Throws `malformed`. */
export function parseExactJson(text: string): unknown {
  checkDepth(text);
  return parseWith(() =>
    json.parse(text, (_key, value, context) =>
      typeof value === "number" ? new JsonNumber(context.source ?? String(value)) : value,
    ),
  );
}

/** JSON text as it is. Throws `malformed`. */
export function parseJson(text: string): unknown {
  checkDepth(text);
  return parseWith(() => JSON.parse(text));
}

function parseWith(parse: () => unknown): unknown {
  try {
    return parse();
  } catch (error) {
    const reason = error instanceof Error ? error.message : String(error);
    throw new HubError("malformed", "the body is not JSON", {
      cause: error,
      problems: [{ place: "", message: `not JSON: ${reason}`, expected: "a JSON text in UTF-8" }],
    });
  }
}

/** @throws HubError `malformed`: too deep is 400 here, as is anything that cannot be read */
function checkDepth(text: string): void {
  let depth = 0;
  let inString = false;
  for (let i = 0; i < text.length; i++) {
    const char = text.charCodeAt(i);
    if (inString) {
      if (char === 0x5c) i++;
      else if (char === 0x22) inString = false;
    } else if (char === 0x22) inString = true;
    else if (char === 0x5b || char === 0x7b) {
      if (++depth > deepest) throw new HubError("malformed", `the body nests deeper than ${deepest} levels`);
    } else if (char === 0x5d || char === 0x7d) depth--;
  }
}

/** A body of `parseExactJson` with ordinary numbers, for members that hold none worth keeping exact. */
export function plainJson(value: unknown): unknown {
  if (value instanceof JsonNumber) return Number(value.source);
  if (Array.isArray(value)) return value.map(plainJson);
  if (typeof value !== "object" || value === null) return value;
  return Object.fromEntries(Object.entries(value).map(([key, member]) => [key, plainJson(member)]));
}
