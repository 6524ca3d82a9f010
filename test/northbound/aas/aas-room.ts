import { mkdtemp, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { createAasEnd } from "../../../src/aas/end/aas-end.ts";
import { type AasParts, createAasServices } from "../../../src/aas/services/aas-services.ts";
import { createAsyncHandles } from "../../../src/aas/services/async-handles.ts";
import { createTemplateServices } from "../../../src/aas/services/template-services.ts";
import type { ArgumentValues } from "../../../src/core/browse.ts";
import type { AssetRequest } from "../../../src/core/end-codec.ts";
import { HubError } from "../../../src/core/errors.ts";
import type { Link } from "../../../src/core/link.ts";
import { silentLogger } from "../../../src/core/logger.ts";
import type { Quality } from "../../../src/core/quality.ts";
import { systemClock } from "../../../src/core/time.ts";
import type { Value, ValueType } from "../../../src/core/value.ts";
import { createAasSurface, createTemplatesSurface } from "../../../src/northbound/aas/aas-surface.ts";
import { edition30 } from "../../../src/northbound/aas/edition.ts";
import type { Served } from "../../../src/northbound/aas/served-one.ts";
import { createHttpServer } from "../../../src/northbound/operation.ts";
import type { DocumentPort } from "../../../src/store/contract.ts";
import { openSqliteStores } from "../../../src/store/sqlite/sqlite-stores.ts";
import type { DevicePort } from "../../../src/twin/contract.ts";
import { createTwin } from "../../../src/twin/twin.ts";

/** A point of the test's mapping file, at `pump.yaml:<line>`. */
export interface TestPoint {
  readonly point: string;
  readonly aas: unknown;
  readonly type?: ValueType;
  readonly line: number;
  readonly writable?: boolean;
  readonly unit?: string;
}

/** What a method of the test's device does. */
export type TestMethod = (inputs: ArgumentValues, timeout: number, abort: AbortSignal) => Promise<ArgumentValues>;

/** A body of any shape, for tests to look into. */
export interface Loose {
  readonly [member: string]: Loose | undefined;
}

export interface Answer {
  readonly status: number;
  readonly headers: Headers;
  readonly text: string;
  /** Parsed where it is JSON, an empty object else. */
  readonly body: Loose;
}

/**
 * Store, twin, services and HTTP server as the hub composes them; devices are a map of what was written.
 * @param watch stands between the services and the store's documents
 * @param served what `/aas` and `/submodel` speak of
 */
export async function openAasRoom(
  watch: (documents: DocumentPort) => DocumentPort = (documents) => documents,
  served?: Served,
) {
  const directory = await mkdtemp(join(tmpdir(), "twinweave-aas-"));
  const stores = await openSqliteStores({
    directory,
    options: { budget: 2 ** 30, retention: 3_600_000, outboxBound: 100 },
    clock: systemClock,
    log: silentLogger,
  });
  const store = await stores.open("default");
  const written = new Map<string, Value>();
  const refusing = new Map<string, HubError>();
  const methods = new Map<string, TestMethod>();
  const devices: DevicePort = {
    async write(_source, tag, value) {
      const refusal = refusing.get(tag);
      if (refusal !== undefined) throw refusal;
      written.set(tag, value);
    },
    read: async () => Promise.reject(new HubError("unreachable", "no read in this test")),
    async call(_source, method, inputs, timeout, abort) {
      const work = methods.get(method);
      if (work === undefined) throw new HubError("unsupported", `the test has no method ${method}`);
      return await work(inputs, timeout, abort);
    },
  };
  const twin = createTwin({
    tenant: "default",
    store,
    devices,
    matcher: { match: () => [] },
    clock: systemClock,
    log: silentLogger,
    sweepEvery: 0,
  });
  const parts: AasParts = {
    documents: watch(store.documents),
    blobs: store.blobs,
    series: store.series,
    records: (kind) => store.records(kind),
    twin,
    handles: createAsyncHandles({ records: store.records("handle"), clock: systemClock }),
    clock: systemClock,
  };
  const services = createAasServices(parts);
  const templates = createTemplateServices(parts);
  const servicesOf = (tenant: string) => {
    if (tenant === "default") return services;
    throw new HubError("unknown-tenant", `there is no tenant ${tenant}`);
  };
  const surface = createAasSurface({ services: servicesOf, ...(served === undefined ? {} : { served }) });
  const templatesSurface = createTemplatesSurface({ services: () => templates });
  const server = await createHttpServer({
    surfaces: [surface, createAasSurface({ services: servicesOf, edition: edition30 }), templatesSurface],
    host: "127.0.0.1",
    port: 0,
    hosts: { hosts: new Set(["127.0.0.1"]), origins: new Set() },
    baseUrl: {},
    authenticate: () => ({ name: "test", rights: ["admin"] }),
    log: silentLogger,
  });
  const base = `${server.url}/api/v3.1`;

  async function call(
    method: string,
    path: string,
    body?: unknown,
    headers: Record<string, string> = {},
  ): Promise<Answer> {
    const response = await fetch(path.startsWith("http") ? path : `${base}${path}`, {
      method,
      headers: { ...(body === undefined ? {} : { "content-type": "application/json" }), ...headers },
      ...(body === undefined ? {} : { body: typeof body === "string" ? body : JSON.stringify(body) }),
    });
    const text = await response.text();
    const isJson = response.headers.get("content-type")?.includes("json") === true;
    return { status: response.status, headers: response.headers, text, body: isJson ? JSON.parse(text) : {} };
  }

  /** Weaves one asset as the mapping compiler would and makes it the twin's plan. */
  async function map(
    twinSection: Record<string, unknown>,
    points: readonly TestPoint[],
    folder = directory,
  ): Promise<void> {
    const woven = await createAasEnd().weave(assetRequest(twinSection, points, folder));
    if (woven.problems.length > 0)
      throw new HubError("config", "the test's mapping is wrong", { problems: woven.problems });
    const links = woven.leaves.map(({ point, address, type }): Link => {
      const { line, writable } = points.find((one) => one.point === point) ?? { line: 1 };
      return {
        key: `default/pump/p1/${point}`,
        point,
        asset: "p1",
        place: { file: "pump.yaml", line },
        tag: { source: "plc", tag: point },
        ends: [address],
        type,
        decode: (value) => value,
        quality: { bad: "take", staleAfter: 60_000 },
        report: {},
        history: false,
        ...(writable === true ? { write: { encode: (value: Value) => value, confirm: "none" as const } } : {}),
      };
    });
    await twin.apply({ tenant: "default", links, documents: woven.documents });
  }

  async function reading(
    point: string,
    value: Value,
    quality: Quality = "good",
    code?: string,
    at = Date.now(),
  ): Promise<void> {
    const status = code === undefined ? {} : { code };
    await twin.ingest([{ source: "plc", tag: point, value, quality, ...status, sourceTime: at, receivedTime: at }]);
  }

  return {
    base,
    /** The same hub for clients of v3.0. */
    base30: `${server.url}/api/v3.0`,
    /** Of templates alone. */
    baseTemplates: `${server.url}/templates/api/v3.1`,
    services,
    surface,
    templatesSurface,
    twin,
    store,
    written,
    refusing,
    methods,
    directory,
    call,
    map,
    reading,
    async close() {
      await server.close(100);
      await twin.close();
      await stores.close();
      await rm(directory, { recursive: true });
    },
  };
}

export type AasRoom = Awaited<ReturnType<typeof openAasRoom>>;

export const b64 = (text: string): string => Buffer.from(text).toString("base64url");

export function assetRequest(
  twinSection: Record<string, unknown>,
  points: readonly TestPoint[],
  folder: string,
): AssetRequest {
  return {
    asset: "p1",
    owner: "pump",
    place: { file: "pump.yaml", line: 1 },
    adopt: false,
    twin: twinSection,
    placeOf: (pointer) => ({ file: "pump.yaml", line: 2 + pointer.split("/").length }),
    folder,
    leaves: points.map(({ point, aas, type, line, writable, unit }) => ({
      point,
      end: aas,
      place: { file: "pump.yaml", line },
      type,
      unit,
      writable: writable ?? false,
    })),
  };
}
