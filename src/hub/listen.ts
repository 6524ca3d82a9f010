import type { Config } from "../config/load.ts";
import type { Logger } from "../core/logger.ts";
import type { HubMetrics } from "../metrics/hub-metrics.ts";
import { trustOf } from "../northbound/base-url.ts";
import { hostPolicy } from "../northbound/host-guard.ts";
import { requestTime } from "../northbound/http-listener.ts";
import { createHttpServer, type HttpServer } from "../northbound/operation.ts";
import type { Surface } from "../northbound/operation-types.ts";
import { createAuthentication } from "../security/api-keys.ts";
import { readPem } from "./read-pem.ts";

export interface ListenParts {
  readonly config: Pick<Config, "http" | "security" | "aas">;
  readonly surfaces: readonly Surface[];
  readonly metrics: HubMetrics;
  readonly log: Logger;
}

/** Serves the surfaces as the configuration says. @throws HubError `config` where it cannot listen */
export async function listen({ config, surfaces, metrics, log }: ListenParts): Promise<HttpServer> {
  const { host, port, baseUrl, tls, allowedHosts, corsOrigins, trustedProxies = [] } = config.http;
  return await createHttpServer({
    surfaces,
    host,
    port,
    limits: { request: requestTime(config.aas.fileLimit) },
    ...(tls === undefined ? {} : { tls: { cert: await readPem(tls.cert), key: await readPem(tls.key) } }),
    hosts: hostPolicy(host, baseUrl, allowedHosts, corsOrigins),
    baseUrl: { ...(baseUrl === undefined ? {} : { configured: baseUrl }), trusts: trustOf(trustedProxies) },
    authenticate: createAuthentication(config.security.apiKeys),
    observe: metrics.request,
    log,
  });
}
