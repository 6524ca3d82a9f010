import { isoTime } from "../../core/time.ts";
import type { ApiRequest, ApiResponse } from "../operation-types.ts";
import { jsonResponse } from "../problem-details.ts";

/** Fields that hold milliseconds since the epoch, shown as ISO 8601 in UTC. */
const times: ReadonlySet<string> = new Set([
  "at",
  "since",
  "nextAttemptAt",
  "lastReadingAt",
  "lastAliveAt",
  "sourceTime",
  "receivedTime",
]);

/** Beyond it there is no date (ECMAScript, time values). */
const lastDate = 8.64e15;

/** JSON for machines; the same with line breaks for a browser, where a person reads it. NaN and infinities are told by name. */
export function adminJson(body: unknown, { headers }: Pick<ApiRequest, "headers">): ApiResponse {
  const forPeople = headers.accept?.includes("text/html") === true;
  const spoken = readable(body, "");
  return jsonResponse(spoken, 200, { indent: forPeople ? 2 : 0, headers: { vary: "accept" } });
}

function readable(value: unknown, name: string): unknown {
  if (typeof value === "number") {
    if (!Number.isFinite(value)) return String(value);
    return times.has(name) && Math.abs(value) <= lastDate ? isoTime(value) : value;
  }
  // A value of a device is data: its members keep their names and forms.
  const below = (key: string): string => (name === "value" ? "value" : key);
  if (Array.isArray(value)) return value.map((item: unknown) => readable(item, name === "value" ? "value" : ""));
  if (typeof value !== "object" || value === null) return value;
  return Object.fromEntries(Object.entries(value).map(([key, item]) => [key, readable(item, below(key))]));
}
