import { randomUUID } from "node:crypto";
import { createWriteStream } from "node:fs";
import { mkdir, rm } from "node:fs/promises";
import { join } from "node:path";
import type { Readable } from "node:stream";
import { pipeline } from "node:stream/promises";
import type { AasServices } from "../aas/services/aas-services.ts";
import { HubError } from "../core/errors.ts";
import type { Scope } from "../core/scope.ts";
import type { AdminPorts } from "../northbound/admin/ports.ts";

export interface ImportsParts {
  readonly servicesOf: (tenant: string) => Pick<AasServices, "imports">;
  /** Where files stand while they are imported; emptied at start. */
  readonly folder: string;
}

/** Imports at a time: each reads a file that may be large. */
const atOnce = 4;

/** Takes files that arrive over the network into a tenant's repositories. A ZIP archive is read from its end, so they are kept aside first. */
export async function createImports({ servicesOf, folder }: ImportsParts): Promise<AdminPorts["imports"]> {
  await rm(folder, { recursive: true, force: true });
  let running = 0;
  return {
    async begin(scope: Scope, content: Readable, wish) {
      const { imports } = servicesOf(scope.tenant);
      if (running >= atOnce) {
        throw new HubError("overloaded", `${atOnce} imports are running already`, { retryAfter: 5 });
      }
      running++;
      const file = join(folder, randomUUID());
      const end = async (): Promise<void> => {
        running--;
        await rm(file, { force: true });
      };
      try {
        await mkdir(folder, { recursive: true, mode: 0o700 });
        await pipeline(content, createWriteStream(file, { flags: "wx", mode: 0o600 }), { signal: scope.abort });
        const { done, soFar } = await imports.begin(scope, file, wish);
        return { done: done.finally(end), soFar };
      } catch (thrown) {
        await end();
        throw thrown;
      }
    },
  };
}
