import type { Context } from "../context/contexts.ts";
import { formats } from "../entity/render-attribute.ts";
import type { Json, JsonObject } from "../json/json.ts";
import { requireName } from "../names.ts";
import { checkHeaders, parseKeyValues } from "./key-values.ts";
import { flagOf, listOf, objectOf, oneOf, onlyMembers, positiveOf, readMembers, refuse, textOf } from "./members.ts";
import { requireMqtt } from "./mqtt-endpoint.ts";
import { checkDepth, parseEntries } from "./projection-entry.ts";
import { acceptedTypes, type Endpoint, joinDepth, type NotificationParams } from "./subscription.ts";

const OUTPUT_ONLY = ["lastFailure", "lastNotification", "lastSuccess", "status", "timesFailed", "timesSent"];
const KNOWN: ReadonlySet<string> = new Set([
  ...["endpoint", "attributes", "pick", "omit", "format", "join", "joinLevel", "showChanges", "sysAttrs"],
  ...OUTPUT_ONLY,
]);
const KNOWN_OF_ENDPOINT: ReadonlySet<string> = new Set([
  ...["uri", "accept", "cooldown", "notifierInfo", "receiverInfo", "timeout"],
]);
const MAX_URI = 2_048;
const MAX_JOIN_LEVEL = 10;
const HEAD_MEMBERS: ReadonlySet<string> = new Set(["id", "type", "scope"]);

/** CIM 009 5.2.14.1. Throws HubError `invalid`. */
export function parseNotification(json: JsonObject, context: Context): NotificationParams {
  onlyMembers(json, KNOWN, "notification");
  const { table } = context;
  const params = readMembers<NotificationParams>(json, {
    attributes: (list) =>
      listOf(list, "notification.attributes").map((name) =>
        typeof name === "string" && HEAD_MEMBERS.has(name)
          ? refuse(`notification.attributes takes names of attributes, not "${name}"`)
          : table.expand(requireName(name, "the name in notification.attributes")),
      ),
    pick: (list) => parseEntries(list, "pick", table),
    omit: (list) => parseEntries(list, "omit", table),
    format: (format) =>
      format === "keyValues" ? "simplified" : oneOf(format, [...formats, "keyValues" as never], "notification.format"),
    sysAttrs: flagOf,
    showChanges: flagOf,
    join: (join) => oneOf(join, ["flat", "inline", "@none"], "notification.join"),
    joinLevel: (level) =>
      typeof level === "number" && Number.isInteger(level) && level > 0 && level <= MAX_JOIN_LEVEL
        ? level
        : refuse(`notification.joinLevel must be an integer of 1 to ${MAX_JOIN_LEVEL}`),
    endpoint: parseEndpoint,
  });
  checkTogether(params);
  return params;
}

function checkTogether(params: NotificationParams): void {
  const { attributes, pick, omit, format, showChanges, join, joinLevel, endpoint } = params;
  if (endpoint === undefined) refuse("a subscription needs notification.endpoint");
  if (attributes !== undefined && (pick ?? omit) !== undefined) {
    refuse("notification.attributes excludes notification.pick and notification.omit");
  }
  checkDepth(pick, "pick", joinDepth(params));
  checkDepth(omit, "omit", joinDepth(params));
  const both = pick?.find((name) => omit?.includes(name));
  if (both !== undefined) refuse(`notification.pick and notification.omit both name ${both}`);
  if (showChanges === true && format === "simplified") {
    refuse("notification.showChanges needs more than the simplified format (CIM 009 5.2.14.1)");
  }
  if (joinLevel !== undefined && (join === undefined || join === "@none")) {
    refuse("notification.joinLevel goes with notification.join flat or inline only");
  }
}

/** 5.2.15. */
function parseEndpoint(json: Json): Endpoint {
  const body = objectOf(json, "notification.endpoint");
  onlyMembers(body, KNOWN_OF_ENDPOINT, "notification.endpoint");
  const place = (member: string): string => `notification.endpoint.${member}`;
  const endpoint = readMembers<Endpoint>(body, {
    uri: (uri, member) => textOf(uri, place(member)),
    accept: (type, member) => oneOf(type, acceptedTypes, place(member)),
    timeout: (ms, member) => positiveOf(ms, place(member)),
    cooldown: (ms, member) => positiveOf(ms, place(member)),
    receiverInfo: (pairs, member) => parseKeyValues(pairs, place(member)),
    notifierInfo: (pairs, member) => parseKeyValues(pairs, place(member)),
  });
  const url = URL.parse(endpoint.uri ?? "");
  if (url === null) return refuse("notification.endpoint.uri must be a URL");
  if (endpoint.uri.length > MAX_URI) refuse(`notification.endpoint.uri is longer than ${MAX_URI} characters`);
  if (url.protocol === "http:" || url.protocol === "https:") checkHeaders(endpoint.receiverInfo ?? []);
  else if (url.protocol === "mqtt:" || url.protocol === "mqtts:") requireMqtt(endpoint);
  else refuse(`notifications do not go over ${url.protocol}; http:, https:, mqtt: and mqtts: are possible`);
  return endpoint;
}
