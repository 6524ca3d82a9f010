import { asks, type Case } from "../case.ts";
import type { Tree } from "./tree.ts";

/** One submodel as a whole, in each of its contents. */
export function submodelCases(tree: Tree): readonly Case[] {
  const { path, params } = tree;
  const views = ["$metadata", "$value", "$reference", "$path"] as const;
  const same = async (): Promise<object> => ({ params });
  const cases = [
    asks("GET", path, 200, same),
    asks("GET", path, 200, () => ({ params, query: { level: "core", extent: "withBlobValue" } }), "with modifiers"),
    asks("PUT", path, 204, async (world) => {
      const { params: own, document } = await tree.fresh(world);
      return { params: own, body: document };
    }),
    asks("PATCH", path, 204, async (world) => {
      const { params: own, document } = await tree.fresh(world);
      return { params: own, body: { modelType: "Submodel", id: document.id, category: "PARAMETER" } };
    }),
    ...views.map((view) => asks("GET", `${path}/${view}`, 200, same)),
    ...["$metadata", "$reference"].map((view) =>
      asks("GET", `${path}/${view}`, 400, () => ({ params, query: { level: "deep" } }), "a level that it has not"),
    ),
    asks("PATCH", `${path}/$metadata`, 204, async (world) => {
      const { params: own, document } = await tree.fresh(world);
      return { params: own, body: { modelType: "Submodel", id: document.id, category: "CONSTANT" } };
    }),
    asks("PATCH", `${path}/$value`, 204, () => ({ params, body: { Speed: 1500 } })),
  ];
  if (path === "/submodel") return cases;
  return [...cases, asks("DELETE", path, 204, async (world) => ({ params: (await tree.fresh(world)).params }))];
}
