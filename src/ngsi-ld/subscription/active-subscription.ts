import { matchesTypes, parseTypeSelection, type TypeSelection } from "../service/type-selection.ts";
import { type Conditions, conditionsOf } from "./conditions.ts";
import { type AttributeDelta, type EntityChange, nameOfKey } from "./entity-change.ts";
import { idTest } from "./parse-subscription.ts";
import { defaultTriggers, type Subscription, type Trigger } from "./subscription.ts";
import type { Throttle } from "./throttle.ts";

interface CompiledSelector {
  readonly ids: ReadonlySet<string> | undefined;
  readonly matchesId: ((id: string) => boolean) | undefined;
  /** Undefined: any type. */
  readonly selection: TypeSelection | undefined;
}

/** A subscription made ready to be matched. */
export interface ActiveSubscription {
  readonly subscription: Subscription;
  readonly selectors: readonly CompiledSelector[] | undefined;
  readonly watched: ReadonlySet<string> | undefined;
  readonly triggers: ReadonlySet<Trigger>;
  readonly expiresAt: number;
  readonly conditions: Conditions | undefined;
  readonly throttle: Throttle | undefined;
}

/** 5.2.12: entityUpdated stands for the three of attributes. */
const meaningOf = (trigger: Trigger): readonly Trigger[] =>
  trigger === "entityUpdated" ? ["attributeCreated", "attributeUpdated", "attributeDeleted"] : [trigger];

export function activate(subscription: Subscription, throttle: Throttle | undefined): ActiveSubscription {
  const { watchedAttributes, notificationTrigger = defaultTriggers, expiresAt } = subscription;
  return {
    subscription,
    selectors: selectorsOf(subscription),
    watched: watchedAttributes === undefined ? undefined : new Set(watchedAttributes),
    triggers: new Set(notificationTrigger.flatMap(meaningOf)),
    expiresAt: expiresAt === undefined ? Number.POSITIVE_INFINITY : Date.parse(expiresAt),
    conditions: conditionsOf(subscription),
    throttle,
  };
}

function selectorsOf({ entities }: Subscription): readonly CompiledSelector[] | undefined {
  return entities?.map(({ id, idPattern, type }) => ({
    ids: id === undefined ? undefined : new Set(id),
    matchesId: idPattern === undefined ? undefined : idTest(idPattern),
    selection: type === "*" ? undefined : parseTypeSelection(type, (name) => name),
  }));
}

/** With unknown types a selector by type is left open: it is judged at delivery. */
export function selects(
  { selectors }: Pick<ActiveSubscription, "selectors">,
  entity: string,
  types: readonly string[] | undefined,
): boolean {
  if (selectors === undefined) return true;
  return selectors.some(({ ids, matchesId, selection }) => {
    // 5.2.33: id takes precedence over idPattern.
    if (ids !== undefined ? !ids.has(entity) : matchesId !== undefined && !matchesId(entity)) return false;
    return selection === undefined || types === undefined || matchesTypes(selection, types);
  });
}

/**
 * The changed instances that are told of; undefined where nothing of it triggers a notification. A deletion of the entity
 * says nothing of its attributes unless their previous values are asked for, or it was theirs that triggered (CIM 009 5.8.6).
 */
export function triggered(
  { watched, triggers, subscription: { notification } }: ActiveSubscription,
  { whole, deltas }: EntityChange,
): readonly AttributeDelta[] | undefined {
  const seen = watched === undefined ? deltas : deltas.filter(({ part }) => watched.has(nameOfKey(part)));
  const byWhole = whole !== undefined && triggers.has(whole === "created" ? "entityCreated" : "entityDeleted");
  const fires = byWhole || seen.some((delta) => triggersOf(delta).some((trigger) => triggers.has(trigger)));
  if (!fires || whole !== "deleted") return fires ? seen : undefined;
  if (notification.showChanges === true) return deltas;
  return byWhole ? [] : seen;
}

function triggersOf({ how }: AttributeDelta): readonly Trigger[] {
  if (how === "deleted") return ["attributeDeleted"];
  if (how === "created") return ["attributeCreated"];
  return how === "put" ? ["attributeCreated", "attributeUpdated"] : ["attributeUpdated"];
}
