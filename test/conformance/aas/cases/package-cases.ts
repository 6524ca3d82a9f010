import { asks, type Case } from "../case.ts";
import { b64, filled, shellId, type World } from "../world.ts";

const type = "application/asset-administration-shell-package";
const one = "/packages/{packageId}";

/** A package of the first shell, as the hub writes it. */
async function upload(world: World): Promise<{ readonly form: FormData }> {
  const { status, bytes } = await world.send("GET", "/serialization", {
    query: { aasIds: b64(shellId) },
    headers: { accept: `${type}+xml` },
  });
  if (status !== 200) throw new Error(`no package was made: ${status} ${bytes}`);
  const form = new FormData();
  form.append("aasIds", shellId);
  form.append("fileName", "pump.aasx");
  form.append("file", new Blob([new Uint8Array(bytes)], { type }), "pump.aasx");
  return { form };
}

async function uploaded(world: World): Promise<{ readonly params: { readonly packageId: string } }> {
  const params = { packageId: b64(world.unique("package-")) };
  const { status, bytes } = await world.send("PUT", filled(one, params), await upload(world));
  if (status !== 201) throw new Error(`the package was not taken: ${status} ${bytes}`);
  return { params };
}

export const packageCases: readonly Case[] = [
  asks("GET", "/packages", 200, async (world) => {
    await uploaded(world);
    return {};
  }),
  asks("GET", "/packages", 200, () => ({ query: { aasId: b64(shellId), limit: "1" } }), "those of a shell"),
  asks("GET", "/packages", 400, () => ({ query: { aasId: "no base64url!" } }), "a shell's id that is none"),
  asks("POST", "/packages", 201, upload),
  asks("GET", one, 200, uploaded),
  asks("PUT", one, 201, async (world) => ({
    params: { packageId: b64(world.unique("package-")) },
    ...(await upload(world)),
  })),
  asks("PUT", one, 204, async (world) => ({ ...(await uploaded(world)), ...(await upload(world)) })),
  asks("DELETE", one, 204, uploaded),
];
