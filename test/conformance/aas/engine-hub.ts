import { type HubFixture, hubFixture } from "../../hub/hub-fixture.ts";
import { environment } from "../../northbound/aas/all-elements.ts";
import { type Ask, fileForm } from "./case.ts";
import { b64, conceptId, request, shellId, submodelId } from "./world.ts";

export interface EngineHub {
  readonly url: string;
  readonly hub: HubFixture;
  close(): Promise<void>;
}

/**
 * A hub without keys (the engines and most clients send none) with what the engines ask for: two shells with two
 * submodels each, the first with a thumbnail, every submodel with every element type and an attached file.
 */
export async function openEngineHub(): Promise<EngineHub> {
  const hub = await hubFixture({ "twinweave.yaml": `aas: { shell: "${shellId}", submodel: "${submodelId}" }\n` });
  const api = `${hub.hub.url}/api/v3.1`;
  async function put(verb: string, path: string, ask: Ask, expected: number): Promise<void> {
    const { status, bytes } = await request(verb, `${api}${path}`, ask);
    if (status !== expected) throw new Error(`${verb} ${path} was not taken: ${status} ${bytes}`);
  }
  try {
    await hub.hub.woven;
    for (const body of environment.submodels) await put("POST", "/submodels", { body }, 201);
    for (const body of environment.shells) await put("POST", "/shells", { body }, 201);
    const concept = { modelType: "ConceptDescription", id: conceptId, idShort: "Speed" };
    await put("POST", "/concept-descriptions", { body: concept }, 201);
    const image = fileForm("pump.svg", "<svg xmlns='http://www.w3.org/2000/svg'/>", "image/svg+xml");
    await put("PUT", `/shells/${b64(shellId)}/asset-information/thumbnail`, { form: image }, 204);
    for (const { id } of environment.submodels) {
      const manual = fileForm("manual.pdf", "%PDF-1.7 how to pump", "application/pdf");
      await put("PUT", `/submodels/${b64(id)}/submodel-elements/Manual/attachment`, { form: manual }, 204);
    }
    return { url: hub.hub.url, hub, close: async () => await hub.close() };
  } catch (thrown) {
    await hub.close();
    throw thrown;
  }
}
