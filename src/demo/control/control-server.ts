import { createServer, type IncomingMessage, type ServerResponse } from "node:http";
import type { Socket } from "node:net";
import { HubError } from "../../core/errors.ts";
import { type ActiveFault, faultMeaning } from "../model/fault.ts";
import { closeServer, listen } from "../tcp-listener.ts";

/** The interface is for tests on the same machine, so it never leaves it. */
const host = "127.0.0.1";
const longestBody = 4_096;

export interface ControlServerOptions {
  readonly port: number;
  /** Names of the pumps. */
  readonly pumps: readonly string[];
  readonly faults: () => readonly ActiveFault[];
  /** Switches a fault; `invalid` where there is no such fault or pump. */
  readonly setFault: (fault: string, pump: string | undefined, on: boolean) => Promise<void>;
}

export interface ControlServer {
  readonly port: number;
  readonly url: string;
  close(): Promise<void>;
}

/** Serves `GET /faults` and `POST /faults {fault, pump?, on}` on loopback. */
export async function startControlServer(options: ControlServerOptions): Promise<ControlServer> {
  const sockets = new Set<Socket>();
  const server = createServer((request, response) => {
    respond(request, options).then(
      (body) => send(response, 200, body),
      (thrown: unknown) => {
        const error = HubError.from(thrown);
        send(response, statusOf(error), { error: error.code, message: error.message, problems: error.problems });
      },
    );
  });
  server.requestTimeout = 5_000;
  server.on("connection", (socket) => {
    sockets.add(socket);
    socket.on("close", () => sockets.delete(socket));
  });
  const port = await listen(server, host, options.port);
  return { port, url: `http://${host}:${port}`, close: () => closeServer(server, sockets) };
}

async function respond(request: IncomingMessage, options: ControlServerOptions): Promise<unknown> {
  refuseForeignHost(request);
  if (new URL(request.url ?? "/", "http://localhost").pathname !== "/faults") {
    throw new HubError("not-found", "there is only /faults here");
  }
  if (request.method === "POST") {
    const { fault, pump, on } = readCommand(await readBody(request));
    await options.setFault(fault, pump, on);
  } else if (request.method !== "GET") {
    throw new HubError("method-not-allowed", "use GET or POST");
  }
  return { faults: options.faults(), pumps: options.pumps, known: faultMeaning };
}

/** A web page that someone opens on this machine must not reach the plant by DNS rebinding. */
function refuseForeignHost(request: IncomingMessage): void {
  const name = (request.headers.host ?? "").replace(/:\d+$/, "");
  if (name !== host && name !== "localhost") throw new HubError("forbidden", `use http://${host}, not ${name}`);
  if (request.headers.origin !== undefined) throw new HubError("forbidden", "web pages may not switch faults");
}

async function readBody(request: IncomingMessage): Promise<unknown> {
  const chunks: Buffer[] = [];
  let length = 0;
  for await (const chunk of request) {
    const bytes = Buffer.from(chunk);
    length += bytes.length;
    if (length > longestBody) throw new HubError("too-large", `the body may have ${longestBody} bytes`);
    chunks.push(bytes);
  }
  try {
    return JSON.parse(Buffer.concat(chunks).toString("utf8"));
  } catch (cause) {
    throw new HubError("malformed", "the body is no JSON", { cause });
  }
}

function readCommand(body: unknown): { fault: string; pump: string | undefined; on: boolean } {
  const expected = '{"fault": "wear", "pump": "Pump01", "on": true}';
  if (typeof body === "object" && body !== null && "fault" in body && "on" in body) {
    const { fault, on } = body;
    const pump = "pump" in body ? body.pump : undefined;
    if (typeof fault === "string" && typeof on === "boolean" && (pump === undefined || typeof pump === "string")) {
      return { fault, pump, on };
    }
  }
  throw new HubError("invalid", `expected ${expected}`, {
    problems: [{ place: "", message: "not a fault command", expected }],
  });
}

function statusOf({ code }: HubError): number {
  switch (code) {
    case "malformed":
    case "invalid":
      return 400;
    case "forbidden":
      return 403;
    case "not-found":
      return 404;
    case "method-not-allowed":
      return 405;
    case "too-large":
      return 413;
    default:
      return 500;
  }
}

function send(response: ServerResponse, status: number, body: unknown): void {
  response.writeHead(status, { "content-type": "application/json", "cache-control": "no-store" });
  response.end(`${JSON.stringify(body)}\n`);
}
