import { once } from "node:events";
import { type IncomingMessage, request } from "node:http";
import { connect } from "node:net";
import { Readable } from "node:stream";
import { HubError } from "../../../src/core/errors.ts";
import type { Logger } from "../../../src/core/logger.ts";
import { hostPolicy } from "../../../src/northbound/host-guard.ts";
import { createHttpServer, type HttpServerParts, type ObservedRequest } from "../../../src/northbound/operation.ts";
import type { ApiRequest, ApiResponse, Method, Operation, Surface } from "../../../src/northbound/operation-types.ts";
import { jsonResponse, problemDetails } from "../../../src/northbound/problem-details.ts";
import { createAuthentication } from "../../../src/security/api-keys.ts";

export const LONG = JSON.stringify({ text: "twin ".repeat(400) });

export type Handle = (request: ApiRequest) => Promise<ApiResponse> | ApiResponse;

export function operation(method: Method, path: string, handle: Handle, more: Partial<Operation> = {}): Operation {
  return { name: `${method} ${path}`, method, path, clause: "test", right: "read", handle, ...more };
}

/** A surface as every standard's is, with an operation for each thing that HTTP does. */
export function testSurface(extra: readonly Operation[] = []): Surface {
  const operations = [
    operation("GET", "/long", () => ({ status: 200, type: "application/json", body: LONG, headers: { Vary: "Link" } })),
    operation("GET", "/short", () => jsonResponse({ a: 1 })),
    operation("GET", "/tagged", () => ({
      status: 200,
      type: "text/plain",
      body: "x".repeat(2000),
      headers: { ETag: '"v1"' },
    })),
    operation("GET", "/items/{id}", ({ params, query, url, baseUrl }) =>
      jsonResponse({ id: params.id, q: query.get("q"), url, baseUrl }),
    ),
    operation("GET", "/stream", () => ({ status: 200, type: "text/plain", body: Readable.from(["a", "b", "c"]) })),
    operation("GET", "/fails", () => {
      throw new TypeError("secret detail of /etc/passwd");
    }),
    operation("GET", "/broken-header", () => ({ status: 200, headers: { "x-bad": "a\nb" } })),
    operation("GET", "/busy", () => {
      throw new HubError("overloaded", "too much", { retryAfter: 1.2 });
    }),
    operation(
      "POST",
      "/echo",
      async (request) => {
        const body = await request.body();
        return { status: 200, type: "application/octet-stream", body };
      },
      { bodyLimit: 1000 },
    ),
    operation(
      "POST",
      "/streamed",
      async (request) => {
        let size = 0;
        for await (const chunk of request.stream()) size += (chunk as Buffer).length;
        return jsonResponse({ size });
      },
      { bodyLimit: 1000 },
    ),
    operation("POST", "/ignores", () => ({ status: 204 })),
    operation("DELETE", "/items/{id}", () => ({ status: 204 }), { right: "write" }),
    operation("GET", "/open", () => jsonResponse({ open: true }), { right: "none" }),
    operation("GET", "/who", ({ scope: { actor, tenant, requestId } }) =>
      jsonResponse({ name: actor.name, tenant, requestId }),
    ),
    ...extra,
  ];
  return {
    name: "test",
    base: "/api/v1",
    aliases: ["/api/v0"],
    tenantInPath: true,
    operations,
    tenantOf: (headers) => headers["x-tenant"] ?? "default",
    renderError: (error, { requestId }) => problemDetails(error, requestId),
    openapi: () => ({ openapi: "3.0.3" }),
  };
}

export interface Entry {
  readonly message: string;
  readonly fields: string;
}

export interface TestOptions extends Partial<HttpServerParts> {
  readonly extra?: readonly Operation[];
  readonly origins?: readonly string[];
  readonly allowed?: readonly string[];
  readonly keys?: Parameters<typeof createAuthentication>[0];
}

/** A server on a free port, what it logged and what it observed. */
export async function startTestServer({ extra, origins = [], allowed = [], keys = [], ...parts }: TestOptions = {}) {
  const logged: Entry[] = [];
  const write = (message: string, fields = {}): void => void logged.push({ message, fields: JSON.stringify(fields) });
  const log: Logger = { debug: write, info: write, warn: write, error: write };
  const observed: ObservedRequest[] = [];
  const root: Surface = { ...testSurface(), name: "root", base: "", aliases: [], operations: [], tenantInPath: false };
  const server = await createHttpServer({
    surfaces: [testSurface(extra), root],
    host: "127.0.0.1",
    port: 0,
    hosts: hostPolicy("127.0.0.1", parts.baseUrl?.configured, allowed, origins),
    baseUrl: {},
    authenticate: createAuthentication(keys),
    observe: (seen) => observed.push(seen),
    log,
    ...parts,
  });
  return { ...server, api: `${server.url}/api/v1`, logged, observed };
}

export interface RawAnswer {
  readonly status: number;
  readonly headers: IncomingMessage["headers"];
  readonly body: Buffer;
}

/** A request with the path and header fields exactly as they are given: `fetch` would mend them. */
export async function ask(
  port: number,
  path: string,
  { method = "GET", headers = {}, body }: { method?: string; headers?: Record<string, string>; body?: string } = {},
): Promise<RawAnswer> {
  const sent = request({ host: "127.0.0.1", port, path, method, headers, agent: false });
  sent.end(body);
  const [answer] = (await once(sent, "response")) as [IncomingMessage];
  const chunks: Buffer[] = [];
  for await (const chunk of answer) chunks.push(chunk as Buffer);
  return { status: answer.statusCode ?? 0, headers: answer.headers, body: Buffer.concat(chunks) };
}

/** Sends bytes and gives everything that comes until the server closes the connection. */
export async function talk(port: number, text: string): Promise<string> {
  const socket = connect(port, "127.0.0.1");
  socket.write(text);
  let heard = "";
  socket.setEncoding("utf8").on("data", (chunk) => {
    heard += chunk;
  });
  await once(socket, "close");
  return heard;
}
