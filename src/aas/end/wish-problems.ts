import type { TSchema } from "typebox";
import { Compile } from "typebox/compile";
import type { Problem } from "../../core/errors.ts";
import { type Place, placeText } from "../../core/place.ts";

/** Everything in which a part of a mapping file is not of its schema, at its own line. */
export function wishProblems(schema: TSchema, value: unknown, placeOf: (pointer: string) => Place): readonly Problem[] {
  const checker = Compile(schema);
  if (checker.Check(value)) return [];
  return checker.Errors(value).map(({ instancePath, message, keyword, params }) => ({
    place: placeText(placeOf(instancePath)),
    message: `${instancePath === "" ? "this" : instancePath.slice(1).replaceAll("/", ".")} ${message}`,
    ...expectation(keyword, params),
  }));
}

function expectation(keyword: string, params: unknown): { readonly expected?: string } {
  if (keyword !== "additionalProperties" && keyword !== "required") return {};
  const names = Object.values(params as Record<string, unknown>)
    .flat()
    .join(", ");
  return { expected: keyword === "required" ? `the members ${names}` : `no member ${names}` };
}
