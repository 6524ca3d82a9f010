import { HubError } from "../../core/errors.ts";
import { type Dialect, plainDialect } from "../../time-series/flux/annotated-csv.ts";
import type { ApiRequest } from "../operation-types.ts";

/** A query as clients of InfluxDB 2 send it: the text alone, or JSON with a dialect. */
export interface InfluxRequest {
  readonly query: string;
  readonly dialect: Dialect;
  /** What relative times count from. */
  readonly now?: number;
}

const annotations = ["datatype", "group", "default"] as const;

/** @throws HubError `unsupported-media-type`, `malformed` with what would be right */
export async function influxRequest(request: ApiRequest): Promise<InfluxRequest> {
  const type = (request.headers["content-type"] ?? "").split(";")[0]?.trim().toLowerCase();
  const text = (await request.body()).toString("utf8");
  if (type === "application/vnd.flux") return { query: text, dialect: plainDialect };
  if (type !== "application/json") {
    throw new HubError("unsupported-media-type", `${type} is not taken: application/vnd.flux or application/json`);
  }
  const body = jsonObject(text);
  const { query, dialect = {}, now, type: language = "flux" } = body;
  if (typeof query !== "string") throw wrong("/query", "there is no query", "a text in Flux");
  if (language !== "flux") throw wrong("/type", `${String(language)} is not served`, "flux");
  const at = now === undefined ? undefined : Date.parse(String(now));
  if (Number.isNaN(at)) throw wrong("/now", "this is no time", "2026-11-22T00:00:00Z");
  return { query, dialect: dialectOf(dialect), ...(at === undefined ? {} : { now: at }) };
}

function dialectOf(given: unknown): Dialect {
  if (typeof given !== "object" || given === null) throw wrong("/dialect", "this is no dialect", "an object");
  const { header = true, delimiter = ",", annotations: wanted = [] } = given as Record<string, unknown>;
  if (typeof delimiter !== "string" || !/^[^"\r\n#]$/.test(delimiter)) {
    throw wrong("/dialect/delimiter", "this is no delimiter", "one character");
  }
  const list: readonly unknown[] = Array.isArray(wanted) ? wanted : [];
  return { header: header !== false, delimiter, annotations: annotations.filter((one) => list.includes(one)) };
}

function jsonObject(text: string): Readonly<Record<string, unknown>> {
  try {
    const body: unknown = JSON.parse(text);
    if (typeof body === "object" && body !== null && !Array.isArray(body)) return body as Record<string, unknown>;
  } catch (cause) {
    throw new HubError("malformed", "the body is no JSON", { cause });
  }
  throw wrong("", "the body is no object", "{ query: …, dialect: … }");
}

const wrong = (place: string, message: string, expected: string): HubError =>
  new HubError("malformed", `${place} ${message}: ${expected}`, { problems: [{ place, message, expected }] });
