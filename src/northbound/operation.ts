import { once } from "node:events";
import { createServer, type IncomingMessage, type Server, type ServerResponse } from "node:http";
import { createServer as createTlsServer } from "node:https";
import type { AddressInfo } from "node:net";
import { pipeline } from "node:stream/promises";
import express from "express";
import { HubError } from "../core/errors.ts";
import type { Logger } from "../core/logger.ts";
import type { Actor, Right, Scope } from "../core/scope.ts";
import { type BaseUrlPolicy, externalBase } from "./base-url.ts";
import { compressed } from "./compression.ts";
import { withValidator } from "./conditional-request.ts";
import { checkHost, checkOrigin, corsHeaders, type HostPolicy, preflightHeaders } from "./host-guard.ts";
import type { ApiRequest, ApiResponse, Method, Operation, Surface } from "./operation-types.ts";
import { readBody, streamBody } from "./read-body.ts";
import { requestIdOf } from "./request-id.ts";
import { createSurfaceTable, type SurfaceRoute } from "./surface-table.ts";

export interface HttpServerParts {
  readonly surfaces: readonly Surface[];
  readonly host: string;
  /** 0: a free one. */
  readonly port: number;
  readonly tls?: { readonly cert: Buffer; readonly key: Buffer };
  readonly hosts: HostPolicy;
  readonly baseUrl: BaseUrlPolicy;
  /** Who asks. @throws HubError `unauthorized` */
  readonly authenticate: (headers: ApiRequest["headers"]) => Actor;
  /** Told after each answer. */
  readonly observe?: (seen: ObservedRequest) => void;
  readonly log: Logger;
}

export interface ObservedRequest {
  readonly surface: string;
  readonly operation: string;
  readonly status: number;
  /** Seconds from the request's head to the answer's end. */
  readonly seconds: number;
}

export interface HttpServer {
  readonly url: string;
  readonly port: number;
  /** Takes no more, finishes what runs within `grace` ms (5,000), ends the rest. */
  close(grace?: number): Promise<void>;
}

const uriBound = 8 * 1024;
const defaultBodyLimit = 4 * 1024 * 1024;
const nobody: Actor = { name: "anonymous", rights: [] };

/** What is known of a request so far, so that an error finds its form wherever it happens. */
interface Course {
  readonly requestId: string;
  readonly headers: ApiRequest["headers"];
  readonly cors: Record<string, string>;
  surface: Surface | undefined;
  operation: string;
}

/** The only place that touches requests and responses: everything that is HTTP's, for every operation of every surface. */
export async function createHttpServer(parts: HttpServerParts): Promise<HttpServer> {
  const table = createSurfaceTable(parts.surfaces);
  const last = parts.surfaces.find((surface) => surface.base === "") ?? parts.surfaces[0];
  const app = express();
  app.disable("x-powered-by").disable("etag").set("query parser", false);
  app.use((incoming: IncomingMessage, outgoing: ServerResponse) => {
    serve(incoming, outgoing).catch((thrown) => {
      parts.log.error("an answer could not be sent", { reason: HubError.from(thrown).message });
      outgoing.destroy();
    });
  });

  async function serve(incoming: IncomingMessage, outgoing: ServerResponse): Promise<void> {
    const started = performance.now();
    const headers = incoming.headers as ApiRequest["headers"];
    const requestId = requestIdOf(headers["x-request-id"]);
    const course: Course = {
      requestId,
      headers,
      cors: corsHeaders(parts.hosts, headers.origin),
      surface: undefined,
      operation: "none",
    };
    const gone = new AbortController();
    outgoing.once("close", () => gone.abort());
    let response: ApiResponse;
    try {
      const answer = await dispatch(incoming, course, gone.signal);
      response = await compressed(withValidator(answer, headers), headers["accept-encoding"]);
    } catch (thrown) {
      response = rendered(HubError.from(thrown), course, incoming.url ?? "/");
    }
    await send(incoming, outgoing, response, course);
    const seconds = (performance.now() - started) / 1000;
    parts.observe?.({
      surface: course.surface?.name ?? "none",
      operation: course.operation,
      status: response.status,
      seconds,
    });
  }

  async function dispatch(incoming: IncomingMessage, course: Course, gone: AbortSignal): Promise<ApiResponse> {
    const url = incoming.url ?? "/";
    const mark = url.indexOf("?");
    const path = mark === -1 ? url : url.slice(0, mark);
    const route = table(path);
    course.surface = route?.surface ?? last;
    if (url.length > uriBound) throw new HubError("uri-too-long", `the address is longer than ${uriBound} bytes`);
    checkHost(parts.hosts, incoming.headers.host);
    const base = externalBase(parts.baseUrl, incoming);
    checkOrigin(parts.hosts, course.headers.origin, base);
    if (route === undefined) throw new HubError("not-found", `nothing is served at ${path}`);
    const method = incoming.method ?? "GET";
    const routed = route.find(method === "HEAD" ? "GET" : (method as Method), route.path);
    if (routed === undefined) throw new HubError("not-found", `${route.surface.name} serves nothing at ${route.path}`);
    if (method === "OPTIONS" || "allowed" in routed) return otherMethod(route, method, course);
    course.operation = routed.operation.name;
    const scope = admit(route, routed.operation, course, url, gone);
    const limit = routed.operation.bodyLimit ?? defaultBodyLimit;
    let body: Promise<Buffer> | undefined;
    const request: ApiRequest = {
      scope,
      method: routed.operation.method,
      params: routed.params,
      query: new URLSearchParams(mark === -1 ? "" : url.slice(mark + 1)),
      headers: course.headers,
      url,
      baseUrl: `${base}${route.prefix}`,
      body: () => (body ??= readBody(incoming, limit)),
      stream: () => streamBody(incoming, limit),
    };
    return await routed.operation.handle(request);
  }

  /** Authentication and the operation's right; everything after it acts for this scope. */
  function admit(route: SurfaceRoute, operation: Operation, course: Course, url: string, abort: AbortSignal): Scope {
    const actor = operation.right === "none" ? nobody : parts.authenticate(course.headers);
    if (operation.right !== "none" && !holds(actor, operation.right)) {
      throw new HubError("forbidden", `${actor.name} may not ${operation.right} here`);
    }
    const tenant = route.tenant ?? route.surface.tenantOf(course.headers, url);
    if (actor.tenants !== undefined && operation.right !== "none" && !actor.tenants.includes(tenant)) {
      throw new HubError("forbidden", `${actor.name} may not see the tenant ${tenant}`);
    }
    return { tenant, actor, requestId: course.requestId, abort };
  }

  function rendered(error: HubError, course: Course, url: string): ApiResponse {
    const { requestId, headers, surface } = course;
    if (error.code === "internal") {
      parts.log.error("a request failed", {
        requestId,
        operation: course.operation,
        reason: error.stack ?? error.message,
      });
    }
    const response = surface?.renderError(error, { requestId, url, headers }) ?? { status: 500 };
    const extra: Record<string, string> = {};
    if (error.code === "unauthorized") extra["www-authenticate"] = 'Bearer realm="twinweave"';
    if (error.retryAfter !== undefined) extra["retry-after"] = String(Math.ceil(error.retryAfter));
    return { ...response, headers: { ...extra, ...response.headers } };
  }

  const server = parts.tls === undefined ? createServer(app) : createTlsServer(parts.tls, app);
  server.headersTimeout = 10_000;
  server.requestTimeout = 300_000;
  server.keepAliveTimeout = 65_000;
  server.maxConnections = 10_000;
  await listen(server, parts.host, parts.port);
  const { port } = server.address() as AddressInfo;
  const host = parts.host.includes(":") ? `[${parts.host}]` : parts.host;
  return {
    url: `${parts.tls === undefined ? "http" : "https"}://${host}:${port}`,
    port,
    close: (grace = 5000) => close(server, grace),
  };
}

function holds(actor: Actor, right: Right): boolean {
  return (
    actor.rights.includes(right) ||
    actor.rights.includes("admin") ||
    (right === "read" && actor.rights.includes("write"))
  );
}

function otherMethod(route: SurfaceRoute, method: string, course: Course): ApiResponse {
  const methods: Method[] = ["GET", "POST", "PUT", "PATCH", "DELETE"];
  const allowed = methods.filter((one) => {
    const found = route.find(one, route.path);
    return found !== undefined && "operation" in found;
  });
  const allow = [...allowed, ...(allowed.includes("GET") ? ["HEAD"] : []), "OPTIONS"];
  if (method === "OPTIONS") {
    const preflight = preflightHeaders(allow, course.headers["access-control-request-headers"]);
    const headers = Object.keys(course.cors).length > 0 ? preflight : {};
    return { status: 204, headers: { ...headers, allow: allow.join(", ") } };
  }
  const error = new HubError("method-not-allowed", `${method} is not served here: ${allow.join(", ")} are`);
  const response = route.surface.renderError(error, {
    requestId: course.requestId,
    url: route.path,
    headers: course.headers,
  });
  return { ...response, headers: { ...response.headers, allow: allow.join(", ") } };
}

async function send(
  incoming: IncomingMessage,
  outgoing: ServerResponse,
  response: ApiResponse,
  course: Course,
): Promise<void> {
  const { status, headers = {}, body, type } = response;
  outgoing.statusCode = status;
  for (const [name, value] of Object.entries(course.cors)) outgoing.setHeader(name, value);
  for (const [name, value] of Object.entries(headers)) {
    if (name === "vary" && course.cors.vary !== undefined) outgoing.setHeader("vary", `origin, ${String(value)}`);
    else outgoing.setHeader(name, typeof value === "string" ? value : [...value]);
  }
  outgoing.setHeader("x-request-id", course.requestId);
  if (type !== undefined) outgoing.setHeader("content-type", type);
  // What was not read of a body must not be taken for the next request of the connection.
  if (!incoming.complete && incoming.method !== "GET" && incoming.method !== "HEAD")
    outgoing.setHeader("connection", "close");
  if (body === undefined) {
    outgoing.end();
  } else if (typeof body === "string" || body instanceof Uint8Array) {
    outgoing.setHeader("content-length", typeof body === "string" ? Buffer.byteLength(body) : body.length);
    outgoing.end(incoming.method === "HEAD" ? undefined : body);
  } else if (incoming.method === "HEAD") {
    body.destroy();
    outgoing.end();
  } else {
    await pipeline(body, outgoing);
  }
}

async function listen(server: Server, host: string, port: number): Promise<void> {
  const listening = once(server, "listening");
  server.listen(port, host);
  try {
    await listening;
  } catch (thrown) {
    throw new HubError("config", `cannot listen on ${host}:${port}: ${reasonOf(thrown)}`, { cause: thrown });
  }
}

function reasonOf(thrown: unknown): string {
  const code = thrown instanceof Error && "code" in thrown ? String(thrown.code) : "unknown";
  if (code === "EADDRINUSE") return "the port is in use (choose another with --port or http.port)";
  if (code === "EACCES") return "this user may not listen there (ports below 1024 need the right to)";
  if (code === "EADDRNOTAVAIL") return "this machine has no such address";
  return code;
}

async function close(server: Server, grace: number): Promise<void> {
  const closed = once(server, "close");
  server.close();
  server.closeIdleConnections();
  const timer = setTimeout(() => server.closeAllConnections(), grace);
  await closed;
  clearTimeout(timer);
}
