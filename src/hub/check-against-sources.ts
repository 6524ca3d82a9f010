import { mkdtemp, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import type { Config } from "../config/load.ts";
import { silentLogger } from "../core/logger.ts";
import { systemClock } from "../core/time.ts";
import { createEgress } from "../egress/egress.ts";
import { checkMappings, type MappingCheck } from "../mapping/check.ts";
import { loadMappings } from "../mapping/load.ts";
import { ContextFetcher } from "../ngsi-ld/context/context-fetcher.ts";
import { loadContextLibrary } from "../ngsi-ld/context/context-library.ts";
import { Contexts } from "../ngsi-ld/context/contexts.ts";
import { NGSI_LD_BASE } from "../northbound/ngsi-ld/surface.ts";
import { connectorTypes } from "../southbound/registry.ts";
import { createSouthbound, type Southbound } from "../southbound/runtime.ts";
import { openSqliteStores } from "../store/sqlite/sqlite-stores.ts";
import { endCodecs } from "./end-codecs.ts";
import { shippedContexts } from "./shipped-contexts.ts";
import { sourceDefinitions } from "./source-definitions.ts";
import { createSourceViews } from "./source-views.ts";

/**
 * Checks mapping files as the hub would run them, against the sources themselves, without touching any twin.
 * @param paths files, folders and globs; the configuration's own where empty
 * @param patience ms that sources are waited for
 */
export async function checkAgainstSources(
  config: Config,
  paths: readonly string[],
  patience: number,
): Promise<MappingCheck> {
  const wanted = paths.length > 0 ? paths : config.mappings;
  const named = new Set((await loadMappings(wanted)).map(({ definition }) => definition?.source));
  const definitions = sourceDefinitions(config.sources, connectorTypes);
  const folder = await mkdtemp(join(tmpdir(), "twinweave-check-"));
  const options = { budget: 1e9, retention: 0, outboxBound: 1 };
  const stores = await openSqliteStores({ directory: folder, options, clock: systemClock, log: silentLogger });
  const egress = createEgress(config.egress);
  const southbound = createSouthbound({
    sources: definitions.filter(({ name }) => named.has(name)),
    sinkFor: () => ({ ingest: async () => {}, alive() {}, lost() {} }),
    clock: systemClock,
    log: silentLogger,
    // The hub's own certificates: a server that trusts the hub trusts the check.
    dataDir: join(config.store.sqlite, "sources"),
  });
  try {
    await connected(southbound, patience);
    const library = await loadContextLibrary([
      shippedContexts,
      ...(config.contexts === undefined ? [] : [config.contexts]),
    ]);
    const ownBase = `${config.http.baseUrl ?? "http://localhost"}${NGSI_LD_BASE}/jsonldContexts/`;
    const fetcher = new ContextFetcher(egress, systemClock);
    const contexts = new Contexts({ library, fetcher, clock: systemClock, ownBase });
    const memory = (await stores.open("default")).records("discovery");
    const abort = AbortSignal.timeout(patience + 30_000);
    const views = createSourceViews({ definitions, southbound, memory, clock: systemClock, abort }, new Set());
    return await checkMappings(wanted, { sources: views, ends: endCodecs(contexts) });
  } finally {
    await southbound.stop();
    await stores.close();
    egress.close();
    await rm(folder, { recursive: true, force: true });
  }
}

/** Resolves when every source is connected, or after `patience` ms with those that are. */
function connected(southbound: Southbound, patience: number): Promise<void> {
  const waiting = new Set(southbound.all().map(({ source }) => source));
  if (waiting.size === 0) return Promise.resolve();
  return new Promise((resolve) => {
    const timer = setTimeout(done, patience);
    const stop = southbound.onState(({ source, state }) => {
      if (state !== "connected") return;
      waiting.delete(source);
      if (waiting.size === 0) done();
    });
    function done(): void {
      clearTimeout(timer);
      stop();
      resolve();
    }
    southbound.start();
  });
}
