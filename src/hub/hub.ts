import { join } from "node:path";
import type { Config } from "../config/load.ts";
import { HubError } from "../core/errors.ts";
import type { Logger } from "../core/logger.ts";
import { systemClock } from "../core/time.ts";
import { createHttpChannel } from "../deliver/http-channel.ts";
import { createMqttChannel } from "../deliver/mqtt-channel.ts";
import { createEgress } from "../egress/egress.ts";
import { createLogger } from "../logging/winston-logger.ts";
import { createHubMetrics } from "../metrics/hub-metrics.ts";
import { ContextFetcher } from "../ngsi-ld/context/context-fetcher.ts";
import { loadContextLibrary } from "../ngsi-ld/context/context-library.ts";
import { Contexts } from "../ngsi-ld/context/contexts.ts";
import { HostedContexts } from "../ngsi-ld/context/hosted-contexts.ts";
import { defaultQualityNames } from "../ngsi-ld/entity/live-attribute.ts";
import { EntityRenderer } from "../ngsi-ld/entity/render-entity.ts";
import { createAasSurface, createTemplatesSurface } from "../northbound/aas/aas-surface.ts";
import { edition30, edition31 } from "../northbound/aas/edition.ts";
import { createAdminSurface } from "../northbound/admin/admin-surface.ts";
import { createSystemSurface } from "../northbound/admin/system-surface.ts";
import { trustOf } from "../northbound/base-url.ts";
import { loadStartPage } from "../northbound/console/start-page.ts";
import { hostPolicy } from "../northbound/host-guard.ts";
import { requestTime } from "../northbound/http-listener.ts";
import type { NgsiLdRoom } from "../northbound/ngsi-ld/room.ts";
import { createNgsiLdSurface, NGSI_LD_BASE } from "../northbound/ngsi-ld/surface.ts";
import { createHttpServer } from "../northbound/operation.ts";
import { createTimeSeriesSurface, TIME_SERIES_BASE } from "../northbound/time-series/time-series-surface.ts";
import { createAuthentication } from "../security/api-keys.ts";
import { assertMayListen } from "../security/assert-may-listen.ts";
import { connectorTypes } from "../southbound/registry.ts";
import { createSouthbound } from "../southbound/runtime.ts";
import { systemTimers } from "../southbound/timers.ts";
import { openSqliteStores } from "../store/sqlite/sqlite-stores.ts";
import { forEachRoom } from "./each-room.ts";
import { endCodecs } from "./end-codecs.ts";
import { eventTargets } from "./event-targets.ts";
import { every } from "./every.ts";
import { hubFigures, type RoomFigures } from "./figures.ts";
import { createImports } from "./imports.ts";
import { createOutsideRegistries } from "./outside-registries.ts";
import { entityApi, tenantPath } from "./public-address.ts";
import { readPem } from "./read-pem.ts";
import { createReadingRouter } from "./reading-router.ts";
import { shippedContexts } from "./shipped-contexts.ts";
import { sourceDefinitions } from "./source-definitions.ts";
import { createSourceViews } from "./source-views.ts";
import { openTenantRoom, type TenantRoom } from "./tenant-room.ts";
import { createTenantRooms } from "./tenant-rooms.ts";
import { readVersion } from "./version.ts";
import { createWeaver } from "./weaver.ts";
import { createWeaving } from "./weaving.ts";

/** A running hub. */
export interface Hub {
  /** Where it listens. */
  readonly url: string;
  /** Resolves when the mapping files of the start are running, as far as their sources answered. */
  readonly woven: Promise<void>;
  /** Resolves when every source has been connected once and the mappings have been woven against it. */
  readonly settled: Promise<void>;
  /** Stops taking, commits what was taken, closes everything; within ten seconds. Idempotent. */
  close(): Promise<void>;
}

const defaultTenant = "default";
const sweepStoresEvery = 1_000;

/**
 * Opens what a hub is made of, from the store up to the HTTP port, and weaves the mapping files.
 * @throws HubError `config`, `store-busy`, `store-corrupt`; nothing is left open then
 */
export async function startHub(config: Config, log: Logger = createLogger(config.log)): Promise<Hub> {
  const { http, store, security, operations } = config;
  assertMayListen(http.host, security.apiKeys.length);
  for (const { place, message } of config.warnings) log.warn(`${place}: ${message}`);
  const definitions = sourceDefinitions(config.sources, connectorTypes);
  const clock = systemClock;
  const closers: (() => Promise<void> | void)[] = [];
  const close = closeInReverse(closers);
  try {
    return await open();
  } catch (thrown) {
    await close();
    throw thrown;
  }

  async function open(): Promise<Hub> {
    const stopping = new AbortController();
    const egress = createEgress(config.egress);
    closers.push(() => egress.close());
    const stores = await openSqliteStores({
      directory: store.sqlite,
      options: { budget: store.diskBudget, retention: config.history.retention, outboxBound: config.outbox.bound },
      clock,
      log,
    });
    closers.push(() => stores.close());
    const memory = (await stores.open(defaultTenant)).records("discovery");
    const library = await loadContextLibrary([
      shippedContexts,
      ...(config.contexts === undefined ? [] : [config.contexts]),
    ]);
    let base = http.baseUrl ?? `http://${http.host}:${http.port}`;
    const hosted = new HostedContexts((await stores.open(defaultTenant)).records("context"), clock);
    await hosted.load();
    const contexts = new Contexts({
      library,
      hosted,
      fetcher: new ContextFetcher(egress, clock),
      clock,
      get ownBase() {
        return `${base}${NGSI_LD_BASE}/jsonldContexts/`;
      },
    });
    const renderer = new EntityRenderer(defaultQualityNames);
    const router = createReadingRouter();
    const southbound = createSouthbound({
      sources: definitions,
      sinkFor: router.sinkFor,
      clock,
      log,
      dataDir: join(store.sqlite, "sources"),
    });
    // The operator named these targets himself: private addresses are not held back from him.
    const operatorEgress = createEgress({ ...config.egress, allowPrivate: true });
    const brokers = createMqttChannel({ clock });
    closers.push(() => operatorEgress.close());
    closers.push(() => brokers.close());
    const targets = eventTargets(config);
    const endpointBrokers = createMqttChannel({ clock, lookup: egress.lookup, check: egress.checkBroker });
    closers.push(() => endpointBrokers.close());
    const eventsOf = (tenant: string) => ({
      targets,
      channels: [createHttpChannel(operatorEgress), brokers],
      base: () => `${base}${tenantPath(tenant)}${edition31.base}`,
    });
    const outside = createOutsideRegistries({
      registries: config.registries,
      http: operatorEgress,
      base: () => base,
      clock,
      log,
    });
    const rooms = createTenantRooms(stores, async (tenant, opened) => {
      const events = eventsOf(tenant);
      const room = await openTenantRoom({
        tenant,
        store: opened,
        devices: southbound,
        contexts,
        renderer,
        egress,
        hostContext: async (context) => contexts.urlOf(await hosted.implicit(context, tenant)),
        brokers: endpointBrokers,
        isOwn: (url) => URL.parse(url)?.origin === URL.parse(base)?.origin,
        events,
        timeSeriesEndpoint: () => `${base.replace(/\/+$/, "")}${tenantPath(tenant)}${TIME_SERIES_BASE}`,
        jobs: {
          handles: { bound: operations.maxJobs, keep: operations.keepResults },
          times: { ...operations, maxRunning: operations.maxJobs },
        },
        clock,
        log,
      });
      outside.join(room);
      return room;
    });
    closers.push(() => rooms.close());
    closers.push(() => outside.close());
    await rooms.openAll();
    const unanswered = new Set<string>();
    const views = createSourceViews({ definitions, southbound, memory, clock, abort: stopping.signal }, unanswered);
    const weaver = createWeaver({
      paths: config.mappings,
      views,
      unanswered,
      ends: endCodecs(contexts),
      twinOf: async (tenant) => (await rooms.make(tenant)).twin,
      router,
      setTags: southbound.setTags,
      clock,
      log,
    });
    const sources = definitions.map(({ name }) => name);
    const weaving = createWeaving({ weaver, sources, clock, timers: systemTimers, log });
    /** Before the mappings run, a linked leaf would look like any other: nothing is read or written until then. */
    const roomOf = (tenant: string): TenantRoom => {
      if (weaving.ready) return rooms.find(tenant);
      throw new HubError("overloaded", "the hub is starting: its mappings are not running yet", { retryAfter: 1 });
    };
    const ngsiRoomOf = async (tenant: string, creates = false): Promise<NgsiLdRoom> => {
      if (weaving.ready && creates && config.tenants.implicit) await rooms.makeImplicit(tenant);
      return roomOf(tenant).ngsiLd;
    };
    const metrics = createHubMetrics([...hubFigures(roomFigures, southbound.all), ...outside.figures]);
    const version = await readVersion();
    const page = await loadStartPage();
    const server = await createHttpServer({
      surfaces: [
        ...[edition31, edition30].flatMap((edition) => [
          createAasSurface({
            services: (tenant) => roomOf(tenant).aas,
            edition,
            served: config.aas,
            fileLimit: config.aas.fileLimit,
            entities: entityApi,
          }),
          createTemplatesSurface({
            services: (tenant) => roomOf(tenant).templates,
            edition,
            fileLimit: config.aas.fileLimit,
          }),
        ]),
        createNgsiLdSurface({ contexts, hosted, renderer, room: ngsiRoomOf }),
        createTimeSeriesSurface({
          room: (tenant) => ({ catalog: roomOf(tenant).aas.histories, series: roomOf(tenant).store.series }),
          now: () => clock.now(),
        }),
        createAdminSurface({
          sources: southbound,
          mappings: { report: () => weaving.report, reload: () => weaving.weave() },
          tenants: { all: roomFigures },
          registries: outside.port,
          imports: await createImports({
            servicesOf: (tenant) => roomOf(tenant).aas,
            folder: join(store.sqlite, "uploads"),
          }),
        }),
        createSystemSurface({ version, metrics, page, missing: () => (weaving.ready ? [] : ["mappings"]) }),
      ],
      host: http.host,
      port: http.port,
      limits: { request: requestTime(config.aas.fileLimit) },
      ...(http.tls === undefined
        ? {}
        : { tls: { cert: await readPem(http.tls.cert), key: await readPem(http.tls.key) } }),
      hosts: hostPolicy(http.host, http.baseUrl, http.allowedHosts, http.corsOrigins),
      baseUrl: {
        ...(http.baseUrl === undefined ? {} : { configured: http.baseUrl }),
        trusts: trustOf(http.trustedProxies ?? []),
      },
      authenticate: createAuthentication(security.apiKeys),
      observe: metrics.request,
      log,
    });
    closers.push(() => server.close());
    base = http.baseUrl ?? server.url;
    contexts.alsoServedAt(`${base}${NGSI_LD_BASE}/jsonldContexts/`);
    closers.push(every(sweepStoresEvery, "sweeping the stores", log, sweepStores));
    southbound.onState(({ source, state }) => {
      if (state !== "connected") return;
      // The session is a sign of life for its points.
      router.sinkFor(source).alive(source, clock.now());
      weaving.connected(source);
    });
    closers.push(() => weaving.stop());
    closers.push(() => southbound.stop());
    // Before their devices go away, so that they end with the reason.
    closers.push(() => forEachRoom(rooms.all, (room) => room.aas.handles.close()));
    closers.push(() => stopping.abort());
    await southbound.prepare();
    southbound.start();
    // Before the mappings run, shells that they make would look as if they were gone.
    weaving.woven.then(outside.start, outside.start);
    weaving.weave().catch((thrown) => {
      log.error("mappings could not be woven", { reason: HubError.from(thrown).message });
    });
    return { url: server.url, woven: weaving.woven, settled: weaving.settled, close };

    async function sweepStores(): Promise<void> {
      await forEachRoom(rooms.all, (room) => room.sweep());
    }

    /** Of the rooms that can say something: a damaged store must not silence the others. */
    async function roomFigures(): Promise<readonly RoomFigures[]> {
      const told = await Promise.allSettled(rooms.all.map((room) => room.figures()));
      return told.flatMap((one) => (one.status === "fulfilled" ? [one.value] : []));
    }
  }
}

/** Closes once, the last opened first; what fails does not keep the others open. */
function closeInReverse(closers: (() => Promise<void> | void)[]): () => Promise<void> {
  let closing: Promise<void> | undefined;
  const run = async (): Promise<void> => {
    const failures: unknown[] = [];
    for (const close of closers.reverse()) {
      try {
        await close();
      } catch (thrown) {
        failures.push(thrown);
      }
    }
    if (failures.length > 0) throw new AggregateError(failures, "the hub did not close cleanly");
  };
  return () => (closing ??= run());
}
