import { randomUUID } from "node:crypto";
import { HubError } from "../../core/errors.ts";
import type { Logger } from "../../core/logger.ts";
import { type Clock, isoTime } from "../../core/time.ts";
import type { NewDelivery, Store } from "../../store/contract.ts";
import type { Context, Contexts } from "../context/contexts.ts";
import { defaultQualityNames } from "../entity/live-attribute.ts";
import { isObject, type Json, parseJson } from "../json/json.ts";
import { IntervalClock } from "./interval-clock.ts";
import { NotificationStatusBook } from "./notification-status.ts";
import { parseSubscription } from "./parse-subscription.ts";
import type { Subscription } from "./subscription.ts";
import { SubscriptionIndex } from "./subscription-index.ts";
import { updated } from "./update-subscription.ts";

export interface SubscriptionServiceOptions {
  readonly store: Store;
  readonly contexts: Contexts;
  /** Gives a context that has no URL one of the hub's own (5.13.1); without it names are sent in full. */
  readonly hostContext?: ((context: Json) => Promise<string>) | undefined;
  /** No subscription uses this context any more. */
  readonly releaseContext?: ((url: string) => Promise<void>) | undefined;
  readonly clock: Clock;
  readonly log: Logger;
  /** Throws HubError `denied-by-egress` for an endpoint that the hub may not reach, `invalid` for one that is its own. */
  readonly checkEndpoint: (url: string) => void;
}

const MAX_SUBSCRIPTIONS = 10_000;
const PAGE = 500;

/** Subscriptions of one tenant (CIM 009 5.8): kept in the store, matched through `index`. */
export class SubscriptionService {
  readonly #options: SubscriptionServiceOptions;
  readonly #known = new Map<string, Subscription>();
  readonly #intervals = new IntervalClock();
  readonly index: SubscriptionIndex;
  readonly status: NotificationStatusBook;

  constructor(options: SubscriptionServiceOptions) {
    this.#options = options;
    const { store, log } = options;
    const learn = async (entity: string): Promise<readonly string[] | undefined> => {
      try {
        return (await store.documents.get("entity", entity))?.keys.type;
      } catch (thrown) {
        log.warn("the types of an entity cannot be read", { entity, reason: HubError.from(thrown).message });
        return undefined;
      }
    };
    this.index = new SubscriptionIndex({ names: defaultQualityNames, learn });
    this.status = new NotificationStatusBook(options.store.records("subscription-status"), options.log);
  }

  /** Reads what is stored; before the tenant's first commit. */
  async load(): Promise<void> {
    const records = this.#options.store.records("subscription");
    let after: number | undefined;
    do {
      const page = await records.list({ limit: PAGE, ...(after === undefined ? {} : { after }) });
      for (const row of page.items) await this.#loadOne(row.id, row.body);
      after = page.next;
    } while (after !== undefined);
  }

  async #loadOne(id: string, body: string): Promise<void> {
    const json = parseJson(body);
    if (!isObject(json)) throw new HubError("store-corrupt", `the stored subscription ${id} cannot be read`);
    await this.status.load(id);
    this.#use(json as unknown as Subscription);
  }

  /** Throws HubError `not-found`. */
  get(id: string): Subscription {
    const known = this.#known.get(id);
    if (known === undefined) throw new HubError("not-found", `there is no subscription ${id}`);
    return known;
  }

  find(id: string): Subscription | undefined {
    return this.#known.get(id);
  }

  /** In order of creation (5.8.4). */
  list(): readonly Subscription[] {
    return [...this.#known.values()];
  }

  /** 5.8.1. Gives the id. Throws `invalid`, `too-complex`, `already-exists`, `context-unavailable`, `denied-by-egress`. */
  async create(json: Json, context: Context): Promise<string> {
    const now = isoTime(this.#options.clock.now());
    const written = parseSubscription(json, context, `urn:ngsi-ld:Subscription:${randomUUID()}`, now);
    await this.#check(written, written);
    if (this.#known.size >= MAX_SUBSCRIPTIONS)
      throw new HubError("overloaded", `there are ${MAX_SUBSCRIPTIONS} subscriptions already`);
    const jsonldContext = written.jsonldContext ?? (await this.#options.hostContext?.(context.reference));
    const subscription = { ...written, ...(jsonldContext === undefined ? {} : { jsonldContext }) };
    await this.#store(subscription, "be-absent");
    return subscription.id;
  }

  /** 5.8.2. Throws as `create` does, and `not-found`. */
  async update(id: string, json: Json, context: Context): Promise<void> {
    const known = this.get(id);
    if (!isObject(json)) throw new HubError("invalid", "the subscription fragment must be a JSON object");
    const next = updated(known, json, context, isoTime(this.#options.clock.now()));
    const given = { expiresAt: json.expiresAt === undefined ? undefined : next.expiresAt };
    const isContextGiven = json.jsonldContext !== undefined;
    await this.#check(next, { ...given, jsonldContext: isContextGiven ? next.jsonldContext : undefined });
    await this.#store(next, "exist");
  }

  /** 5.8.5. What still waits to be sent is dropped. */
  async delete(id: string): Promise<void> {
    const { jsonldContext } = this.get(id);
    this.index.remove(id);
    this.#intervals.remove(id);
    this.#known.delete(id);
    await this.#options.store.records("subscription").delete(id);
    await this.status.forget(id);
    await this.#options.store.outbox.drop(id);
    const isUsed = [...this.#known.values()].some((one) => one.jsonldContext === jsonldContext);
    if (jsonldContext !== undefined && !isUsed) await this.#options.releaseContext?.(jsonldContext);
  }

  /** The receiver says that it is gone for good (HTTP 410): paused, until somebody activates it again. */
  async pause(id: string): Promise<void> {
    const known = this.#known.get(id);
    if (known === undefined) return;
    this.#options.log.warn("a subscription is paused, because its receiver answers 410 Gone", { subscription: id });
    await this.#store({ ...known, isActive: false }, "exist");
    await this.#options.store.outbox.drop(id);
  }

  /** What is owed to subscriptions whose interval is over (5.8.6, timeInterval). */
  due(now: number): readonly NewDelivery[] {
    return this.#intervals.due(now);
  }

  /** What waited for an interval's end is being sent. */
  intervalTold(id: string): void {
    this.#intervals.told(id);
  }

  async #check(
    { notification }: Subscription,
    given: { readonly expiresAt?: string | undefined; readonly jsonldContext?: string | undefined },
  ): Promise<void> {
    const { clock, contexts, checkEndpoint } = this.#options;
    if (given.expiresAt !== undefined && Date.parse(given.expiresAt) <= clock.now()) {
      throw new HubError("invalid", `expiresAt ${given.expiresAt} lies in the past`);
    }
    checkEndpoint(notification.endpoint.uri);
    if (given.jsonldContext !== undefined) await contexts.resolve(given.jsonldContext);
  }

  async #store(subscription: Subscription, must: "exist" | "be-absent"): Promise<void> {
    const records = this.#options.store.records("subscription");
    await records.put(subscription.id, JSON.stringify(subscription), this.#options.clock.now(), must);
    this.#use(subscription);
  }

  #use(subscription: Subscription): void {
    this.#known.set(subscription.id, subscription);
    const lastAt = this.status.lastAt(subscription.id);
    this.index.set(subscription, lastAt);
    this.#intervals.set(subscription, lastAt);
  }
}
