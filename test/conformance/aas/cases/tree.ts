import type { Submodel } from "../../../../src/aas/metamodel/types.ts";
import { testSubmodel } from "../../../northbound/aas/all-elements.ts";
import type { Params } from "../case.ts";
import { b64, shellId, submodelId, type World } from "../world.ts";

/** Where the tree of one submodel's operations hangs; the same cases are asked of each. */
export interface Tree {
  readonly path: string;
  /** The submodel that all cases share. */
  readonly params: Params;
  /** A submodel for one case alone; the served one where the tree has only one. */
  fresh(world: World): Promise<{ readonly params: Params; readonly document: Submodel }>;
}

const ofShell = { aasIdentifier: b64(shellId) };
const ofSubmodel = { submodelIdentifier: b64(submodelId) };

export const trees: readonly Tree[] = [
  {
    path: "/submodels/{submodelIdentifier}",
    params: ofSubmodel,
    fresh: async (world) => await freshSubmodel(world, {}),
  },
  {
    path: "/shells/{aasIdentifier}/submodels/{submodelIdentifier}",
    params: { ...ofShell, ...ofSubmodel },
    fresh: async (world) => await freshOfShell(world, ofShell),
  },
  {
    path: "/aas/submodels/{submodelIdentifier}",
    params: ofSubmodel,
    fresh: async (world) => await freshOfShell(world, {}),
  },
  { path: "/submodel", params: {}, fresh: async () => ({ params: {}, document: testSubmodel(1) }) },
];

async function freshSubmodel(world: World, params: Params): Promise<{ params: Params; document: Submodel }> {
  const document = { ...testSubmodel(1), id: world.unique("urn:test:fresh:sm:") };
  await world.make("/submodels", document);
  return { params: { ...params, submodelIdentifier: b64(document.id) }, document };
}

async function freshOfShell(world: World, params: Params): Promise<{ params: Params; document: Submodel }> {
  const fresh = await freshSubmodel(world, params);
  await world.make(`/shells/${b64(shellId)}/submodel-refs`, submodelReference(fresh.document.id));
  return fresh;
}

export function submodelReference(id: string): object {
  return { type: "ModelReference", keys: [{ type: "Submodel", value: id }] };
}
