import { once } from "node:events";
import { createServer, type RequestListener, type Server } from "node:http";
import { createServer as createTlsServer } from "node:https";
import type { AddressInfo } from "node:net";
import { HubError } from "../core/errors.ts";

export interface ListenerParts {
  readonly host: string;
  /** 0: a free one. */
  readonly port: number;
  /** PEM. */
  readonly tls?: { readonly cert: Buffer; readonly key: Buffer };
  readonly limits?: Partial<HttpLimits>;
}

/** How long a client may take, in ms. */
export interface HttpLimits {
  /** For a request's head. */
  readonly head: number;
  /** For a request, head and body. */
  readonly request: number;
  /** Without a byte in either direction. */
  readonly silence: number;
}

export interface Listener {
  readonly url: string;
  readonly port: number;
  /** Takes no more, finishes what runs within `grace` ms (5,000), ends the rest. */
  close(grace?: number): Promise<void>;
}

const defaultLimits: HttpLimits = { head: 10_000, request: 120_000, silence: 120_000 };

/** Bytes a second that an upload makes at least, as over a plant's slow link. */
const slowestUpload = 256 * 1024;

/** Time for a request whose body has up to so many bytes, in ms. */
export function requestTime(largestBody: number): number {
  return Math.max(defaultLimits.request, (largestBody / slowestUpload) * 1_000);
}

/**
 * Listens.
 * @param answer also gets requests that wait for `100 Continue` before they send their body
 * @throws HubError `config` where that cannot be: port in use, no such address, a certificate that is none
 */
export async function listen(parts: ListenerParts, answer: RequestListener): Promise<Listener> {
  const server = makeServer(parts);
  const limits = { ...defaultLimits, ...parts.limits };
  server.headersTimeout = limits.head;
  server.requestTimeout = limits.request;
  server.timeout = limits.silence;
  server.keepAliveTimeout = 65_000;
  server.maxConnections = 10_000;
  server.on("request", answer).on("checkContinue", answer);
  const host = parts.host.replace(/^\[|\]$/g, "");
  const listening = once(server, "listening");
  server.listen(parts.port, host);
  try {
    await listening;
  } catch (thrown) {
    throw cannotListen(host, parts.port, thrown);
  }
  const { port } = server.address() as AddressInfo;
  const authority = `${host.includes(":") ? `[${host}]` : host}:${port}`;
  return {
    url: `${parts.tls === undefined ? "http" : "https"}://${authority}`,
    port,
    close: (grace = 5000) => close(server, grace),
  };
}

function makeServer({ tls, limits }: ListenerParts): Server {
  // A target over the bound of `operation.ts` still gets an answer in its API's form.
  const options = { maxHeaderSize: 32 * 1024, connectionsCheckingInterval: Math.min(2_000, limits?.head ?? 2_000) };
  if (tls === undefined) return createServer(options);
  try {
    return createTlsServer({ ...options, ...tls });
  } catch (thrown) {
    const reason = HubError.from(thrown).message;
    throw new HubError("config", "HTTPS cannot be served", {
      cause: thrown,
      problems: [
        {
          place: "http.tls",
          message: `the certificate and the key are not taken: ${reason}`,
          expected: "a certificate chain in PEM, the hub's own first, and the private key that belongs to it",
        },
      ],
    });
  }
}

function cannotListen(host: string, port: number, thrown: unknown): HubError {
  const code = thrown instanceof Error && "code" in thrown ? String(thrown.code) : "unknown";
  const [place, message, expected] = listenProblems[code] ?? ["http", `the system says ${code}`, "another address"];
  return new HubError("config", `cannot listen on ${host}:${port}`, {
    cause: thrown,
    problems: [{ place, message, expected }],
  });
}

type ListenProblem = readonly [place: string, message: string, expected: string];

const listenProblems: Readonly<Record<string, ListenProblem>> = {
  EADDRINUSE: ["http.port", "the port is in use", "another port, with --port or http.port; 0 takes a free one"],
  EACCES: ["http.port", "this user may not listen there", "a port from 1024 on, or the right to take a lower one"],
  EADDRNOTAVAIL: ["http.host", "this machine has no such address", "an address of this machine, or 127.0.0.1"],
  ENOTFOUND: ["http.host", "this name means no address", "an address of this machine, or 127.0.0.1"],
};

async function close(server: Server, grace: number): Promise<void> {
  if (!server.listening) return;
  const closed = once(server, "close");
  server.close();
  server.closeIdleConnections();
  const timer = setTimeout(() => server.closeAllConnections(), grace);
  await closed;
  clearTimeout(timer);
}
