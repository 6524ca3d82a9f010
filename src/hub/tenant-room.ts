import { type AasParts, type AasServices, createAasServices } from "../aas/services/aas-services.ts";
import { type AsyncHandleOptions, createAsyncHandles } from "../aas/services/async-handles.ts";
import type { OperationTimes } from "../aas/services/operation-service.ts";
import { createTemplateServices } from "../aas/services/template-services.ts";
import type { Logger } from "../core/logger.ts";
import type { Clock } from "../core/time.ts";
import type { Channel } from "../deliver/delivery-contract.ts";
import { DeliveryWorker } from "../deliver/delivery-worker.ts";
import { createHttpChannel } from "../deliver/http-channel.ts";
import type { Egress } from "../egress/egress.ts";
import type { Contexts } from "../ngsi-ld/context/contexts.ts";
import { Discovery } from "../ngsi-ld/discovery/discovery.ts";
import { defaultQualityNames } from "../ngsi-ld/entity/live-attribute.ts";
import type { EntityRenderer } from "../ngsi-ld/entity/render-entity.ts";
import type { Json } from "../ngsi-ld/json/json.ts";
import { EntityReader } from "../ngsi-ld/service/entity-reader.ts";
import { LocalEntityService } from "../ngsi-ld/service/local-entity-service.ts";
import { DELIVERY_KIND } from "../ngsi-ld/subscription/change-note.ts";
import { createNotificationRenderer } from "../ngsi-ld/subscription/notification-renderer.ts";
import { SubscriptionService } from "../ngsi-ld/subscription/subscription-service.ts";
import { PAGE_INSTANCES, TemporalService } from "../ngsi-ld/temporal/temporal-service.ts";
import { TemporalWriter } from "../ngsi-ld/temporal/temporal-writer.ts";
import type { NgsiLdRoom } from "../northbound/ngsi-ld/room.ts";
import type { Store } from "../store/contract.ts";
import type { DevicePort, Matcher } from "../twin/contract.ts";
import { createTwin, type SweepableTwin } from "../twin/twin.ts";
import { type AasEventsParts, openAasEvents } from "./aas-events.ts";
import { endpointCheck } from "./endpoint-check.ts";
import { every } from "./every.ts";
import type { RoomFigures } from "./figures.ts";

/** Everything of one tenant: its store, its twin, both standards over them, and what it owes to the outside. */
export interface TenantRoom {
  readonly tenant: string;
  readonly store: Store;
  readonly twin: SweepableTwin;
  readonly aas: AasServices;
  /** The same for submodel templates alone. */
  readonly templates: AasServices;
  readonly ngsiLd: NgsiLdRoom;
  figures(): Promise<RoomFigures>;
  /** Removes what has expired; called every second or so. */
  sweep(): Promise<void>;
  /** Commits what is under way and ends the deliveries; the store is its owner's. */
  close(): Promise<void>;
}

export interface TenantRoomParts {
  readonly tenant: string;
  readonly store: Store;
  readonly devices: DevicePort;
  readonly contexts: Contexts;
  /** Gives a context of the tenant's clients that has no URL one of the hub's own. */
  readonly hostContext?: (context: Json) => Promise<string>;
  /** Takes it back where it was made so. */
  readonly releaseContext?: (url: string) => Promise<void>;
  readonly renderer: EntityRenderer;
  readonly egress: Egress;
  /** Instances of an attribute that one answer of the temporal API may have. */
  readonly pageInstances?: number;
  /** Ways to endpoints of subscriptions beside HTTP. */
  readonly brokers?: Channel;
  /** Whether a URL is the hub's own: it notifies nobody there. */
  readonly isOwn?: (url: string) => boolean;
  /** Where clients reach the tenant's time series. */
  readonly timeSeriesEndpoint?: () => string;
  /** Where AAS events go, and by which ways. */
  readonly events: Pick<AasEventsParts, "targets" | "channels" | "base">;
  /** Bounds of operations and of what goes on after its request was answered; left out: the usual ones. */
  readonly jobs?: { readonly handles: AsyncHandleOptions; readonly times: OperationTimes };
  readonly clock: Clock;
  readonly log: Logger;
}

/** Milliseconds. */
const LOOK_AT_INTERVALS = 200;

export async function openTenantRoom(parts: TenantRoomParts): Promise<TenantRoom> {
  const { tenant, store, devices, contexts, renderer, egress, clock, log } = parts;
  const events = await openAasEvents({ ...parts.events, tenant, store, clock, log });
  const checkEndpoint = endpointCheck(egress, parts.isOwn ?? (() => false));
  const { hostContext, releaseContext } = parts;
  const hosting = { hostContext, releaseContext };
  const subscriptions = new SubscriptionService({ store, contexts, clock, log, checkEndpoint, ...hosting });
  await subscriptions.load();
  const { index } = subscriptions;
  const twin = createTwin({ tenant, store, devices, matcher: joined(index, events.feed), clock, log });
  index.overlay((entity) => twin.leaves("entity", entity));
  twin.onChange((change) => index.committed(change));
  events.follow(twin);
  const reader = new EntityReader(store, twin, clock);
  const names = defaultQualityNames;
  const temporal = new TemporalService({ store, clock, names, pageInstances: parts.pageInstances ?? PAGE_INSTANCES });
  const { heads, source } = temporal;
  const past = new TemporalWriter({ store, heads, source, entities: reader, twin, names });
  const entities = new LocalEntityService({
    reader,
    twin,
    names,
    onChange: (mutations, state) => index.expect(mutations, state),
  });
  const notifications = createNotificationRenderer({
    ...{ tenant, subscriptions, reader, renderer, names, contexts, outbox: store.outbox, clock, log },
    owe: (owed) => twin.owe(owed),
  });
  const handles = createAsyncHandles({ records: store.records("handle"), clock }, parts.jobs?.handles);
  const aasParts: AasParts = {
    documents: store.documents,
    blobs: store.blobs,
    series: store.series,
    records: (kind) => store.records(kind),
    twin,
    handles,
    clock,
    told: (event) => events.told(event, twin),
    ...(parts.timeSeriesEndpoint === undefined ? {} : { timeSeriesEndpoint: parts.timeSeriesEndpoint }),
  };
  const aas = createAasServices(aasParts, parts.jobs && { operations: parts.jobs.times });
  const deliveries = new DeliveryWorker({
    outbox: store.outbox,
    renderers: { [DELIVERY_KIND]: notifications, ...events.renderers(aas, twin) },
    channels: [createHttpChannel(egress), ...(parts.brokers === undefined ? [] : [parts.brokers])],
    clock,
    log,
  });
  twin.onChange(() => deliveries.wake());
  const stopIntervals = every(LOOK_AT_INTERVALS, "looking at the subscriptions' intervals", log, async () => {
    const owed = subscriptions.due(clock.now());
    if (owed.length === 0) return;
    await twin.owe(owed);
    deliveries.wake();
  });
  return {
    tenant,
    store,
    twin,
    aas,
    templates: createTemplateServices(aasParts),
    ngsiLd: { entities, subscriptions, discovery: new Discovery(store.documents), temporal, past },
    async figures() {
      const { outbox, ...made } = await deliveries.counters();
      return { tenant, twin: twin.stats, store: await store.stats(), outbox, deliveries: made };
    },
    async sweep() {
      await store.sweep(clock.now());
      await handles.sweep();
    },
    async close() {
      await handles.close();
      await stopIntervals();
      await events.close();
      await twin.close();
      await deliveries.stop();
      await subscriptions.status.flush();
    },
  };
}

/** What each owes, the first's before the second's. */
function joined(...matchers: readonly Matcher[]): Matcher {
  return { match: (change) => matchers.flatMap((matcher) => matcher.match(change)) };
}
