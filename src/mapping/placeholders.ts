import { knownNames } from "./known-names.ts";
import type { ProblemText } from "./problem.ts";

/** Fields of one asset, and the name under which the mapping knows it: `press` in `{press.name}`. */
export interface AssetFields {
  readonly as: string | undefined;
  readonly fields: Readonly<Record<string, string>>;
}

const placeholder = /\{\{|\}\}|\{([^{}]*)\}?/g;

/**
 * Puts the asset's fields where `{press.name}` stands; `{{` and `}}` are plain braces. What is wrong goes to `wrong`
 * and stays as it was written.
 */
export function fillText(text: string, asset: AssetFields, wrong: (problem: ProblemText) => void): string {
  if (!text.includes("{") && !text.includes("}")) return text;
  return text.replace(placeholder, (whole, inside: string | undefined) => {
    if (whole === "{{") return "{";
    if (whole === "}}") return "}";
    const filled = fieldOf(whole, inside ?? "", asset);
    if (typeof filled === "string") return filled;
    wrong(filled);
    return whole;
  });
}

function fieldOf(whole: string, inside: string, { as, fields }: AssetFields): string | ProblemText {
  if (!whole.endsWith("}")) {
    return { message: `the placeholder "${whole}" is not closed`, expected: "{name.field}, or {{ for a plain brace" };
  }
  if (as === undefined) {
    return { message: `"${whole}" cannot be filled without forEach`, expected: "plain text, or {{ for a plain brace" };
  }
  const dot = inside.indexOf(".");
  const [name, field] = dot < 0 ? [inside, ""] : [inside.slice(0, dot), inside.slice(dot + 1)];
  if (name.trim() !== as) {
    return { message: `"${whole}" names no asset`, expected: `{${as}.field}, or {{ for a plain brace` };
  }
  const value = Object.hasOwn(fields, field.trim()) ? fields[field.trim()] : undefined;
  if (value !== undefined) return value;
  return {
    message: `"${whole}": the asset "${fields.name ?? ""}" has no field "${field}"`,
    expected: knownNames(field, Object.keys(fields)),
  };
}

/** The same for every text inside a value; keys stay as they are. `wrong` is told the JSON pointer below the value. */
export function fillValue(
  value: unknown,
  asset: AssetFields,
  wrong: (problem: ProblemText, pointer: string) => void,
  pointer = "",
): unknown {
  if (typeof value === "string") return fillText(value, asset, (problem) => wrong(problem, pointer));
  if (Array.isArray(value)) return value.map((item, index) => fillValue(item, asset, wrong, `${pointer}/${index}`));
  if (typeof value !== "object" || value === null) return value;
  return Object.fromEntries(
    Object.entries(value).map(([key, member]) => [
      key,
      fillValue(member, asset, wrong, `${pointer}/${key.replaceAll("~", "~0").replaceAll("/", "~1")}`),
    ]),
  );
}
