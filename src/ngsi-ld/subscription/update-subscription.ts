import type { Context } from "../context/contexts.ts";
import { isObject, type Json, type JsonObject } from "../json/json.ts";
import { NGSI_LD_NULL } from "../vocabulary.ts";
import { objectOf, refuse } from "./members.ts";
import { parseNotification } from "./parse-notification.ts";
import { checkTogether, expandValuesOf, parseMembers } from "./parse-subscription.ts";
import { renderNotification } from "./render-subscription.ts";
import { neverNotified, type Subscription } from "./subscription.ts";

/**
 * CIM 009 5.8.2.4, 5.5.8: members given replace, NGSI-LD Null removes; `notification` and its endpoint are merged member
 * by member. What is not given stays as it was read in its own context. Throws HubError `invalid`, `too-complex`.
 */
export function updated(known: Subscription, fragment: JsonObject, context: Context, now: string): Subscription {
  if (fragment.id !== undefined && fragment.id !== known.id) refuse("the id of a subscription cannot be changed");
  if (fragment.type !== undefined && fragment.type !== "Subscription") refuse('the type must be "Subscription"');
  const notification = mergedNotification(known, fragment, context);
  const { removed, given } = divided(fragment);
  const kept: Record<string, unknown> = { ...known };
  for (const member of removed) delete kept[member];
  const expandValues = expandValuesOf(given) ?? (kept.expandValues as string | undefined);
  const next = {
    ...kept,
    ...parseMembers(given, context, { expandValues, notification }),
    ...(fragment["@context"] === undefined ? {} : { context: context.reference }),
    modifiedAt: now,
    notification,
  } as Subscription;
  checkTogether(next);
  return next;
}

const FIXED: ReadonlySet<string> = new Set(["id", "type", "notification"]);

function divided(fragment: JsonObject): { readonly removed: readonly string[]; readonly given: JsonObject } {
  const entries = Object.entries(fragment);
  const removed = entries.filter(([, value]) => value === NGSI_LD_NULL).map(([member]) => member);
  const fixed = removed.find((member) => FIXED.has(member));
  if (fixed !== undefined) refuse(`a subscription cannot be without its ${fixed}`);
  // Only what a subscription can have can be removed from it.
  return { removed, given: Object.fromEntries(entries.filter(([, value]) => value !== NGSI_LD_NULL)) };
}

function mergedNotification(known: Subscription, fragment: JsonObject, context: Context): Subscription["notification"] {
  if (fragment.notification === undefined) return known.notification;
  const written = renderNotification(known, { table: context.table, status: neverNotified });
  const patch = objectOf(fragment.notification, "the subscription's notification");
  return parseNotification(merged(written, patch) as JsonObject, context);
}

function merged(target: Json | undefined, patch: Json): Json {
  if (!isObject(patch)) return patch;
  const result: Record<string, Json> = isObject(target) ? { ...target } : {};
  for (const [member, value] of Object.entries(patch)) {
    if (value === NGSI_LD_NULL) delete result[member];
    else result[member] = merged(result[member], value);
  }
  return result;
}
