import type { SignalChange } from "../../core/change.ts";
import type { Link } from "../../core/link.ts";
import type { Mutation } from "../../core/mutation.ts";
import type { NewDelivery } from "../../store/contract.ts";
import type { LiveLeaf, Matcher, PendingChange } from "../../twin/contract.ts";
import type { EntityState } from "../entity/entity-state.ts";
import type { QualityNames } from "../entity/live-attribute.ts";
import { type JudgedEntity, judged } from "../query/entity-predicate.ts";
import { type ActiveSubscription, activate, selects, triggered } from "./active-subscription.ts";
import { type ChangeNote, DELIVERY_KIND, type NotedSignal, noteText } from "./change-note.ts";
import {
  type AttributeDelta,
  blindDelta,
  changeOf,
  type EntityChange,
  idOf,
  nameOfKey,
  notedSignal,
  signalDelta,
  stateText,
} from "./entity-change.ts";
import { KnownTypes } from "./known-types.ts";
import type { Subscription } from "./subscription.ts";
import { SubscriptionBuckets } from "./subscription-buckets.ts";
import { Throttle } from "./throttle.ts";

/** Milliseconds that one change may spend on conditions before its commit; those left are judged at delivery. */
const MOST_JUDGING = 10;

export interface SubscriptionIndexOptions {
  readonly names: QualityNames;
  /** The stored types of an entity; asked once for those that changes do not tell of. */
  readonly learn: (entity: string) => Promise<readonly string[] | undefined>;
}

/**
 * The tenant's active subscriptions, matched by the writer before each commit (CIM 009 5.8.6; design, "Mutation"). A
 * client's change is judged here, on the entity as the change leaves it; a reading's conditions at delivery, with the
 * signals that are noted here. Which subscriptions care for a link is found once and remembered until subscriptions
 * change, so that a reading nobody subscribed to costs one look-up.
 */
export class SubscriptionIndex implements Matcher {
  readonly #active = new Map<string, ActiveSubscription>();
  readonly #buckets = new SubscriptionBuckets();
  /** Whose changes are part of a commit. */
  readonly #throttled = new WeakMap<object, Set<Throttle>>();
  readonly #types: KnownTypes;
  readonly #names: QualityNames;
  readonly #before = new WeakMap<readonly Mutation[], { readonly state: EntityState | undefined }>();
  #leaves: (entity: string) => readonly LiveLeaf[] = () => [];
  #byLink = new WeakMap<Link, readonly ActiveSubscription[]>();

  constructor({ names, learn }: SubscriptionIndexOptions) {
    this.#names = names;
    this.#types = new KnownTypes(learn, () => this.#forgetLinks());
  }

  /** Where the signals of linked entities are read; before the first commit. */
  overlay(leaves: (entity: string) => readonly LiveLeaf[]): void {
    this.#leaves = leaves;
  }

  /** Makes it match from now on; replaces what it was. `lastAt`: when its last notification went, in ms. */
  set(subscription: Subscription, lastAt?: number): void {
    const known = this.#active.get(subscription.id);
    this.remove(subscription.id);
    if (subscription.isActive === false || subscription.timeInterval !== undefined) return;
    const { throttling } = subscription;
    const last = lastAt ?? (known?.throttle === undefined ? Number.NEGATIVE_INFINITY : known.throttle.last);
    const throttle = throttling === undefined ? undefined : new Throttle(throttling * 1_000, last);
    const active = activate(subscription, throttle);
    this.#active.set(subscription.id, active);
    this.#buckets.add(active);
  }

  remove(id: string): void {
    this.#forgetLinks();
    const known = this.#active.get(id);
    if (known === undefined) return;
    this.#active.delete(id);
    this.#buckets.remove(known);
  }

  find(id: string): ActiveSubscription | undefined {
    return this.#active.get(id);
  }

  /** What the entity is that these mutations are about to change; undefined: it is new. */
  expect(mutations: readonly Mutation[], state: EntityState | undefined): void {
    if (this.#active.size > 0) this.#before.set(mutations, { state });
  }

  match(change: PendingChange): readonly NewDelivery[] {
    if (this.#active.size === 0) return [];
    const commit = commitOf(change);
    return [...this.#matchSignals(change, commit), ...this.#matchMutations(change, commit)];
  }

  /** Told after each commit. */
  committed(change: PendingChange): void {
    const commit = commitOf(change);
    for (const throttle of this.#throttled.get(commit) ?? []) throttle.committed(commit);
  }

  #matchMutations({ mutations, at }: PendingChange, commit: object): NewDelivery[] {
    const byEntity = Map.groupBy(
      mutations.filter(({ collection }) => collection === "entity"),
      idOf,
    );
    const before = byEntity.size === 1 ? this.#before.get(mutations) : undefined;
    return [...byEntity].flatMap(([entity, own]) => {
      const change = before === undefined ? this.#blind(entity, own) : changeOf(entity, before.state, own, at);
      if (change.types !== undefined && this.#types.remember(entity, change.types)) this.#forgetLinks();
      return this.#owed(this.#buckets.about(change), change, at, commit);
    });
  }

  /** A change whose maker does not know what was there: a mapping's. */
  #blind(entity: string, mutations: readonly Mutation[]): EntityChange {
    const put = mutations.findLast((mutation) => mutation.kind === "document.put");
    const isGone = mutations.at(-1)?.kind === "document.delete";
    const types = put?.document.keys.type ?? this.#types.of(entity);
    const whole = isGone ? "deleted" : put === undefined || put.was !== undefined ? undefined : "created";
    return { entity, types, whole, deltas: mutations.flatMap(blindDelta), state: undefined };
  }

  #matchSignals({ signals, at }: PendingChange, commit: object): NewDelivery[] {
    const touched = new Map<string, { deltas: AttributeDelta[]; caring: Set<ActiveSubscription> }>();
    for (const signal of signals) {
      const end = signal.link.ends.find(({ collection }) => collection === "entity");
      if (end === undefined) continue;
      const caring = this.#caringFor(signal.link, end.document, end.part);
      const delta = caring.length === 0 ? undefined : signalDelta(end.part, signal);
      if (delta === undefined) continue;
      const entry = touched.get(end.document) ?? { deltas: [], caring: new Set() };
      entry.deltas.push(delta);
      for (const active of caring) entry.caring.add(active);
      touched.set(end.document, entry);
    }
    return [...touched].flatMap(([entity, { deltas, caring }]) => {
      const types = this.#types.of(entity);
      const change: EntityChange = { entity, types, whole: undefined, deltas, state: undefined };
      return this.#owed(caring, change, at, commit, () => this.#liveOf(entity, signals));
    });
  }

  #caringFor(link: Link, entity: string, part: string): readonly ActiveSubscription[] {
    const known = this.#byLink.get(link);
    if (known !== undefined) return known;
    const types = this.#types.of(entity);
    const change = { entity, types, whole: undefined, deltas: [{ part, how: "put" as const }], state: undefined };
    const name = nameOfKey(part);
    const caring = [...this.#buckets.about(change)].filter(
      (active) => selects(active, entity, types) && (active.watched?.has(name) ?? true),
    );
    // Without the types the choice is left to the delivery; it is made anew once they are known.
    if (types !== undefined) this.#byLink.set(link, caring);
    return caring;
  }

  #owed(
    candidates: Iterable<ActiveSubscription>,
    change: EntityChange,
    at: number,
    commit: object,
    live?: () => ChangeNote["live"],
  ): NewDelivery[] {
    const deliveries: NewDelivery[] = [];
    const { entity, types, state, whole, was } = change;
    const patience = performance.now() + MOST_JUDGING;
    let text: string | undefined;
    let seen: JudgedEntity | undefined;
    for (const active of candidates) {
      if (at >= active.expiresAt || !selects(active, entity, types)) continue;
      const deltas = triggered(active, change);
      if (deltas === undefined) continue;
      const { conditions, subscription, throttle } = active;
      const known = state !== undefined && conditions?.looksAround !== true && performance.now() < patience;
      if (conditions !== undefined && known) {
        seen ??= judged(state, this.#names);
        if (!conditions.passes(seen)) continue;
      }
      if (throttle !== undefined && !this.#admits(throttle, changedKey(entity, whole, deltas), commit)) continue;
      const showsChanges = subscription.notification.showChanges === true;
      const open = types === undefined || (conditions !== undefined && !known);
      const note: Omit<ChangeNote, "state"> = {
        ...{ entity, types: types ?? [], at, deleted: whole === "deleted", open },
        deltas: deltas.map((delta) => notedDelta(delta, showsChanges)),
        ...(was === undefined ? {} : { was }),
        ...noted("live", conditions === undefined && !showsChanges ? signalsOf(deltas) : live?.()),
      };
      if (state !== undefined && whole !== "deleted") text ??= stateText(state, this.#names);
      const due = throttle === undefined || throttle.next <= at ? {} : { notBefore: throttle.next };
      const body = noteText(note, whole === "deleted" ? undefined : text);
      deliveries.push({ target: subscription.id, kind: DELIVERY_KIND, body, ...due });
    }
    return deliveries;
  }

  #admits(throttle: Throttle, changed: string, commit: object): boolean {
    const throttled = this.#throttled.get(commit);
    if (throttled === undefined) this.#throttled.set(commit, new Set([throttle]));
    else throttled.add(throttle);
    return throttle.admits(changed, commit);
  }

  /** All signals of an entity as the change leaves them: its conditions are judged on these, whenever that is. */
  #liveOf(entity: string, changed: readonly SignalChange[]): Readonly<Record<string, NotedSignal>> {
    const live: Record<string, NotedSignal> = {};
    for (const { part, signal } of this.#leaves(entity)) {
      if (signal?.value !== undefined) live[part] = notedSignal(signal);
    }
    for (const { link, after } of changed) {
      const end = link.ends.find(({ collection, document }) => collection === "entity" && document === entity);
      if (end === undefined) continue;
      if (after.value === undefined) delete live[end.part];
      else live[end.part] = notedSignal(after);
    }
    return live;
  }

  #forgetLinks(): void {
    this.#byLink = new WeakMap();
  }
}

const commitOf = ({ signals, mutations }: PendingChange): object => (signals.length > 0 ? signals : mutations);

/** Changes of the same instances of an entity in the same way are one to a throttled subscription. */
const changedKey = (entity: string, whole: string | undefined, deltas: readonly AttributeDelta[]): string =>
  [entity, whole ?? "", ...deltas.map(({ part, how }) => `${how} ${part}`)].join("\n");

function notedDelta({ signal: _signal, previous, kind, ...delta }: AttributeDelta, showsChanges: boolean) {
  return {
    ...delta,
    how: delta.how === "put" ? ("updated" as const) : delta.how,
    ...(kind === undefined ? {} : { kind }),
    ...(showsChanges && previous !== undefined ? { previous } : {}),
  };
}

function signalsOf(deltas: readonly AttributeDelta[]): Readonly<Record<string, NotedSignal>> | undefined {
  const noted = deltas.flatMap(({ part, signal }) => (signal === undefined ? [] : [[part, signal] as const]));
  return noted.length === 0 ? undefined : Object.fromEntries(noted);
}

const noted = <K extends string, V>(key: K, value: V | undefined): { readonly [P in K]?: V } =>
  (value === undefined ? {} : { [key]: value }) as { readonly [P in K]?: V };
