import type { Submodel } from "../../../../src/aas/metamodel/types.ts";
import { testSubmodel } from "../../../northbound/aas/all-elements.ts";
import { asks, type Case } from "../case.ts";
import { b64, conceptId, shellId, submodelId, type World } from "../world.ts";

const views = ["", "/$metadata", "/$value", "/$reference", "/$path"] as const;
const newSubmodel = (world: World): Submodel => ({ ...testSubmodel(9), id: world.unique("urn:test:fresh:sm:") });
const concept = (id: string) => ({ modelType: "ConceptDescription", id, idShort: "Concept" });

export const submodelRepositoryCases: readonly Case[] = [
  ...views.flatMap((view) => [
    asks("GET", `/submodels${view}`, 200, () => ({})),
    asks("GET", `/submodels${view}`, 200, () => ({ query: { limit: "1" } }), "one of several"),
    asks("GET", `/submodels${view}`, 200, () => ({ query: { idShort: "Submodel1" } }), "by idShort"),
    asks(
      "GET",
      `/submodels${view}`,
      200,
      () => ({ query: { semanticId: b64("urn:test:semantics:1") } }),
      "by semantic id",
    ),
  ]),
  asks("POST", "/submodels", 201, (world) => ({ body: newSubmodel(world) })),
  asks("POST", "/submodels", 409, () => ({ body: testSubmodel(1) }), "an id that is there"),
  asks("PUT", "/submodels/{submodelIdentifier}", 201, (world) => {
    const body = newSubmodel(world);
    return { params: { submodelIdentifier: b64(body.id) }, body };
  }),
];

const conceptPath = "/concept-descriptions/{cdIdentifier}";
const ofConcept = { cdIdentifier: b64(conceptId) };

export const conceptCases: readonly Case[] = [
  asks("GET", "/concept-descriptions", 200, () => ({})),
  asks("GET", "/concept-descriptions", 200, () => ({ query: { idShort: "Speed", limit: "1" } }), "by idShort"),
  asks("POST", "/concept-descriptions", 201, (world) => ({ body: concept(world.unique("urn:test:cd:")) })),
  asks("POST", "/concept-descriptions", 409, () => ({ body: concept(conceptId) }), "an id that is there"),
  asks("GET", conceptPath, 200, () => ({ params: ofConcept })),
  asks("PUT", conceptPath, 201, (world) => {
    const body = concept(world.unique("urn:test:cd:"));
    return { params: { cdIdentifier: b64(body.id) }, body };
  }),
  asks("PUT", conceptPath, 204, () => ({ params: ofConcept, body: { ...concept(conceptId), idShort: "Speed" } })),
  asks("DELETE", conceptPath, 204, async (world) => {
    const body = concept(world.unique("urn:test:cd:"));
    await world.make("/concept-descriptions", body);
    return { params: { cdIdentifier: b64(body.id) } };
  }),
];

const selection = { aasIds: b64(shellId), submodelIds: b64(submodelId) };

export const serializationCases: readonly Case[] = [
  asks("GET", "/serialization", 200, () => ({ query: selection })),
  ...["application/json", "application/xml", "application/asset-administration-shell-package+xml"].map((accept) =>
    asks("GET", "/serialization", 200, () => ({ query: selection, headers: { accept } }), accept),
  ),
  asks("GET", "/serialization", 400, () => ({ query: { aasIds: "no base64url!" } }), "an id that is none"),
  asks(
    "GET",
    "/serialization",
    400,
    () => ({ query: { includeConceptDescriptions: "perhaps" } }),
    "a flag that is none",
  ),
  asks("GET", "/description", 200, () => ({})),
];
