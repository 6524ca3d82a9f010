import { join } from "node:path";
import type { Config } from "../config/load.ts";
import { HubError } from "../core/errors.ts";
import type { Logger } from "../core/logger.ts";
import { systemClock } from "../core/time.ts";
import { createLogger } from "../logging/winston-logger.ts";
import { createHubMetrics } from "../metrics/hub-metrics.ts";
import { defaultQualityNames } from "../ngsi-ld/entity/live-attribute.ts";
import { EntityRenderer } from "../ngsi-ld/entity/render-entity.ts";
import { assertMayListen } from "../security/assert-may-listen.ts";
import { connectorTypes } from "../southbound/registry.ts";
import { createSouthbound } from "../southbound/runtime.ts";
import { systemTimers } from "../southbound/timers.ts";
import { Closers } from "./closers.ts";
import { forEachRoom } from "./each-room.ts";
import { endCodecs } from "./end-codecs.ts";
import { every } from "./every.ts";
import { hubFigures } from "./figures.ts";
import { HubAddress } from "./hub-address.ts";
import { createImports } from "./imports.ts";
import { listen } from "./listen.ts";
import { contextBase, openContexts } from "./open-contexts.ts";
import { openRooms } from "./open-rooms.ts";
import { openStores } from "./open-stores.ts";
import { createOutsideRegistries } from "./outside-registries.ts";
import { createReadingRouter } from "./reading-router.ts";
import { roomsForClients } from "./rooms-for-clients.ts";
import { sourceDefinitions } from "./source-definitions.ts";
import { createSourceViews } from "./source-views.ts";
import { createSurfaces } from "./surfaces.ts";
import { openWaysOut } from "./ways-out.ts";
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
  assertMayListen(config.http.host, config.security.apiKeys.length);
  for (const { place, message } of config.warnings) log.warn(`${place}: ${message}`);
  const closers = new Closers();
  try {
    return await open(config, log, closers);
  } catch (thrown) {
    await closers.close();
    throw thrown;
  }
}

/** From the store up to the port; each part is closed before those that it stands on. */
async function open(config: Config, log: Logger, closers: Closers): Promise<Hub> {
  const clock = systemClock;
  const folder = config.store.sqlite;
  const address = new HubAddress(config.http);
  const waysOut = openWaysOut(config, clock, closers);
  const stores = await openStores(config, clock, log);
  closers.add(() => stores.close());
  const store = await stores.open(defaultTenant);
  const { contexts, hosted } = await openContexts({
    ...(config.contexts === undefined ? {} : { folder: config.contexts }),
    records: store.records("context"),
    egress: waysOut.clients,
    address,
    clock,
  });
  const renderer = new EntityRenderer(defaultQualityNames);

  const definitions = sourceDefinitions(config.sources, connectorTypes);
  const router = createReadingRouter();
  const dataDir = join(folder, "sources");
  const southbound = createSouthbound({ sources: definitions, sinkFor: router.sinkFor, clock, log, dataDir });

  const outside = createOutsideRegistries({
    registries: config.registries,
    http: waysOut.operator,
    base: () => address.base,
    clock,
    log,
  });
  const joined = outside.join;
  const rooms = await openRooms(
    { config, stores, devices: southbound, contexts, hosted, renderer, waysOut, address, joined, clock, log },
    closers,
  );
  closers.add(() => outside.close());

  const stopping = new AbortController();
  const unanswered = new Set<string>();
  const memory = store.records("discovery");
  const weaver = createWeaver({
    paths: config.mappings,
    views: createSourceViews({ definitions, southbound, memory, clock, abort: stopping.signal }, unanswered),
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

  const forClients = roomsForClients(rooms, { isReady: () => weaving.ready, implicit: config.tenants.implicit });
  const metrics = createHubMetrics([...hubFigures(rooms.figures, southbound.all), ...outside.figures]);
  const admin = {
    sources: southbound,
    mappings: { report: () => weaving.report, reload: () => weaving.weave() },
    tenants: { all: rooms.figures },
    registries: outside.port,
    imports: await createImports({
      servicesOf: (tenant) => forClients.of(tenant).aas,
      folder: join(folder, "uploads"),
    }),
  };
  const missing = () => (weaving.ready ? [] : ["mappings"]);
  const { aas } = config;
  const served = { aas, rooms: forClients, contexts, hosted, renderer, admin, metrics, missing, clock };
  const surfaces = await createSurfaces(served);
  const server = await listen({ config, surfaces, metrics, log });
  closers.add(() => server.close());
  address.listensAt(server.url);
  contexts.alsoServedAt(contextBase(address));

  closers.add(
    every(sweepStoresEvery, "sweeping the stores", log, () => forEachRoom(rooms.all, (room) => room.sweep())),
  );
  southbound.onState(({ source, state }) => {
    if (state !== "connected") return;
    // The session is a sign of life for its points.
    router.sinkFor(source).alive(source, clock.now());
    weaving.connected(source);
  });
  closers.add(() => weaving.stop());
  closers.add(() => southbound.stop());
  // Before their devices go away, so that they end with the reason.
  closers.add(() => forEachRoom(rooms.all, (room) => room.aas.handles.close()));
  closers.add(() => stopping.abort());
  await southbound.prepare();
  southbound.start();
  // Before the mappings run, shells that they make would look as if they were gone.
  weaving.woven.then(outside.start, outside.start);
  weaving.weave().catch((thrown) => {
    log.error("mappings could not be woven", { reason: HubError.from(thrown).message });
  });
  return { url: server.url, woven: weaving.woven, settled: weaving.settled, close: () => closers.close() };
}
