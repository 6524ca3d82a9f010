import type { IncomingMessage, ServerResponse } from "node:http";
import { Readable } from "node:stream";
import express from "express";
import { HubError } from "../core/errors.ts";
import type { Logger } from "../core/logger.ts";
import type { Actor, Right, Scope } from "../core/scope.ts";
import { type BaseUrlPolicy, externalBase, ownOrigin } from "./base-url.ts";
import { withoutCoding } from "./conditional-request.ts";
import { checkHost, checkOrigin, corsHeaders, type HostPolicy, preflightHeaders } from "./host-guard.ts";
import { type Listener, type ListenerParts, listen } from "./http-listener.ts";
import type { ApiRequest, ApiResponse, Method, Operation, Surface } from "./operation-types.ts";
import { hasUnread, readBody, streamBody } from "./read-body.ts";
import { representation, varying } from "./representation.ts";
import { requestIdOf } from "./request-id.ts";
import { toOriginForm } from "./request-target.ts";
import { sendResponse } from "./send-response.ts";
import { createSurfaceTable, type SurfaceRoute } from "./surface-table.ts";

export interface HttpServerParts extends ListenerParts {
  readonly surfaces: readonly Surface[];
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

export type HttpServer = Listener;

const uriBound = 8 * 1024;
const defaultBodyLimit = 4 * 1024 * 1024;
const nobody: Actor = { name: "anonymous", rights: [] };
const methods: readonly Method[] = ["GET", "POST", "PUT", "PATCH", "DELETE"];

/** What is known of a request so far, so that an error finds its form wherever it happens. */
interface Course {
  readonly incoming: IncomingMessage;
  readonly outgoing: ServerResponse;
  readonly requestId: string;
  readonly headers: ApiRequest["headers"];
  /** Made when it is asked for, which most requests never do: a signal costs more than the rest of them. */
  readonly gone: AbortSignal;
  surface: Surface | undefined;
  operation: string;
  /** The client holds its body back until it is told to go on (RFC 9110, 10.1.1). */
  waits: boolean;
}

/**
 * The only place that touches requests and responses: everything that is HTTP's, for every operation of every surface.
 * @throws HubError `config` where it cannot listen
 */
export async function createHttpServer(parts: HttpServerParts): Promise<HttpServer> {
  const table = createSurfaceTable(parts.surfaces);
  const last = parts.surfaces.find((surface) => surface.base === "") ?? parts.surfaces[0];
  const app = express();
  app.disable("x-powered-by").disable("etag").set("query parser", false);
  app.use((incoming: IncomingMessage, outgoing: ServerResponse) => void serve(incoming, outgoing));

  async function serve(incoming: IncomingMessage, outgoing: ServerResponse): Promise<void> {
    const started = performance.now();
    const { headers } = incoming;
    let gone: AbortSignal | undefined;
    const course: Course = {
      incoming,
      outgoing,
      requestId: requestIdOf(headers["x-request-id"] as string | undefined),
      headers: headers as ApiRequest["headers"],
      get gone() {
        gone ??= abortedWithout(outgoing);
        return gone;
      },
      surface: last,
      operation: "none",
      waits: headers.expect?.toLowerCase() === "100-continue",
    };
    if (headers["if-match"] !== undefined) headers["if-match"] = withoutCoding(headers["if-match"]);
    let response: ApiResponse;
    try {
      const isRead = incoming.method === "GET" || incoming.method === "HEAD";
      response = await representation(await dispatch(course), isRead, course.headers);
    } catch (thrown) {
      response = rendered(HubError.from(thrown), course);
    }
    await send(course, response);
    parts.observe?.({
      surface: course.surface?.name ?? "none",
      operation: course.operation,
      status: response.status,
      seconds: (performance.now() - started) / 1000,
    });
  }

  async function dispatch(course: Course): Promise<ApiResponse> {
    const { incoming, headers } = course;
    const url = incoming.url ?? "/";
    const mark = url.indexOf("?");
    const path = mark === -1 ? url : url.slice(0, mark);
    const route = table(path);
    course.surface = route?.surface ?? last;
    if (url.length > uriBound) throw new HubError("uri-too-long", `the address is longer than ${uriBound} bytes`);
    if ((incoming.headersDistinct.host?.length ?? 0) > 1) {
      throw new HubError("malformed", "a request has one Host (RFC 9112, 3.2)");
    }
    checkHost(parts.hosts, headers.host);
    const base = externalBase(parts.baseUrl, incoming);
    checkOrigin(parts.hosts, headers.origin, [base, ownOrigin(incoming)]);
    if (route === undefined) throw new HubError("not-found", `nothing is served at ${path}`);
    const method = incoming.method ?? "GET";
    const routed = route.find(method === "HEAD" ? "GET" : (method as Method), route.path);
    if (routed === undefined) {
      const { name, base: root, openapi } = route.surface;
      const hint = openapi === undefined ? "" : `; ${root}/openapi.json says what there is`;
      throw new HubError("not-found", `${name} serves nothing at ${route.path}${hint}`);
    }
    if (method === "OPTIONS" || "allowed" in routed) return otherMethod(route, method, course);
    const { operation, params } = routed;
    course.operation = operation.name;
    const limit = operation.bodyLimit ?? defaultBodyLimit;
    let query: URLSearchParams | undefined;
    let body: Promise<Buffer> | undefined;
    const request: ApiRequest = {
      scope: admit(route, operation, course, url),
      method: operation.method,
      params,
      get query() {
        query ??= new URLSearchParams(mark === -1 ? "" : url.slice(mark + 1));
        return query;
      },
      headers,
      url,
      baseUrl: `${base}${route.prefix}`,
      body: () => (body ??= begun(course, (sent) => readBody(sent, limit))),
      stream: () => begun(course, (sent) => streamBody(sent, limit)),
    };
    return await operation.handle(request);
  }

  /** Authentication and the operation's right; everything after it acts for this scope. */
  function admit(route: SurfaceRoute, operation: Operation, course: Course, url: string): Scope {
    const { requestId } = course;
    const isOpen = operation.right === "none";
    const actor = isOpen ? nobody : parts.authenticate(course.headers);
    if (operation.right !== "none" && !holds(actor, operation.right)) {
      throw new HubError("forbidden", `${actor.name} may not ${operation.right} here`);
    }
    if (!isOpen && actor.tenants !== undefined && route.surface.ofWholeHub === true) {
      throw new HubError("forbidden", `${actor.name} is a key for single tenants, and this concerns all of them`);
    }
    const tenant = route.tenant ?? route.surface.tenantOf(course.headers, url);
    if (!isOpen && actor.tenants !== undefined && !actor.tenants.includes(tenant)) {
      throw new HubError("forbidden", `${actor.name} may not see the tenant ${tenant}`);
    }
    return {
      tenant,
      actor,
      requestId,
      get abort() {
        return course.gone;
      },
    };
  }

  function rendered(error: HubError, course: Course): ApiResponse {
    if (error.code === "internal") {
      const reason = error.cause instanceof Error ? error.cause.stack : error.stack;
      parts.log.error("a request failed", { requestId: course.requestId, operation: course.operation, reason });
    }
    const response = inForm(error, course);
    const extra: Record<string, string> = {};
    // Of this resource alone: a router's 405 says what is served (RFC 9110, 10.2.1 and 15.5.6).
    if (error.code === "method-not-allowed") extra.allow = "";
    if (error.code === "unauthorized") extra["www-authenticate"] = 'Bearer realm="twinweave"';
    if (error.retryAfter !== undefined) extra["retry-after"] = String(Math.ceil(error.retryAfter));
    return { ...response, headers: { ...extra, ...response.headers } };
  }

  async function send(course: Course, response: ApiResponse): Promise<void> {
    const { incoming, outgoing, requestId } = course;
    const { vary, ...cors } = corsHeaders(parts.hosts, course.headers.origin);
    const seen = vary === undefined ? response : varying(response, vary);
    const headers = { ...cors, ...seen.headers, "x-request-id": requestId };
    // Only what streams can fail on its way to a client that goes.
    const gone = seen.body instanceof Readable ? course.gone : undefined;
    try {
      await sendResponse(incoming, outgoing, { ...seen, headers }, course.waits && hasUnread(incoming));
    } catch (thrown) {
      if (gone?.aborted === true) return;
      parts.log.error("an answer could not be sent", { requestId, reason: HubError.from(thrown).message });
      outgoing.destroy();
    }
  }

  return listen(parts, (incoming, outgoing) => {
    toOriginForm(incoming);
    app(incoming, outgoing);
  });
}

/** Aborted where the client goes away before its answer is sent. */
function abortedWithout(outgoing: ServerResponse): AbortSignal {
  const gone = new AbortController();
  const onClose = (): void => {
    if (!outgoing.writableFinished) gone.abort();
  };
  if (outgoing.closed) onClose();
  else outgoing.once("close", onClose);
  return gone.signal;
}

function inForm(error: HubError, { surface, requestId, incoming, headers }: Course): ApiResponse {
  const response = surface?.renderError(error, { requestId, url: incoming.url ?? "/", headers }) ?? { status: 500 };
  // What was refused now may be there in a moment: no cache may keep that (RFC 9111, 4.2.2).
  return { ...response, headers: { "cache-control": "no-store", ...response.headers } };
}

/** The body is wanted: the client may send it. */
function begun<T>(course: Course, read: (incoming: IncomingMessage) => T): T {
  const reading = read(course.incoming);
  if (course.waits) course.outgoing.writeContinue();
  course.waits = false;
  return reading;
}

function holds({ rights }: Actor, right: Right): boolean {
  if (rights.includes(right) || rights.includes("admin")) return true;
  return right === "read" && rights.includes("write");
}

/** OPTIONS, and what is not served here (RFC 9110, 9.3.7 and 15.5.6). */
function otherMethod(route: SurfaceRoute, method: string, course: Course): ApiResponse {
  const allowed = methods.filter((one) => {
    const found = route.find(one, route.path);
    return found !== undefined && "operation" in found;
  });
  const all = [...allowed, ...(allowed.includes("GET") ? ["HEAD"] : []), "OPTIONS"];
  const allow = all.join(", ");
  if (method === "OPTIONS") {
    const asks = course.headers["access-control-request-method"] !== undefined;
    const preflight = preflightHeaders(all, course.headers["access-control-request-headers"]);
    return { status: 204, headers: { ...(asks ? preflight : {}), allow } };
  }
  const error = new HubError("method-not-allowed", `${method} is not served here: ${allow} are`);
  const response = inForm(error, course);
  return { ...response, headers: { ...response.headers, allow } };
}
