import type { SubmodelElement } from "../../../../src/aas/metamodel/types.ts";
import { asks, type Case } from "../case.ts";
import { b64, submodelId, type World } from "../world.ts";
import type { Tree } from "./tree.ts";

const property = (idShort: string): SubmodelElement => ({
  modelType: "Property",
  idShort,
  valueType: "xs:int",
  value: "1",
});

/** An element of a case's own in the submodel that all trees show. @returns its idShort */
export async function freshElement(
  world: World,
  element: (idShort: string) => SubmodelElement = property,
): Promise<string> {
  const idShort = world.unique("Own");
  await world.make(`/submodels/${b64(submodelId)}/submodel-elements`, element(idShort));
  return idShort;
}

const collection = (idShort: string): SubmodelElement => ({
  modelType: "SubmodelElementCollection",
  idShort,
  value: [property("Inner")],
});

/** The elements of one submodel, listed and one by one. */
export function elementCases({ path: root, params }: Tree): readonly Case[] {
  const list = `${root}/submodel-elements`;
  const path = `${list}/{idShortPath}`;
  const at = (idShortPath: string): { readonly params: Readonly<Record<string, string>> } => ({
    params: { ...params, idShortPath },
  });
  return [
    ...["", "/$metadata", "/$value", "/$reference", "/$path"].flatMap((view) => [
      asks("GET", `${list}${view}`, 200, () => ({ params })),
      asks("GET", `${list}${view}`, 200, () => ({ params, query: { limit: "2" } }), "two of many"),
    ]),
    asks("POST", list, 201, (world) => ({ params, body: property(world.unique("New")) })),
    asks("POST", list, 409, () => ({ params, body: property("Speed") }), "an idShort that is there"),
    asks("GET", path, 200, () => at("Speed")),
    asks("GET", path, 200, () => at("Phases[1].Current"), "an item of a list"),
    asks("POST", path, 201, async (world) => ({
      ...at(await freshElement(world, collection)),
      body: property("Added"),
    })),
    asks(
      "POST",
      path,
      409,
      async (world) => ({ ...at(await freshElement(world, collection)), body: property("Inner") }),
      "an idShort that is there",
    ),
    asks("PUT", path, 204, async (world) => {
      const idShort = await freshElement(world);
      return { ...at(idShort), body: { ...property(idShort), value: "2" } };
    }),
    asks("PUT", path, 201, (world) => {
      const idShort = world.unique("Put");
      return { ...at(idShort), body: property(idShort) };
    }),
    asks("PATCH", path, 204, async (world) => {
      const idShort = await freshElement(world);
      return { ...at(idShort), body: { ...property(idShort), value: "3" } };
    }),
    asks("DELETE", path, 204, async (world) => at(await freshElement(world))),
    asks("GET", `${path}/$metadata`, 200, () => at("Speed")),
    asks(
      "GET",
      `${path}/$metadata`,
      400,
      () => ({ ...at("Speed"), query: { level: "deep" } }),
      "metadata has no level",
    ),
    asks("GET", `${path}/$metadata`, 400, () => at("Pumping"), "a Capability has none"),
    asks("PATCH", `${path}/$metadata`, 204, async (world) => {
      const idShort = await freshElement(world);
      return { ...at(idShort), body: { modelType: "Property", idShort, category: "PARAMETER" } };
    }),
    asks("GET", `${path}/$value`, 200, () => at("Speed")),
    ...[
      "Name",
      "Limits",
      "Manual",
      "Picture",
      "Parent",
      "Feeds",
      "Drives",
      "Motor",
      "Changed",
      "Bearing",
      "Phases",
    ].map((idShort) => asks("GET", `${path}/$value`, 200, () => at(idShort), idShort)),
    asks("PATCH", `${path}/$value`, 204, async (world) => ({ ...at(await freshElement(world)), body: 4 })),
    asks("GET", `${path}/$reference`, 200, () => at("Bearing.Temperature")),
    asks("GET", `${path}/$path`, 200, () => at("Phases")),
    asks("GET", `${path}/$path`, 400, () => at("Speed"), "a Property holds nothing"),
  ];
}
