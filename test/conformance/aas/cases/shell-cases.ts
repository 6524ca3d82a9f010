import type { Shell } from "../../../../src/aas/metamodel/types.ts";
import { testShell } from "../../../northbound/aas/all-elements.ts";
import { asks, type Case, fileForm, type Params } from "../case.ts";
import { b64, filled, shellId, type World } from "../world.ts";
import { submodelReference } from "./tree.ts";

/** Where one shell's operations hang: in the repository, or at `/aas`. */
export interface ShellPlace {
  readonly path: string;
  readonly params: Params;
}

export const shellPlaces: readonly ShellPlace[] = [
  { path: "/shells/{aasIdentifier}", params: { aasIdentifier: b64(shellId) } },
  { path: "/aas", params: {} },
];

const shell = testShell(1, [1, 2]);
const image = (): FormData => fileForm("pump.svg", "<svg xmlns='http://www.w3.org/2000/svg'/>", "image/svg+xml");

/** One shell, its asset, its thumbnail, its references. The shared shell stays as it is in the end. */
export function shellCases({ path, params }: ShellPlace): readonly Case[] {
  const thumbnail = `${path}/asset-information/thumbnail`;
  const refs = `${path}/submodel-refs`;
  async function withThumbnail(world: World) {
    const { status, bytes } = await world.send("PUT", filled(thumbnail, params), { form: image() });
    if (status !== 204) throw new Error(`the thumbnail was not taken: ${status} ${bytes}`);
    return { params };
  }
  async function withoutThumbnail(world: World) {
    await world.send("DELETE", filled(thumbnail, params));
    return { params };
  }
  async function referring(world: World): Promise<string> {
    const id = world.unique("urn:test:referred:");
    await world.make(filled(refs, params), submodelReference(id));
    return id;
  }
  return [
    asks("GET", path, 200, () => ({ params })),
    asks("GET", `${path}/$reference`, 200, () => ({ params })),
    asks("PUT", path, 204, () => ({ params, body: shell })),
    asks("GET", `${path}/asset-information`, 200, () => ({ params })),
    asks("PUT", `${path}/asset-information`, 204, () => ({ params, body: shell.assetInformation })),
    asks("PUT", thumbnail, 204, () => ({ params, form: image() })),
    asks("GET", thumbnail, 200, withThumbnail),
    asks("DELETE", thumbnail, 204, withThumbnail),
    asks("GET", thumbnail, 404, withoutThumbnail, "a shell without one"),
    asks("DELETE", thumbnail, 404, withoutThumbnail, "a shell without one"),
    asks("GET", refs, 200, () => ({ params, query: { limit: "1" } })),
    asks("POST", refs, 201, (world) => ({ params, body: submodelReference(world.unique("urn:test:referred:")) })),
    asks("POST", refs, 409, () => ({ params, body: submodelReference("urn:test:sm:1") }), "a reference that is there"),
    asks("DELETE", `${refs}/{submodelIdentifier}`, 204, async (world) => ({
      params: { ...params, submodelIdentifier: b64(await referring(world)) },
    })),
  ];
}

const assetIds = (name: string, value: string): string => b64(JSON.stringify({ name, value }));
const newShell = (world: World): Shell => ({ ...testShell(9, [9]), id: world.unique("urn:test:fresh:aas:") });

/** The shells' repository, and what only one of the two places has. */
export const shellRepositoryCases: readonly Case[] = [
  ...["/shells", "/shells/$reference"].flatMap((path) => [
    asks("GET", path, 200, () => ({})),
    asks("GET", path, 200, () => ({ query: { limit: "1" } }), "one of several"),
    asks("GET", path, 200, () => ({ query: { assetIds: assetIds("globalAssetId", "urn:test:asset:1") } }), "by asset"),
    asks("GET", path, 400, () => ({ query: { assetIds: "no base64url!" } }), "asset ids that are none"),
  ]),
  asks("POST", "/shells", 201, (world) => ({ body: newShell(world) })),
  asks("POST", "/shells", 409, () => ({ body: shell }), "an id that is there"),
  asks("PUT", "/shells/{aasIdentifier}", 201, (world) => {
    const body = newShell(world);
    return { params: { aasIdentifier: b64(body.id) }, body };
  }),
  asks("DELETE", "/shells/{aasIdentifier}", 204, async (world) => {
    const body = newShell(world);
    await world.make("/shells", body);
    return { params: { aasIdentifier: b64(body.id) } };
  }),
  asks("PUT", "/aas", 201, async (world) => {
    const { status } = await world.send("DELETE", `/shells/${b64(shellId)}`);
    if (status !== 204) throw new Error(`the served shell was not deleted: ${status}`);
    return { body: shell };
  }),
];
