import { BasicEventIndex, noEventSources } from "../aas/events/basic-event-index.ts";
import { createEventFeed, type EventFeed } from "../aas/events/event-feed.ts";
import { EVENT_KIND } from "../aas/events/event-note.ts";
import { createEventRenderer } from "../aas/events/event-renderer.ts";
import type { EventTarget } from "../aas/events/event-target.ts";
import type { AasServices } from "../aas/services/aas-services.ts";
import type { InvocationEvent } from "../aas/services/operation-service.ts";
import type { Change } from "../core/change.ts";
import { HubError } from "../core/errors.ts";
import type { Logger } from "../core/logger.ts";
import type { Clock } from "../core/time.ts";
import type { Channel, DeliveryRenderer } from "../deliver/delivery-contract.ts";
import type { Store } from "../store/contract.ts";
import type { Twin } from "../twin/contract.ts";
import { every } from "./every.ts";

export interface AasEventsParts {
  readonly tenant: string;
  readonly store: Store;
  readonly targets: readonly EventTarget[];
  /** Ways out to targets that the configuration names. */
  readonly channels: readonly Channel[];
  /** Where clients reach the tenant's AAS API, without a trailing slash. */
  readonly base: () => string;
  readonly clock: Clock;
  readonly log: Logger;
}

/** A tenant's AAS events: matched before commits, delivered by its worker. */
export interface AasEvents {
  readonly feed: EventFeed;
  /** By kind of delivery. */
  renderers(services: AasServices, twin: Twin): Readonly<Record<string, DeliveryRenderer>>;
  /** An operation began or ended. */
  told(event: InvocationEvent, twin: Twin): void;
  /** Begins to follow what the twin commits. */
  follow(twin: Twin): void;
  close(): Promise<void>;
}

/** Intervals of BasicEventElements are looked at so often, in ms. */
const lookEvery = 1_000;

export async function openAasEvents(parts: AasEventsParts): Promise<AasEvents> {
  const { tenant, store, targets, channels, base, clock, log } = parts;
  const observed = targets.some(({ form }) => form === "event-payload");
  const index = observed ? new BasicEventIndex(store.documents) : undefined;
  await index?.load();
  const feed = createEventFeed({ tenant, targets, sources: index ?? noEventSources });
  const closers: (() => Promise<void> | void)[] = [];
  let following = Promise.resolve();

  function learn({ mutations }: Change): void {
    if (index === undefined || mutations.length === 0) return;
    following = following
      .then(() => index.follow(mutations))
      .catch((thrown) => log.error("an observed element cannot be read", { reason: HubError.from(thrown).message }));
  }

  return {
    feed,
    renderers(services, twin) {
      const find = (submodel: string, path: string) => index?.find(submodel, path);
      const renderer = createEventRenderer({
        tenant,
        targets,
        feed,
        find,
        documents: store.documents,
        services,
        twin,
        base,
      });
      return { [EVENT_KIND]: { ...renderer, channels } };
    },
    told({ submodel, ...event }, twin) {
      const deliveries = feed.of({ ...event, collection: "submodel", document: submodel, at: clock.now() });
      twin.owe(deliveries).catch((thrown) => {
        log.error("an operation's event cannot be kept", { reason: HubError.from(thrown).message });
      });
    },
    follow(twin) {
      if (targets.length === 0) return;
      closers.push(
        twin.onChange((change) => {
          feed.committed(change);
          learn(change);
        }),
      );
      if (index === undefined) return;
      closers.push(every(lookEvery, "overdue events", log, () => twin.owe(feed.overdue(index, clock.now()))));
    },
    async close() {
      for (const close of closers) await close();
      await following;
    },
  };
}
