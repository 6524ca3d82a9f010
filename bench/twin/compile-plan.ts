import { createAasEnd } from "../../src/aas/end/aas-end.ts";
import type { PointFacts } from "../../src/core/browse.ts";
import { HubError } from "../../src/core/errors.ts";
import type { Plan } from "../../src/core/plan.ts";
import { systemClock } from "../../src/core/time.ts";
import { shippedContexts } from "../../src/hub/shipped-contexts.ts";
import { compileMappings } from "../../src/mapping/compile.ts";
import type { SourceView } from "../../src/mapping/environment.ts";
import { parseMapping } from "../../src/mapping/load.ts";
import { ContextFetcher } from "../../src/ngsi-ld/context/context-fetcher.ts";
import { loadContextLibrary } from "../../src/ngsi-ld/context/context-library.ts";
import { Contexts } from "../../src/ngsi-ld/context/contexts.ts";
import { createNgsiEnd } from "../../src/ngsi-ld/end-codec.ts";
import { opcuaAddresses } from "../../src/southbound/opcua/address.ts";
import { assetName, benchMapping } from "../ingest/bench-mapping.ts";

/** The plan that the ingest benchmark's mapping file compiles to, without a server: the address space is made up. */
export async function compilePlan(assets: number): Promise<Plan> {
  const facts: PointFacts = { valueType: "double", unit: "CEL" };
  const view: SourceView = {
    type: "opcua",
    addresses: opcuaAddresses,
    browse: async () =>
      Array.from({ length: assets }, (_, asset) => {
        const path = `Objects/Line/${assetName(asset)}`;
        return { address: path, name: assetName(asset), path, kind: "folder" };
      }),
    facts: async (tags) => new Map(tags.map((tag) => [tag, facts])),
  };
  const compiled = await compileMappings([parseMapping(benchMapping(assets), "line.yaml")], {
    sources: new Map([["line", view]]),
    ends: [createAasEnd(), createNgsiEnd(await coreContexts())],
  });
  const [problem] = compiled.problems.filter(({ severity }) => severity === "error");
  const plan = compiled.plans.get("default");
  if (problem !== undefined || plan === undefined) throw new Error(problem?.message ?? "nothing was compiled");
  return plan;
}

async function coreContexts(): Promise<Contexts> {
  const refuse = { get: async () => Promise.reject(new HubError("unsupported", "nothing is fetched here")) };
  return new Contexts({
    library: await loadContextLibrary([shippedContexts]),
    fetcher: new ContextFetcher(refuse, systemClock),
    clock: systemClock,
    ownBase: "http://127.0.0.1/ngsi-ld/v1/jsonldContexts/",
  });
}
