import { HubError } from "../../core/errors.ts";
import type { ApiRequest } from "../operation-types.ts";

export const JSON_TYPE = "application/json";
export const LD_TYPE = "application/ld+json";
export const GEO_TYPE = "application/geo+json";
export type AnswerType = typeof JSON_TYPE | typeof LD_TYPE | typeof GEO_TYPE;

const PLAIN: readonly AnswerType[] = [JSON_TYPE, LD_TYPE];
const WITH_GEO: readonly AnswerType[] = [JSON_TYPE, LD_TYPE, GEO_TYPE];

/**
 * The type of the answer (CIM 009 6.3.4): the highest weight wins, at equal weights JSON before JSON-LD before GeoJSON,
 * which only entity retrieval and query offer. Throws HubError `not-acceptable`.
 */
export function negotiate(accept: string | undefined, geo = false): AnswerType {
  if (accept === undefined || accept.trim() === "" || accept === "*/*") return JSON_TYPE;
  const offered = geo ? WITH_GEO : PLAIN;
  const ranges = accept.split(",").map(parseRange);
  let best: { readonly type: AnswerType; readonly weight: number } | undefined;
  for (const type of offered) {
    const weight = weightOf(type, ranges);
    if (weight > (best?.weight ?? 0)) best = { type, weight };
  }
  if (best === undefined) throw new HubError("not-acceptable", `available representations: ${offered.join(", ")}`);
  return best.type;
}

interface MediaRange {
  readonly name: string;
  readonly weight: number;
}

function parseRange(text: string): MediaRange {
  const [name = "", ...parameters] = text.split(";").map((part) => part.trim());
  const written = parameters.find((parameter) => /^q\s*=/i.test(parameter))?.split("=")[1];
  // RFC 9110, 12.4.2; what is no weight leaves the default.
  const weight = /^(?:0(?:\.\d*)?|1(?:\.0*)?)$/.test(written?.trim() ?? "") ? Number(written) : 1;
  return { name: name.toLowerCase(), weight };
}

/** The most specific range that holds the type decides. */
function weightOf(type: string, ranges: readonly MediaRange[]): number {
  const group = `${type.split("/")[0]}/*`;
  const fitting = (name: string): MediaRange | undefined => ranges.find((range) => range.name === name);
  return (fitting(type) ?? fitting(group) ?? fitting("*/*"))?.weight ?? 0;
}

/** Checks a request with a body (6.3.4). Throws `length-required`, `unsupported-media-type`. */
export function bodyType({ headers, method }: ApiRequest): typeof JSON_TYPE | typeof LD_TYPE {
  if (headers["content-length"] === undefined) throw new HubError("length-required", "Content-Length is required");
  const type = (headers["content-type"] ?? "").split(";")[0]?.trim().toLowerCase();
  if (type === LD_TYPE) return LD_TYPE;
  if (type === JSON_TYPE || (method === "PATCH" && type === "application/merge-patch+json")) return JSON_TYPE;
  throw new HubError("unsupported-media-type", `${type || "no Content-Type"} is neither ${JSON_TYPE} nor ${LD_TYPE}`);
}
