import type { Value } from "../../core/value.ts";

/** Names and indexes that lead to a field of a JSON value: `motor.phases[0].current`, `["odd.name"]`. */
export type FieldPath = readonly string[];

const plainName = /[^.[\]#]+/y;
const index = /\[(0|[1-9]\d{0,8})\]/y;
const quotedName = /\[("(?:[^"\\]|\\.)*")\]/y;

/** Reads the path at the beginning of `text` and what stands behind it; undefined where there is none. */
export function readFieldPath(text: string): { readonly path: FieldPath; readonly rest: string } | undefined {
  const path: string[] = [];
  let at = 0;
  while (at < text.length && text[at] !== "#") {
    const step = readStep(text, at, path.length > 0);
    if (!step) return undefined;
    path.push(step.name);
    at = step.end;
  }
  return { path, rest: text.slice(at) };
}

/** The canonical text of a path. */
export function fieldPathText(path: FieldPath): string {
  return path
    .map((name, at) => {
      if (/^(0|[1-9]\d{0,8})$/.test(name)) return `[${name}]`;
      if (!/^[^.[\]#]+$/.test(name)) return `[${JSON.stringify(name)}]`;
      return at === 0 ? name : `.${name}`;
    })
    .join("");
}

/** The field, or undefined where there is none. */
export function fieldAt(value: Value, path: FieldPath): Value | undefined {
  let found: Value | undefined = value;
  for (const name of path) {
    if (found === null || typeof found !== "object") return undefined;
    if (!Object.hasOwn(found, name) || (Array.isArray(found) && name === "length")) return undefined;
    found = (found as { readonly [key: string]: Value })[name];
  }
  return found;
}

function readStep(text: string, from: number, dotted: boolean): { name: string; end: number } | undefined {
  if (text[from] === "[") {
    const number = matchAt(index, text, from);
    if (number) return { name: number[1] ?? "", end: from + number[0].length };
    const quoted = matchAt(quotedName, text, from);
    const name = unquote(quoted?.[1] ?? "");
    return quoted && name !== undefined ? { name, end: from + quoted[0].length } : undefined;
  }
  if (dotted !== (text[from] === ".")) return undefined;
  const start = dotted ? from + 1 : from;
  const plain = matchAt(plainName, text, start);
  return plain ? { name: plain[0], end: start + plain[0].length } : undefined;
}

function matchAt(pattern: RegExp, text: string, at: number): RegExpExecArray | null {
  const sticky = new RegExp(pattern);
  sticky.lastIndex = at;
  return sticky.exec(text);
}

function unquote(text: string): string | undefined {
  try {
    return String(JSON.parse(text));
  } catch {
    return undefined; // an escape that JSON does not know: the caller says what is wrong
  }
}
