import type { Clock } from "../core/time.ts";
import type { Egress } from "../egress/egress.ts";
import { ContextFetcher } from "../ngsi-ld/context/context-fetcher.ts";
import { loadContextLibrary } from "../ngsi-ld/context/context-library.ts";
import { Contexts } from "../ngsi-ld/context/contexts.ts";
import { HostedContexts } from "../ngsi-ld/context/hosted-contexts.ts";
import { NGSI_LD_BASE } from "../northbound/ngsi-ld/surface.ts";
import type { RecordPort } from "../store/contract.ts";
import type { HubAddress } from "./hub-address.ts";
import { shippedContexts } from "./shipped-contexts.ts";

export interface ContextParts {
  /** Folder of the operator's own contexts. */
  readonly folder?: string;
  /** Where hosted contexts are kept. */
  readonly records: RecordPort;
  readonly egress: Egress;
  readonly address: HubAddress;
  readonly clock: Clock;
}

export interface OpenContexts {
  readonly contexts: Contexts;
  readonly hosted: HostedContexts;
}

/** Where the hub itself serves contexts. */
export const contextBase = (address: HubAddress): string => `${address.base}${NGSI_LD_BASE}/jsonldContexts/`;

/** The JSON-LD contexts that are shipped, that lie in the operator's folder, that clients host here, and those of the web. */
export async function openContexts({ folder, records, egress, address, clock }: ContextParts): Promise<OpenContexts> {
  const library = await loadContextLibrary([shippedContexts, ...(folder === undefined ? [] : [folder])]);
  const hosted = new HostedContexts(records, clock);
  await hosted.load();
  const contexts = new Contexts({
    library,
    hosted,
    fetcher: new ContextFetcher(egress, clock),
    clock,
    get ownBase() {
      return contextBase(address);
    },
  });
  return { contexts, hosted };
}
