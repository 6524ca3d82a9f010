import { randomUUID } from "node:crypto";
import { HubError } from "../../core/errors.ts";
import type { Logger } from "../../core/logger.ts";
import type { Clock } from "../../core/time.ts";
import type { Store } from "../../store/contract.ts";
import type { Context, Contexts } from "../context/contexts.ts";
import { isObject, type Json, parseJson } from "../json/json.ts";
import { NGSI_LD_NULL } from "../vocabulary.ts";
import { NotificationStatusBook } from "./notification-status.ts";
import { parseSubscription } from "./parse-subscription.ts";
import { renderSubscription } from "./render-subscription.ts";
import type { Subscription } from "./subscription.ts";
import { compile, SubscriptionIndex } from "./subscription-index.ts";

export interface SubscriptionServiceOptions {
  readonly store: Store;
  readonly contexts: Contexts;
  readonly clock: Clock;
  readonly log: Logger;
  /** Throws HubError `denied-by-egress` for an endpoint that the hub may not reach. */
  readonly checkEndpoint: (url: string) => void;
}

const MAX_SUBSCRIPTIONS = 10_000;
const PAGE = 500;

/** Subscriptions of one tenant (CIM 009 5.8): kept in the store, matched through `index`. */
export class SubscriptionService {
  readonly #options: SubscriptionServiceOptions;
  readonly #known = new Map<string, Subscription>();
  readonly index: SubscriptionIndex;
  readonly status: NotificationStatusBook;

  constructor(options: SubscriptionServiceOptions) {
    this.#options = options;
    const { store, log } = options;
    this.index = new SubscriptionIndex(async (entity) => {
      try {
        return (await store.documents.get("entity", entity))?.keys.type;
      } catch (thrown) {
        log.warn("the types of an entity cannot be read", { entity, reason: HubError.from(thrown).message });
        return undefined;
      }
    });
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
    const subscription = json as unknown as Subscription;
    this.#known.set(id, subscription);
    this.index.set(subscription);
    await this.status.load(id);
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

  list(): readonly Subscription[] {
    return [...this.#known.values()];
  }

  /** 5.8.1. Gives the id. Throws `invalid`, `unsupported`, `already-exists`, `context-unavailable`, `denied-by-egress`. */
  async create(json: Json, context: Context): Promise<string> {
    const subscription = parseSubscription(json, context, `urn:ngsi-ld:Subscription:${randomUUID()}`);
    await this.#check(subscription);
    if (this.#known.size >= MAX_SUBSCRIPTIONS)
      throw new HubError("overloaded", `there are ${MAX_SUBSCRIPTIONS} subscriptions already`);
    await this.#store(subscription, "be-absent");
    return subscription.id;
  }

  /** 5.8.2: members given replace, NGSI-LD Null removes. */
  async update(id: string, json: Json, context: Context): Promise<void> {
    const known = this.get(id);
    if (!isObject(json)) throw new HubError("invalid", "the subscription fragment must be a JSON object");
    if (json.id !== undefined && json.id !== id)
      throw new HubError("invalid", "the id of a subscription cannot be changed");
    const merged: Record<string, Json> = { ...renderSubscription(known, context.table) };
    for (const [member, value] of Object.entries(json)) {
      if (value === NGSI_LD_NULL) delete merged[member];
      else if (member === "notification" && isObject(value) && isObject(merged.notification))
        merged.notification = { ...merged.notification, ...value };
      else merged[member] = value;
    }
    const subscription = parseSubscription(merged, context, id);
    await this.#check(subscription);
    await this.#store(
      { ...subscription, context: json["@context"] === undefined ? known.context : context.reference },
      "exist",
    );
  }

  /** 5.8.5. What still waits to be sent is dropped. */
  async delete(id: string): Promise<void> {
    this.get(id);
    this.index.remove(id);
    this.#known.delete(id);
    await this.#options.store.records("subscription").delete(id);
    await this.status.forget(id);
    await this.#options.store.outbox.drop(id);
  }

  /** The receiver says that it is gone for good (HTTP 410): paused, until somebody activates it again. */
  async pause(id: string): Promise<void> {
    const known = this.#known.get(id);
    if (known === undefined) return;
    this.#options.log.warn("a subscription is paused, because its receiver answers 410 Gone", { subscription: id });
    await this.#store({ ...known, isActive: false }, "exist");
    await this.#options.store.outbox.drop(id);
  }

  async #check(subscription: Subscription): Promise<void> {
    const { clock, contexts, checkEndpoint } = this.#options;
    if (subscription.expiresAt !== undefined && Date.parse(subscription.expiresAt) <= clock.now()) {
      throw new HubError("invalid", `expiresAt ${subscription.expiresAt} lies in the past`);
    }
    compile(subscription);
    checkEndpoint(subscription.notification.endpoint.uri);
    if (subscription.jsonldContext !== undefined) await contexts.resolve(subscription.jsonldContext);
  }

  async #store(subscription: Subscription, must: "exist" | "be-absent"): Promise<void> {
    const records = this.#options.store.records("subscription");
    await records.put(subscription.id, JSON.stringify(subscription), this.#options.clock.now(), must);
    this.#known.set(subscription.id, subscription);
    this.index.set(subscription);
  }
}
