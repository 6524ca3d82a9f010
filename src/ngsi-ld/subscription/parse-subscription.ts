import { HubError } from "../../core/errors.ts";
import type { Context } from "../context/contexts.ts";
import type { Format } from "../entity/render-attribute.ts";
import { isArray, isObject, type Json, type JsonObject } from "../json/json.ts";
import { isUri, requireDateTime, requireName, requireUri } from "../names.ts";
import { parseTypeSelection } from "../service/type-selection.ts";
import { type EntitySelector, type KeyValue, type Subscription, type Trigger, triggers } from "./subscription.ts";

/** Known to 5.2.12 and 5.2.14, not to this hub yet: refused, never ignored. */
const UNSUPPORTED = [
  "q",
  "geoQ",
  "scopeQ",
  "csf",
  "temporalQ",
  "timeInterval",
  "lang",
  "expandValues",
  "jsonKeys",
  "ngsildConformance",
];
const UNSUPPORTED_NOTIFICATION = ["join", "joinLevel", "showChanges"];
const KNOWN = new Set([
  "id",
  "type",
  "@context",
  "subscriptionName",
  "description",
  "entities",
  "watchedAttributes",
  "notificationTrigger",
  "isActive",
  "expiresAt",
  "throttling",
  "localOnly",
  "splitEntities",
  "datasetId",
  "jsonldContext",
  "notification",
  "status",
  "createdAt",
  "modifiedAt",
]);
const FORMATS: Readonly<Record<string, Format>> = {
  normalized: "normalized",
  concise: "concise",
  simplified: "simplified",
  keyValues: "simplified",
};
const ACCEPTED = ["application/json", "application/ld+json"];
const HEADER_NAME = /^[A-Za-z0-9!#$%&'*+.^_`|~-]+$/;
const HEADER_VALUE = /^[\t\x20-\x7e\x80-\xff]*$/;
/** Header fields that the hub writes itself: a receiver's own would contradict them. */
const HEADERS_OF_HUB: ReadonlySet<string> = new Set([
  "connection",
  "content-length",
  "content-type",
  "expect",
  "host",
  "keep-alive",
  "link",
  "ngsild-tenant",
  "proxy-authorization",
  "proxy-connection",
  "te",
  "trailer",
  "transfer-encoding",
  "upgrade",
]);
const MAX_ENTRIES = 1_000;
const MAX_HEADERS = 32;
const MAX_HEADER = 8_192;
const MAX_URI = 2_048;
const MAX_PATTERN = 512;

const refuse = (message: string): never => {
  throw new HubError("invalid", message);
};

/** A subscription from its body (5.2.12); `id` names one that has none. Throws HubError `invalid`, `unsupported`. */
export function parseSubscription(json: Json, context: Context, id: string): Subscription {
  const body = isObject(json) ? json : refuse("the subscription must be a JSON object");
  refuseUnsupported(body, UNSUPPORTED, "");
  const unknown = Object.keys(body).find((member) => !KNOWN.has(member));
  if (unknown !== undefined) refuse(`a subscription has no member "${unknown}"`);
  if (body.type !== "Subscription") refuse('the type must be "Subscription"');
  const expand = (name: Json): string => context.table.expand(requireName(name, "the attribute name"));
  const entities =
    body.entities === undefined
      ? undefined
      : list(body.entities, "entities").map((item) => parseSelector(item, context));
  const watched =
    body.watchedAttributes === undefined ? undefined : list(body.watchedAttributes, "watchedAttributes").map(expand);
  const localOnly = optional(body.localOnly, "localOnly", "boolean");
  if (entities === undefined && watched === undefined && localOnly !== true) {
    refuse("a subscription needs entities or watchedAttributes");
  }
  const throttling = optional(body.throttling, "throttling", "number");
  if (throttling !== undefined && throttling <= 0) refuse("throttling must be greater than 0 seconds");
  const notification = isObject(body.notification)
    ? body.notification
    : refuse("a subscription needs notification, an object");
  const written = body.id === undefined ? id : requireUri(body.id, "the subscription's id");
  return {
    id: written,
    name: optional(body.subscriptionName, "subscriptionName", "string"),
    description: optional(body.description, "description", "string"),
    entities,
    watchedAttributes: watched,
    notificationTrigger: parseTriggers(body.notificationTrigger),
    isActive: optional(body.isActive, "isActive", "boolean") ?? true,
    expiresAt: body.expiresAt === undefined ? undefined : requireDateTime(body.expiresAt, "expiresAt"),
    throttling,
    localOnly,
    // 5.8.1.4: without one it is the context of the subscription; one that has no URL cannot be named here.
    jsonldContext: body.jsonldContext === undefined ? context.url : requireUri(body.jsonldContext, "jsonldContext"),
    datasetId: parseDatasets(body.datasetId),
    context: context.reference,
    notification: parseNotification(notification, context),
  };
}

function parseNotification(json: JsonObject, context: Context): Subscription["notification"] {
  refuseUnsupported(json, UNSUPPORTED_NOTIFICATION, "notification.");
  const endpoint = isObject(json.endpoint) ? json.endpoint : refuse("notification.endpoint is missing");
  const uri = URL.parse(typeof endpoint.uri === "string" ? endpoint.uri : "");
  if (uri === null) refuse("notification.endpoint.uri must be a URL");
  if (uri !== null && uri.protocol !== "http:" && uri.protocol !== "https:") {
    throw new HubError("unsupported", `notifications over ${uri.protocol} are not supported; http: and https: are`);
  }
  if (String(endpoint.uri).length > MAX_URI) refuse(`notification.endpoint.uri is longer than ${MAX_URI} characters`);
  const accept = optional(endpoint.accept, "notification.endpoint.accept", "string");
  if (accept !== undefined && !ACCEPTED.includes(accept))
    refuse(`notification.endpoint.accept must be one of ${ACCEPTED.join(", ")}`);
  const timeout = optional(endpoint.timeout, "notification.endpoint.timeout", "number");
  if (timeout !== undefined && timeout <= 0) refuse("notification.endpoint.timeout must be greater than 0 ms");
  const chosen = ["attributes", "pick"].filter((member) => json[member] !== undefined);
  if (chosen.length > 1 || (json.attributes !== undefined && json.omit !== undefined)) {
    refuse("notification.attributes excludes notification.pick and notification.omit");
  }
  const both =
    isArray(json.pick) && isArray(json.omit)
      ? json.omit.find((name) => (json.pick as readonly Json[]).includes(name))
      : undefined;
  if (both !== undefined) refuse(`notification.pick and notification.omit both name ${JSON.stringify(both)}`);
  parseKeyValues(endpoint.notifierInfo);
  const names = (member: string, heads: boolean): readonly string[] | undefined => {
    const written = json[member];
    if (written === undefined) return undefined;
    return list(written, `notification.${member}`).map((name) =>
      heads && (name === "id" || name === "type" || name === "scope")
        ? name
        : context.table.expand(requireName(name, `the name in notification.${member}`)),
    );
  };
  return {
    attributes: names("attributes", false),
    pick: names("pick", true),
    omit: names("omit", true),
    format:
      json.format === undefined
        ? undefined
        : (FORMATS[String(json.format)] ?? refuse(`there is no format ${JSON.stringify(json.format)}`)),
    sysAttrs: optional(json.sysAttrs, "notification.sysAttrs", "boolean"),
    endpoint: { uri: endpoint.uri as string, accept, timeout, receiverInfo: parseKeyValues(endpoint.receiverInfo) },
  };
}

function parseSelector(json: Json, context: Context): EntitySelector {
  const entry = isObject(json) ? json : refuse("each entry of entities must be an object");
  const type = typeof entry.type === "string" ? entry.type : refuse("each entry of entities needs a type");
  if (type !== "*") parseTypeSelection(type, (name) => name);
  if (entry.id !== undefined && !isUri(entry.id)) refuse("the id in entities must be a URI");
  return {
    id: isUri(entry.id) ? entry.id : undefined,
    idPattern: parsePattern(entry.idPattern),
    type: mapTypes(type, (name) => context.table.expand(name)),
  };
}

function parsePattern(json: Json | undefined): string | undefined {
  const pattern = optional(json, "idPattern", "string");
  if (pattern !== undefined && pattern.length > MAX_PATTERN)
    refuse(`idPattern is longer than ${MAX_PATTERN} characters`);
  return pattern;
}

/** A type selection's text with its names replaced. */
export function mapTypes(text: string, replace: (name: string) => string): string {
  return text === "*" ? text : text.replace(/[^();,|]+/g, replace);
}

function parseDatasets(json: Json | undefined): readonly string[] | undefined {
  if (json === undefined) return undefined;
  return list(json, "datasetId").map((id) =>
    id === "@none" || isUri(id) ? id : refuse("datasetId must hold URIs or @none (CIM 009 4.5.5)"),
  );
}

function parseTriggers(json: Json | undefined): readonly Trigger[] | undefined {
  if (json === undefined) return undefined;
  return list(json, "notificationTrigger").map(
    (name) =>
      triggers.find((known) => known === name) ?? refuse(`notificationTrigger must be of ${triggers.join(", ")}`),
  );
}

function parseKeyValues(json: Json | undefined): readonly KeyValue[] | undefined {
  if (json === undefined) return undefined;
  const entries = list(json, "receiverInfo or notifierInfo");
  if (entries.length > MAX_HEADERS) refuse(`receiverInfo holds more than ${MAX_HEADERS} headers`);
  return entries.map((entry) => {
    const { key, value } = isObject(entry) ? entry : refuse("receiverInfo must hold objects with key and value");
    if (typeof key !== "string" || typeof value !== "string" || !HEADER_NAME.test(key) || !HEADER_VALUE.test(value)) {
      return refuse("receiverInfo must hold a header's name as key and its text as value");
    }
    if (key.length + value.length > MAX_HEADER)
      refuse(`a header in receiverInfo is longer than ${MAX_HEADER} characters`);
    if (HEADERS_OF_HUB.has(key.toLowerCase())) refuse(`the header ${key} is the hub's to write, not receiverInfo's`);
    return { key, value };
  });
}

function refuseUnsupported(json: JsonObject, members: readonly string[], place: string): void {
  const member = members.find((name) => json[name] !== undefined && json[name] !== false);
  if (member !== undefined)
    throw new HubError("unsupported", `this hub does not support ${place}${member} in subscriptions yet`);
}

function list(json: Json, what: string): readonly Json[] {
  if (!isArray(json) || json.length === 0) return refuse(`${what} must be an array with at least one entry`);
  return json.length <= MAX_ENTRIES ? json : refuse(`${what} has more than ${MAX_ENTRIES} entries`);
}

interface Primitives {
  readonly string: string;
  readonly number: number;
  readonly boolean: boolean;
}

function optional<K extends keyof Primitives>(
  json: Json | undefined,
  what: string,
  type: K,
): Primitives[K] | undefined {
  if (json === undefined) return undefined;
  return typeof json === type ? (json as Primitives[K]) : refuse(`${what} must be a ${type}`);
}
