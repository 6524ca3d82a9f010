import { Ajv2020, type ValidateFunction } from "ajv/dist/2020.js";
import type { OfficialAnswer, OfficialOperation } from "./openapi.ts";

/** What a hub answered, with its body whole. */
export interface Answer {
  /** Where it was asked. */
  readonly url: string;
  readonly status: number;
  readonly headers: Headers;
  readonly bytes: Buffer;
}

/** Says what of an answer is not as the official OpenAPI describes it; nothing where all is. */
export type Judge = (operation: OfficialOperation, answer: Answer) => readonly string[];

const base = "https://admin-shell.io/official/";

/** @param files IDTA's, parsed */
export function createJudge(files: ReadonlyMap<string, object>): Judge {
  // Not Unicode: the official patterns spell surrogates one by one.
  const ajv = new Ajv2020({ strict: false, allErrors: true, validateFormats: false, unicodeRegExp: false });
  for (const [file, content] of files) ajv.addSchema(content, `${base}${file}`);
  const compiled = new Map<string, ValidateFunction>();
  const validatorOf = (place: string): ValidateFunction => {
    const [file = "", pointer = ""] = place.split("#");
    const known =
      compiled.get(place) ??
      ajv.compile({ $ref: `${base}${file}#${pointer.split("/").map(encodeURIComponent).join("/")}` });
    compiled.set(place, known);
    return known;
  };

  return (operation, { status, headers, bytes }) => {
    const documented = operation.answers.get(String(status)) ?? operation.answers.get("default");
    if (documented === undefined) return [`${status} is not among ${[...operation.answers.keys()].join(", ")}`];
    const missing = documented.headers.filter((name) => headers.get(name) === null);
    return [...missing.map((name) => `no header ${name}`), ...bodyProblems(status, documented, headers, bytes)];
  };

  function bodyProblems(
    status: number,
    { content }: OfficialAnswer,
    headers: Headers,
    bytes: Buffer,
  ): readonly string[] {
    if (status === 204) return bytes.length === 0 ? [] : ["a body, which 204 cannot have"];
    if (content.size === 0) return [];
    const type = (headers.get("content-type") ?? "").split(";")[0]?.trim() ?? "";
    const place = content.get(type) ?? content.get("*/*");
    if (place === undefined) return [`the media type ${type || "none"} is not among ${[...content.keys()].join(", ")}`];
    if (type !== "application/json") return bytes.length > 0 ? [] : ["no content"];
    let body: unknown;
    try {
      body = JSON.parse(bytes.toString());
    } catch {
      return ["no JSON"];
    }
    const validate = validatorOf(place);
    if (validate(body)) return [];
    return (validate.errors ?? []).slice(0, 5).map(({ instancePath, message }) => `${instancePath}: ${message}`);
  }
}
