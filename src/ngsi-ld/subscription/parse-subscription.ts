import { RE2JS } from "re2js";
import { HubError } from "../../core/errors.ts";
import type { Context } from "../context/contexts.ts";
import { parseLanguageFilter } from "../entity/language-filter.ts";
import { isArray, type Json, type JsonObject } from "../json/json.ts";
import { isDateTime, isUri, requireDateTime, requireName, requireUri } from "../names.ts";
import { parseTypeSelection } from "../service/type-selection.ts";
import { parseGeoQ, parseQ, parseScopeQ } from "./conditions.ts";
import { flagOf, listOf, objectOf, oneOf, onlyMembers, positiveOf, readMembers, refuse, textOf } from "./members.ts";
import { parseNotification } from "./parse-notification.ts";
import {
  type EntitySelector,
  joinDepth,
  type NotificationParams,
  type Subscription,
  type SubscriptionMembers,
  triggers,
} from "./subscription.ts";

/** Made by the broker: ignored where a client sends them (table 5.2.12-2, 4.8). */
const READ_ONLY = ["status", "createdAt", "modifiedAt"];
const MAX_PATTERN = 512;
const VERSION = /^\d+\.\d+$/;
const TIME_RELATIONS = ["before", "after", "between"] as const;
const TIME_PROPERTIES = ["observedAt", "createdAt", "modifiedAt", "deletedAt"] as const;

type Readers = { readonly [K in keyof SubscriptionMembers]-?: Reader<Exclude<SubscriptionMembers[K], undefined>> };
type Reader<T> = (json: Json, member: string) => T;

/** What is said elsewhere and changes how q is read. */
export interface QuerySetting {
  readonly expandValues: string | undefined;
  readonly notification: Pick<NotificationParams, "join" | "joinLevel">;
}

const readersIn = (context: Context, setting: QuerySetting): Readers => {
  const terms = setting.expandValues?.split(",").map((name) => context.table.expand(name.trim()));
  const options = {
    joinDepth: joinDepth(setting.notification),
    ...(terms === undefined ? {} : { expandValues: new Set(terms) }),
  };
  const names: Reader<readonly string[]> = (json, member) =>
    listOf(json, member).map((name) => context.table.expand(requireName(name, `the name in ${member}`)));
  return {
    subscriptionName: textOf,
    description: textOf,
    entities: (json, member) => listOf(json, member).map((entry) => parseSelector(entry, context)),
    watchedAttributes: names,
    notificationTrigger: (json, member) => listOf(json, member).map((name) => oneOf(name, triggers, member)),
    q: (json) => parseQ(json, context, options),
    geoQ: (json) => parseGeoQ(json, context),
    scopeQ: parseScopeQ,
    csf: (json) => parseQ(json, context, {}).written,
    temporalQ: parseTemporalQ,
    timeInterval: positiveOf,
    throttling: positiveOf,
    isActive: flagOf,
    expiresAt: requireDateTime,
    lang: (json, member) => {
      parseLanguageFilter(textOf(json, member));
      return textOf(json, member);
    },
    localOnly: flagOf,
    splitEntities: flagOf,
    expandValues: textOf,
    jsonKeys: textOf,
    ngsildConformance: (json, member) =>
      VERSION.test(textOf(json, member)) ? textOf(json, member) : refuse(`${member} must be of the form 1.5`),
    jsonldContext: requireUri,
    datasetId: (json, member) =>
      listOf(json, member).map((id) =>
        id === "@none" || isUri(id) ? id : refuse("datasetId must hold URIs or @none (CIM 009 4.5.5)"),
      ),
  };
};

/** A subscription from its body (5.2.12); `id` names one that has none. Throws HubError `invalid`, `too-complex`. */
export function parseSubscription(json: Json, context: Context, id: string, now: string): Subscription {
  const body = objectOf(json, "the subscription");
  const notification = parseNotification(objectOf(body.notification, "the subscription's notification"), context);
  if (body.type !== "Subscription") refuse('the type must be "Subscription"');
  const subscription: Subscription = {
    // 5.8.1.4: without one it is the context of the subscription.
    ...(context.url === undefined ? {} : { jsonldContext: context.url }),
    ...parseMembers(body, context, { expandValues: expandValuesOf(body), notification }),
    id: body.id === undefined ? id : requireUri(body.id, "the subscription's id"),
    context: context.reference,
    createdAt: now,
    modifiedAt: now,
    notification,
  };
  checkTogether(subscription);
  return subscription;
}

export const expandValuesOf = ({ expandValues }: JsonObject): string | undefined =>
  expandValues === undefined ? undefined : textOf(expandValues, "expandValues");

/** The members of a subscription or of a fragment of one, but for `notification`. Throws HubError `invalid`, `too-complex`. */
export function parseMembers(body: JsonObject, context: Context, setting: QuerySetting): SubscriptionMembers {
  const readers = readersIn(context, setting);
  const known = new Set([...Object.keys(readers), ...READ_ONLY, "id", "type", "@context", "notification"]);
  onlyMembers(body, known, "a subscription");
  return readMembers<SubscriptionMembers>(body, readers);
}

/** What table 5.2.12-1 says of members together. Throws HubError `invalid`. */
export function checkTogether(subscription: Subscription): void {
  const { entities, watchedAttributes, timeInterval, throttling, localOnly } = subscription;
  if (localOnly !== true) {
    if (entities === undefined && watchedAttributes === undefined) {
      refuse("a subscription needs entities or watchedAttributes");
    }
    if (timeInterval !== undefined && entities === undefined) refuse("timeInterval needs entities");
  }
  if (localOnly === false && entities?.some(({ type }) => type === "*") === true) {
    refuse('the type "*" means local entities, so localOnly must not be false (CIM 009 5.2.33)');
  }
  if (timeInterval !== undefined && watchedAttributes !== undefined) refuse("timeInterval excludes watchedAttributes");
  if (timeInterval !== undefined && throttling !== undefined) refuse("timeInterval excludes throttling");
}

const SELECTOR: ReadonlySet<string> = new Set(["id", "idPattern", "type"]);

/** 5.2.33. */
function parseSelector(json: Json, context: Context): EntitySelector {
  const entry = objectOf(json, "each entry of entities");
  onlyMembers(entry, SELECTOR, "an entry of entities");
  const type = typeof entry.type === "string" ? entry.type : refuse("each entry of entities needs a type");
  if (type !== "*") parseTypeSelection(type, (name) => name);
  const ids = entry.id === undefined ? undefined : isArray(entry.id) ? listOf(entry.id, "id in entities") : [entry.id];
  return {
    ...(ids === undefined ? {} : { id: ids.map((id) => requireUri(id, "the id in entities")) }),
    ...(entry.idPattern === undefined ? {} : { idPattern: parsePattern(entry.idPattern) }),
    type: mapTypes(type, (name) => context.table.expand(name)),
  };
}

function parsePattern(json: Json): string {
  const pattern = textOf(json, "idPattern");
  if (pattern.length > MAX_PATTERN) refuse(`idPattern is longer than ${MAX_PATTERN} characters`);
  idTest(pattern);
  return pattern;
}

/** Throws HubError `invalid` for what is no regular expression. */
export function idTest(pattern: string): (id: string) => boolean {
  try {
    const expression = RE2JS.compile(pattern);
    return (id) => expression.matcher(id).find();
  } catch (cause) {
    throw new HubError("invalid", `idPattern ${JSON.stringify(pattern)} is not a regular expression`, { cause });
  }
}

/** A type selection's text with its names replaced. */
export function mapTypes(text: string, replace: (name: string) => string): string {
  return text === "*" ? text : text.replace(/[^();,|]+/g, replace);
}

/** 5.2.21; meant for subscriptions of registrations alone, so only its form matters here. */
function parseTemporalQ(json: Json): JsonObject {
  const body = objectOf(json, "temporalQ");
  const timerel = oneOf(body.timerel ?? null, TIME_RELATIONS, "temporalQ.timerel");
  if (!isDateTime(body.timeAt)) refuse("temporalQ.timeAt must be a DateTime");
  if (timerel === "between" ? !isDateTime(body.endTimeAt) : body.endTimeAt !== undefined) {
    refuse("temporalQ.endTimeAt goes with timerel between, as a DateTime");
  }
  if (body.timeproperty !== undefined) oneOf(body.timeproperty, TIME_PROPERTIES, "temporalQ.timeproperty");
  const { lastN } = body;
  if (lastN !== undefined && !(typeof lastN === "number" && Number.isInteger(lastN) && lastN > 0)) {
    refuse("temporalQ.lastN must be an integer greater than 0");
  }
  return body;
}
