import { mkdtemp, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { fileURLToPath } from "node:url";
import { HubError } from "../../../src/core/errors.ts";
import type { Link, WritePolicy } from "../../../src/core/link.ts";
import { silentLogger } from "../../../src/core/logger.ts";
import type { Reading } from "../../../src/core/reading.ts";
import { systemClock } from "../../../src/core/time.ts";
import type { Value } from "../../../src/core/value.ts";
import { DeliveryWorker } from "../../../src/deliver/delivery-worker.ts";
import { createHttpChannel } from "../../../src/deliver/http-channel.ts";
import { createEgress } from "../../../src/egress/egress.ts";
import { defaultEgress } from "../../../src/egress/egress-settings.ts";
import { ContextFetcher } from "../../../src/ngsi-ld/context/context-fetcher.ts";
import { loadContextLibrary } from "../../../src/ngsi-ld/context/context-library.ts";
import { Contexts } from "../../../src/ngsi-ld/context/contexts.ts";
import { HostedContexts } from "../../../src/ngsi-ld/context/hosted-contexts.ts";
import { Discovery } from "../../../src/ngsi-ld/discovery/discovery.ts";
import { createNgsiEnd } from "../../../src/ngsi-ld/end-codec.ts";
import { defaultQualityNames } from "../../../src/ngsi-ld/entity/live-attribute.ts";
import { EntityRenderer } from "../../../src/ngsi-ld/entity/render-entity.ts";
import { EntityReader } from "../../../src/ngsi-ld/service/entity-reader.ts";
import { LocalEntityService } from "../../../src/ngsi-ld/service/local-entity-service.ts";
import { createNotificationRenderer } from "../../../src/ngsi-ld/subscription/notification-renderer.ts";
import { SubscriptionService } from "../../../src/ngsi-ld/subscription/subscription-service.ts";
import { TemporalService } from "../../../src/ngsi-ld/temporal/temporal-service.ts";
import { TemporalWriter } from "../../../src/ngsi-ld/temporal/temporal-writer.ts";
import { createNgsiLdSurface } from "../../../src/northbound/ngsi-ld/surface.ts";
import { createHttpServer } from "../../../src/northbound/operation.ts";
import { openSqliteStores } from "../../../src/store/sqlite/sqlite-stores.ts";
import type { DevicePort } from "../../../src/twin/contract.ts";
import { createTwin } from "../../../src/twin/twin.ts";

export const CONTEXTS = fileURLToPath(new URL("../../../ngsi-ld-contexts", import.meta.url));
export const PUMP = "urn:ngsi-ld:Pump:p1";
const PLACE = { file: "mappings/pump.yaml", line: 12, column: 5 };

/** The points of the one pump that every test has: writable, read-only, never read. */
const POINTS = [
  { point: "setpoint", type: "double", write: true },
  { point: "flow", type: "double", write: false },
  { point: "counter", type: "unsignedLong", write: false },
  { point: "silent", type: "double", write: false },
] as const;

const write: WritePolicy = { encode: (value) => value, min: 0, max: 100, confirm: "none" };

/** A device of which tests say what it answers. */
export class FakeDevice implements DevicePort {
  readonly written: { readonly tag: string; readonly value: Value }[] = [];
  refusal: HubError | undefined;

  async write(_source: string, tag: string, value: Value): Promise<void> {
    if (this.refusal !== undefined) throw this.refusal;
    this.written.push({ tag, value });
  }

  read(_source: string, tag: string): Promise<Reading> {
    return Promise.reject(new HubError("unreachable", `${tag} cannot be read`));
  }

  call(_source: string, method: string): Promise<never> {
    return Promise.reject(new HubError("unsupported", `${method} cannot be called`));
  }
}

/** A hub with the NGSI-LD API on a free port, on real store, twin, outbox and HTTP layer. */
export async function startNgsiHub() {
  const directory = await mkdtemp(join(tmpdir(), "twinweave-ngsi-"));
  const clock = systemClock;
  const log = silentLogger;
  const stores = await openSqliteStores({
    directory,
    clock,
    log,
    options: { budget: 2 ** 30, retention: 86_400_000, outboxBound: 10_000 },
  });
  const store = await stores.open("default");
  const egress = createEgress({ ...defaultEgress, allowPrivate: true });
  const hosted = new HostedContexts(store.records("context"), clock);
  const contexts = new Contexts({
    hosted,
    library: await loadContextLibrary([CONTEXTS]),
    fetcher: new ContextFetcher(egress, clock),
    clock,
    ownBase: "http://hub.example/ngsi-ld/v1/jsonldContexts/",
  });
  const subscriptions = new SubscriptionService({
    ...{ store, contexts, clock, log },
    hostContext: async (context) => contexts.urlOf(await hosted.implicit(context, "default")),
    releaseContext: (url) => hosted.release(url.slice(url.lastIndexOf("/") + 1)),
    checkEndpoint: egress.check,
  });
  await subscriptions.load();
  const device = new FakeDevice();
  const twin = createTwin({ tenant: "default", store, devices: device, matcher: subscriptions.index, clock, log });
  const plan = await planOf(contexts);
  await twin.apply(plan);
  const renderer = new EntityRenderer(defaultQualityNames);
  const reader = new EntityReader(store, twin, clock);
  const { index } = subscriptions;
  index.overlay((entity) => twin.leaves("entity", entity));
  twin.onChange((change) => index.committed(change));
  const names = defaultQualityNames;
  const temporal = new TemporalService({ store, clock, names, pageInstances: 16 });
  const { heads, source } = temporal;
  const past = new TemporalWriter({ store, heads, source, entities: reader, twin, names });
  const entities = new LocalEntityService({
    reader,
    twin,
    names: defaultQualityNames,
    onChange: (mutations, state) => index.expect(mutations, state),
  });
  const notifications = createNotificationRenderer({
    tenant: "default",
    subscriptions,
    reader,
    renderer,
    contexts,
    names: defaultQualityNames,
    outbox: store.outbox,
    owe: (owed) => twin.owe(owed),
    clock,
    log,
  });
  const worker = new DeliveryWorker({
    outbox: store.outbox,
    renderers: { "ngsi-ld.notification": notifications },
    channels: [createHttpChannel(egress)],
    clock,
    log,
    retry: { first: 20, longest: 50, tries: 4 },
  });
  twin.onChange(() => worker.wake());
  const surface = createNgsiLdSurface({
    contexts,
    hosted,
    renderer,
    room(tenant) {
      const discovery = new Discovery(store.documents);
      if (tenant === "default") return { entities, subscriptions, discovery, temporal, past };
      throw new HubError("unknown-tenant", `there is no tenant ${tenant}`);
    },
  });
  const server = await createHttpServer({
    surfaces: [surface],
    host: "127.0.0.1",
    port: 0,
    hosts: { hosts: new Set(["127.0.0.1"]), origins: new Set() },
    baseUrl: {},
    authenticate: () => ({ name: "test", rights: ["read", "write", "admin"] }),
    log,
  });
  const api = `${server.url}/ngsi-ld/v1`;
  return {
    api,
    device,
    twin,
    worker,
    store,
    subscriptions,
    /** One reading of a point of the pump. */
    read(point: string, value: Value, extra: Partial<Reading> = {}): Promise<void> {
      const now = Date.now();
      return twin.ingest([
        { source: "plc", tag: point, value, quality: "good", sourceTime: now, receivedTime: now, ...extra },
      ]);
    },
    /** A request with a JSON body, if there is one. */
    call(method: string, path: string, body?: unknown, headers: Record<string, string> = {}): Promise<Response> {
      const type = headers["content-type"] ?? "application/json";
      return fetch(`${api}${path}`, {
        method,
        headers: body === undefined ? headers : { ...headers, "content-type": type },
        ...(body === undefined ? {} : { body: typeof body === "string" ? body : JSON.stringify(body) }),
      });
    },
    async stop(): Promise<void> {
      await server.close();
      await worker.stop();
      await twin.close();
      await subscriptions.status.flush();
      await stores.close();
      egress.close();
      await rm(directory, { recursive: true, force: true });
    },
  };
}

export type NgsiHub = Awaited<ReturnType<typeof startNgsiHub>>;

async function planOf(contexts: Contexts) {
  const woven = await createNgsiEnd(contexts).weave({
    asset: "p1",
    owner: "pump",
    place: PLACE,
    adopt: false,
    twin: { entity: { id: PUMP, type: "Pump", attributes: { maker: "ACME" } } },
    placeOf: () => PLACE,
    folder: ".",
    leaves: POINTS.map(({ point, type, write: writable }) => ({
      point,
      end: point,
      place: PLACE,
      type,
      unit: point === "flow" ? "MQH" : undefined,
      writable,
    })),
  });
  if (woven.problems.length > 0) throw new Error(JSON.stringify(woven.problems));
  const links = POINTS.map(({ point, type, write: writable }): Link => {
    const leaf = woven.leaves.find((one) => one.point === point);
    return {
      key: `default/pump/p1/${point}`,
      point,
      asset: "p1",
      place: PLACE,
      tag: { source: "plc", tag: point },
      ends: leaf === undefined ? [] : [leaf.address],
      type,
      ...(point === "flow" ? { unit: "MQH" } : {}),
      decode: (value) => value,
      quality: { bad: "hold", staleAfter: 600_000 },
      report: {},
      history: true,
      ...(writable ? { write } : {}),
    };
  });
  return { tenant: "default", links, documents: woven.documents };
}
