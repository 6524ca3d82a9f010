import type { Logger } from "../core/logger.ts";
import type { Clock } from "../core/time.ts";
import type { Store } from "../store/contract.ts";
import type { Matcher, Twin } from "../twin/contract.ts";
import type { Contexts } from "./context/contexts.ts";
import type { QualityNames } from "./entity/live-attribute.ts";
import type { EntityRenderer } from "./entity/render-entity.ts";
import { EntityReader } from "./service/entity-reader.ts";
import { LocalEntityService } from "./service/local-entity-service.ts";
import { createNotificationRenderer } from "./subscription/notification-renderer.ts";
import { SubscriptionService } from "./subscription/subscription-service.ts";

export interface NgsiLdSubscriptionsOptions {
  readonly store: Store;
  readonly contexts: Contexts;
  readonly clock: Clock;
  readonly log: Logger;
  readonly checkEndpoint: (url: string) => void;
}

/** First step, before the tenant's twin is made: its subscriptions, whose `index` is the twin's matcher. */
export async function openSubscriptions(options: NgsiLdSubscriptionsOptions): Promise<SubscriptionService> {
  const subscriptions = new SubscriptionService(options);
  await subscriptions.load();
  return subscriptions;
}

export interface NgsiLdTenantOptions {
  readonly tenant: string;
  readonly store: Store;
  readonly twin: Twin;
  readonly subscriptions: SubscriptionService;
  readonly contexts: Contexts;
  readonly renderer: EntityRenderer;
  readonly names: QualityNames;
  readonly clock: Clock;
  readonly log: Logger;
}

/** Second step, over the twin: the services of the API and the renderer of the tenant's deliveries. */
export function createNgsiLdTenant(options: NgsiLdTenantOptions) {
  const { store, twin, subscriptions, names, clock } = options;
  const reader = new EntityReader(store, twin, clock);
  const onTypes = (id: string, types: readonly string[]): void => subscriptions.index.rememberTypes(id, types);
  return {
    entities: new LocalEntityService({ reader, twin, names, onTypes }),
    subscriptions,
    reader,
    notifications: createNotificationRenderer({ ...options, reader }),
    matcher: subscriptions.index satisfies Matcher as Matcher,
  };
}
