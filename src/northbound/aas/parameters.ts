import { parseJson } from "../../aas/json/exact-json.ts";
import { referenceText } from "../../aas/metamodel/reference.ts";
import type { Reference } from "../../aas/metamodel/types.ts";
import type { Expected } from "../../aas/services/commit.ts";
import type { PageWish } from "../../aas/services/paging.ts";
import { assetKey } from "../../aas/services/shell-kind.ts";
import { isObject } from "../../aas/validation/check.ts";
import { validateReference } from "../../aas/validation/validate.ts";
import type { Modifiers } from "../../aas/value-only/modifiers.ts";
import { HubError } from "../../core/errors.ts";
import type { ApiRequest } from "../operation-types.ts";

const utf8 = new TextDecoder("utf-8", { fatal: true });
const json = "application/json";
const defaultLimit = 100;
const largestLimit = 1000;

/** An identifier of the path, base64url without padding (IDTA-01002 v3.1.2, "Design Decisions"). @throws `malformed` */
export function identifierOf(request: ApiRequest, name: string): string {
  return fromBase64url(request.params[name] ?? "", name);
}

export function toBase64url(text: string): string {
  return Buffer.from(text, "utf8").toString("base64url");
}

/** `level` and `extent`; other words are 400, whatever they are asked of. */
export function modifiersOf({ query }: ApiRequest): Modifiers {
  return {
    level: choice(query, "level", ["deep", "core"]) ?? "deep",
    extent: choice(query, "extent", ["withoutBlobValue", "withBlobValue"]) ?? "withoutBlobValue",
  };
}

/** "Modifier Constraints": metadata knows no level and no blob, references are never deep. @throws `malformed` */
export function refuseModifiers({ query }: ApiRequest, content: "metadata" | "reference"): void {
  const level = choice(query, "level", ["deep", "core"]);
  const extent = choice(query, "extent", ["withoutBlobValue", "withBlobValue"]);
  if (content === "metadata" && level !== undefined) throw wrong("level", "$metadata has no level", "no level");
  if (content === "metadata" && extent === "withBlobValue") {
    throw wrong("extent", "$metadata holds no blobs", "withoutBlobValue");
  }
  if (content === "reference" && level === "deep")
    throw wrong("level", "a reference has no depth", "core, or no level");
}

/** PATCH `$metadata` knows one level, core (PatchSubmodelById-Metadata). @throws `malformed` */
export function checkMetadataLevel({ query }: ApiRequest): void {
  choice(query, "level", ["core"]);
}

/** `limit` (1 to 1,000; 100 by default) and `cursor`. */
export function pageOfRequest({ query }: ApiRequest): PageWish {
  const limit = query.get("limit");
  const cursor = query.get("cursor");
  if (limit !== null && !/^[1-9][0-9]{0,8}$/.test(limit)) {
    throw wrong("limit", `"${printable(limit)}" is no page size`, `a whole number from 1 to ${largestLimit}`);
  }
  if (cursor === "") throw wrong("cursor", "the cursor is empty", "the cursor of the page before, or none");
  const size = Math.min(limit === null ? defaultLimit : Number(limit), largestLimit);
  return cursor === null ? { limit: size } : { limit: size, cursor };
}

/** A text filter such as `idShort`; `undefined` without one. */
export function textOf({ query }: ApiRequest, name: string): string | undefined {
  const text = query.get(name);
  if (text === null) return undefined;
  if (/\p{Cc}/u.test(text)) throw wrong(name, "control characters", "printable text");
  return text;
}

/** A reference as JSON in base64url, as the key that documents are found by; a bare base64url value is taken too. */
export function referenceKeyOf({ query }: ApiRequest, name: string): string | undefined {
  const encoded = query.get(name);
  if (encoded === null) return undefined;
  const text = fromBase64url(encoded, name);
  const content = jsonOrText(text);
  if (!isObject(content)) return text;
  return referenceText(validateReference(content) satisfies Reference);
}

/** `assetIds`: base64url JSON `{name, value}`, repeated, comma-separated or as an array. @returns keys, all wanted */
export function assetKeysOf({ query }: ApiRequest): readonly string[] {
  // "Design Decisions" spells the parameter in lower case too.
  const given = [...query.getAll("assetIds"), ...query.getAll("assetids")];
  const encoded = given.flatMap((list) => list.split(","));
  return encoded.flatMap((one) => {
    const content = jsonOrText(fromBase64url(one, "assetIds"));
    return (Array.isArray(content) ? content : [content]).map((link: unknown) => {
      if (isObject(link) && typeof link.name === "string" && typeof link.value === "string") {
        return assetKey(link.name, link.value);
      }
      throw wrong("assetIds", "no asset identifier", 'base64url of {"name": "globalAssetId", "value": "…"}');
    });
  });
}

/** Identifiers in the query, each base64url; repeated or comma-separated. */
export function identifiersOf({ query }: ApiRequest, name: string): readonly string[] {
  const encoded = query.getAll(name).flatMap((list) => list.split(","));
  return encoded.map((one) => fromBase64url(one, name));
}

/** `true` or `false`, with any case: some clients print their language's literals. */
export function flagOf({ query }: ApiRequest, name: string): boolean | undefined {
  const given = query.get(name);
  if (given === null) return undefined;
  const flag = given.toLowerCase();
  if (flag !== "true" && flag !== "false") throw wrong(name, `"${printable(given)}" is no boolean`, "true or false");
  return flag === "true";
}

/** If-None-Match: * asks that there is nothing yet. If-Match: the version in an entity tag of this API. Writes leave live values alone, so their part does not count. */
export function expectedOf({ headers }: ApiRequest): Expected {
  const given = headers["if-match"]?.trim();
  if (given === undefined) return headers["if-none-match"]?.trim() === "*" ? "absent" : undefined;
  if (given === "*") return "exist";
  const version = /^"(\d{1,15})(?:-[\w-]+)?(?:-gzip)?"$/.exec(given)?.[1];
  return { version: version === undefined ? Number.NaN : Number(version) };
}

/** The body as text. @throws `malformed`, `unsupported-media-type` */
export async function bodyText(request: ApiRequest): Promise<string> {
  const [type, ...parameters] = (request.headers["content-type"] ?? json).split(";").map((part) => part.trim());
  if (type?.toLowerCase() !== json && type?.toLowerCase().endsWith("+json") !== true) {
    throw new HubError("unsupported-media-type", `${printable(type ?? "")} is not taken here: ${json} is`);
  }
  const charset = parameters.find((parameter) => /^charset=/i.test(parameter));
  if (charset !== undefined && !/^charset="?utf-?8"?$/i.test(charset)) {
    throw new HubError("unsupported-media-type", `${printable(charset)} is not taken here: JSON is UTF-8`);
  }
  const body = await request.body();
  try {
    return utf8.decode(body);
  } catch (cause) {
    throw new HubError("malformed", "the body is not UTF-8", { cause });
  }
}

export async function jsonBody(request: ApiRequest): Promise<unknown> {
  return parseJson(await bodyText(request));
}

function choice<T extends string>(query: URLSearchParams, name: string, values: readonly T[]): T | undefined {
  const given = query.get(name);
  if (given === null) return undefined;
  const found = values.find((value) => value === given);
  if (found === undefined) throw wrong(name, `"${printable(given)}" is no ${name}`, values.join(" or "));
  return found;
}

function fromBase64url(text: string, place: string): string {
  const expected = "UTF-8 text in base64url without padding (RFC 4648, 5)";
  if (!/^[A-Za-z0-9_-]+$/.test(text) || text.length % 4 === 1) {
    throw wrong(place, `"${printable(text)}" is not base64url`, expected);
  }
  let decoded: string;
  try {
    decoded = utf8.decode(Buffer.from(text, "base64url"));
  } catch (cause) {
    throw wrong(place, "is not UTF-8 within its base64url", expected, cause);
  }
  if (/[\p{Cc}]/u.test(decoded.replace(/[\t\n\r]/g, ""))) throw wrong(place, "control characters", "printable text");
  return decoded;
}

/** Identifiers are no JSON, references are; which one it is shows in the parsing. */
function jsonOrText(text: string): unknown {
  return text.startsWith("{") || text.startsWith("[") ? parseJson(text) : text;
}

function wrong(place: string, message: string, expected: string, cause?: unknown): HubError {
  return new HubError("malformed", `${place}: ${message}`, { problems: [{ place, message, expected }], cause });
}

function printable(text: string): string {
  return text.slice(0, 100).replace(/\p{C}/gu, "\uFFFD");
}
