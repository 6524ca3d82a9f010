import { lookup as resolve } from "node:dns";
import { Agent, type IncomingMessage, request as requestHttp } from "node:http";
import { request as requestHttps, Agent as TlsAgent } from "node:https";
import type { LookupFunction } from "node:net";
import { HubError } from "../core/errors.ts";
import { type AddressPolicy, createAddressPolicy, PRIVATE } from "./address-policy.ts";
import type { EgressSettings } from "./egress-settings.ts";

export interface EgressRequest {
  readonly method: "GET" | "POST" | "PUT" | "DELETE";
  readonly headers: Readonly<Record<string, string>>;
  readonly body?: string | undefined;
  /** Milliseconds, at most the policy's. */
  readonly timeout?: number | undefined;
  readonly abort: AbortSignal;
}

export interface EgressAnswer {
  readonly status: number;
  readonly headers: Readonly<Record<string, string | undefined>>;
  readonly body: Uint8Array;
}

/** The one way in which the hub reaches addresses that clients or contexts name. */
export interface Egress {
  /** Throws HubError `denied-by-egress`, `invalid` (no URL), `unreachable`, `too-large`, `aborted`. Redirects are followed for GET. */
  request(url: string, request: EgressRequest): Promise<EgressAnswer>;
  get(url: string, options: Pick<EgressRequest, "headers" | "abort">): Promise<EgressAnswer>;
  /** Whether a URL could be reached at all, said before it is stored; names are resolved only when connecting. */
  check(url: string): void;
  /** Likewise for an `mqtt:` or `mqtts:` URL. */
  checkBroker(url: string): void;
  /** For connections of other protocols: resolves a host to addresses that the policy permits. */
  readonly lookup: LookupFunction;
  close(): void;
}

const MAX_REDIRECTS = 3;
/** Header fields that are the exchange's own (RFC 9110, 7.6.1): who asks for it must not bend them. */
const OWN_FIELDS: ReadonlySet<string> = new Set([
  "connection",
  "content-length",
  "expect",
  "host",
  "keep-alive",
  "proxy-authorization",
  "proxy-connection",
  "te",
  "trailer",
  "transfer-encoding",
  "upgrade",
]);
const REDIRECTS: ReadonlySet<number> = new Set([301, 302, 303, 307, 308]);

export function createEgress(settings: EgressSettings): Egress {
  const policy = createAddressPolicy(settings);
  const lookup = guardedLookup(policy);
  const options = { keepAlive: true, maxSockets: 32, maxFreeSockets: 32, timeout: 30_000, lookup };
  const agents = { "http:": new Agent(options), "https:": new TlsAgent(options) };

  const parse = (text: string): URL => {
    const url = URL.parse(text);
    if (url === null) throw new HubError("invalid", `"${text}" is not a URL`);
    return url;
  };
  const check = (text: string): URL => {
    const url = parse(text);
    policy.checkUrl(url);
    return url;
  };

  async function request(text: string, wanted: EgressRequest): Promise<EgressAnswer> {
    let url = check(text);
    const deadline = AbortSignal.timeout(Math.ceil(Math.min(wanted.timeout ?? settings.timeout, settings.timeout)));
    const signal = AbortSignal.any([wanted.abort, deadline]);
    for (let hops = 0; ; hops += 1) {
      const answer = await exchange(url, wanted, signal).catch((cause) => {
        if (cause instanceof HubError) throw cause;
        if (wanted.abort.aborted) throw new HubError("aborted", "the request was aborted", { cause });
        const reason = deadline.aborted ? "it gave no answer in time" : HubError.from(cause).message;
        throw new HubError("unreachable", `${url.origin} cannot be reached: ${reason}`, { cause });
      });
      const { location } = answer.headers;
      if (wanted.method !== "GET" || !REDIRECTS.has(answer.status) || location === undefined) return answer;
      if (hops >= MAX_REDIRECTS)
        throw new HubError("unreachable", `${text} redirects more than ${MAX_REDIRECTS} times`);
      url = check(new URL(location, url).href);
    }
  }

  function exchange(url: URL, wanted: EgressRequest, signal: AbortSignal): Promise<EgressAnswer> {
    const secure = url.protocol === "https:";
    const { promise, resolve: done, reject } = Promise.withResolvers<EgressAnswer>();
    const length = wanted.body === undefined ? {} : { "content-length": String(Buffer.byteLength(wanted.body)) };
    const sent = (secure ? requestHttps : requestHttp)(
      url,
      {
        method: wanted.method,
        headers: { ...withoutOwnFields(wanted.headers), ...length },
        agent: secure ? agents["https:"] : agents["http:"],
        signal,
      },
      (incoming) => collect(incoming, settings.maxBytes).then(done, reject),
    );
    sent.once("error", reject);
    sent.end(wanted.body);
    return promise;
  }

  return {
    request,
    get: (url, rest) => request(url, { method: "GET", ...rest }),
    check: (url) => void check(url),
    checkBroker: (url) => policy.checkBroker(parse(url)),
    lookup,
    close() {
      agents["http:"].destroy();
      agents["https:"].destroy();
    },
  };
}

function withoutOwnFields(headers: EgressRequest["headers"]): Record<string, string> {
  return Object.fromEntries(Object.entries(headers).filter(([name]) => !OWN_FIELDS.has(name.toLowerCase())));
}

/** Resolves like the system does, but gives only addresses that the policy permits: what is checked is what is connected to. */
function guardedLookup(policy: AddressPolicy): LookupFunction {
  return (hostname, options, callback) => {
    resolve(hostname, { ...options, all: true }, (error, found) => {
      if (error !== null) return callback(error, "", 0);
      const permitted = found.filter(({ address }) => policy.permits(hostname, address));
      const [first] = permitted;
      if (first === undefined) {
        return callback(new HubError("denied-by-egress", `the hub may not reach ${hostname}: ${PRIVATE}`), "", 0);
      }
      if (options.all === true) callback(null, permitted);
      else callback(null, first.address, first.family);
    });
  };
}

async function collect(incoming: IncomingMessage, maxBytes: number): Promise<EgressAnswer> {
  const chunks: Buffer[] = [];
  let size = 0;
  for await (const chunk of incoming as AsyncIterable<Buffer>) {
    size += chunk.length;
    if (size > maxBytes) {
      incoming.destroy();
      throw new HubError("too-large", `the answer is larger than ${maxBytes} bytes`);
    }
    chunks.push(chunk);
  }
  const headers = incoming.headers as Record<string, string | undefined>;
  return { status: incoming.statusCode ?? 0, headers, body: Buffer.concat(chunks) };
}
