import type { AasServices } from "../../../src/aas/services/aas-services.ts";
import { HubError, type HubErrorCode } from "../../../src/core/errors.ts";
import { silentLogger } from "../../../src/core/logger.ts";
import { createAasSurface } from "../../../src/northbound/aas/aas-surface.ts";
import type { Served } from "../../../src/northbound/aas/served-one.ts";
import { createHttpServer, type HttpServer } from "../../../src/northbound/operation.ts";

/** Services that fail: by a defect (500), or as in a hub that is still starting (503, `default`). */
export function failing(code: HubErrorCode): () => AasServices {
  return () => {
    throw new HubError(code, "the test wants it so");
  };
}

/** Services of a hub whose jobs never end. */
export function busy(): AasServices {
  const handles: Pick<AasServices["handles"], "job"> = { job: async () => ({ state: "running" }) };
  const outcome = { executionState: "Running", messages: [] } as const;
  const operations: Pick<AasServices["operations"], "state"> = { state: async () => ({ content: "normal", outcome }) };
  const shells: Pick<AasServices["shells"], "requireReference"> = { requireReference: async () => undefined };
  return { handles, operations, shells } as AasServices;
}

/** Services of a hub that holds no shell, so that `/aas` has nothing to speak of. */
export function empty(): AasServices {
  const shells: Pick<AasServices["shells"], "list"> = { list: async () => ({ items: [] }) };
  return { shells } as AasServices;
}

/** A state that a healthy hub does not stay in. */
export interface Stage {
  readonly services: () => AasServices;
  /** What `/aas` and `/submodel` speak of. */
  readonly served?: Served;
}

/** The whole API over such services. */
export async function openStagedHub({ services, served = {} }: Stage): Promise<HttpServer> {
  return await createHttpServer({
    surfaces: [createAasSurface({ services, served })],
    host: "127.0.0.1",
    port: 0,
    hosts: { hosts: new Set(["127.0.0.1"]), origins: new Set() },
    baseUrl: {},
    authenticate: () => ({ name: "test", rights: ["read", "write"] }),
    log: silentLogger,
  });
}
