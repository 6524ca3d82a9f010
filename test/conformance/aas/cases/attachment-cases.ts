import type { SubmodelElement } from "../../../../src/aas/metamodel/types.ts";
import { asks, type Case, fileForm } from "../case.ts";
import { filled, type World } from "../world.ts";
import { freshElement } from "./element-cases.ts";
import type { Tree } from "./tree.ts";

const file = (idShort: string): SubmodelElement => ({ modelType: "File", idShort, contentType: "text/plain" });

/** The content of a File, up, down and away. */
export function attachmentCases({ path: root, params }: Tree): readonly Case[] {
  const element = `${root}/submodel-elements/{idShortPath}`;
  const path = `${element}/attachment`;
  const form = (): FormData => fileForm("notes.txt", "what the operator wrote", "text/plain");
  const at = (idShortPath: string) => ({ params: { ...params, idShortPath } });
  async function attached(world: World) {
    const place = at(await freshElement(world, file));
    const { status, bytes } = await world.send("PUT", filled(path, place.params), { form: form() });
    if (status !== 204) throw new Error(`the file was not taken: ${status} ${bytes}`);
    return place;
  }
  return [
    asks("PUT", path, 204, async (world) => ({ ...at(await freshElement(world, file)), form: form() })),
    asks("GET", path, 200, attached),
    asks("DELETE", path, 200, attached),
    asks("GET", path, 404, async (world) => at(await freshElement(world, file)), "a File without content"),
    asks("GET", path, 405, () => at("Speed"), "a Property"),
    asks("PUT", path, 405, () => ({ ...at("Speed"), form: form() }), "a Property"),
  ];
}
