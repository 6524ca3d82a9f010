import type { AasServices } from "../../../src/aas/services/aas-services.ts";
import { HubError, type HubErrorCode } from "../../../src/core/errors.ts";
import { silentLogger } from "../../../src/core/logger.ts";
import { createAasSurface } from "../../../src/northbound/aas/aas-surface.ts";
import { createHttpServer, type HttpServer } from "../../../src/northbound/operation.ts";

/** Services that fail: by a defect (500), or as in a hub that is still starting (503, `default`). */
export function failing(code: HubErrorCode): () => AasServices {
  return () => {
    throw new HubError(code, "the test wants it so");
  };
}

/** Services of a hub whose bulk jobs never end. */
export function busy(): AasServices {
  const handles: Pick<AasServices["handles"], "job"> = { job: async () => ({ state: "running" }) };
  return { handles } as AasServices;
}

/** Services of a hub that holds no shell, so that `/aas` has nothing to speak of. */
export function empty(): AasServices {
  const shells: Pick<AasServices["shells"], "list"> = { list: async () => ({ items: [] }) };
  return { shells } as AasServices;
}

/** The whole API over services that are in a state that a healthy hub does not stay in. */
export async function openStagedHub(services: () => AasServices): Promise<HttpServer> {
  return await createHttpServer({
    surfaces: [createAasSurface({ services })],
    host: "127.0.0.1",
    port: 0,
    hosts: { hosts: new Set(["127.0.0.1"]), origins: new Set() },
    baseUrl: {},
    authenticate: () => ({ name: "test", rights: ["read", "write"] }),
    log: silentLogger,
  });
}
