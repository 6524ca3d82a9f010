import { asks, type Case } from "../case.ts";
import { b64, type World } from "../world.ts";

type Descriptor = { readonly id: string } & Readonly<Record<string, unknown>>;

const endpoints = [
  { interface: "AAS-3.0", protocolInformation: { href: "https://twins.example.org/aas", endpointProtocol: "HTTP" } },
];
const submodelDescriptor = (id: string): Descriptor => ({ id, idShort: "Nameplate", endpoints });
const shellDescriptor = (id: string): Descriptor => ({
  id,
  idShort: "Pump",
  assetKind: "Instance",
  globalAssetId: "urn:test:registered",
  endpoints,
});

interface Registry {
  readonly path: string;
  readonly parameter: string;
  readonly descriptor: (id: string) => Descriptor;
}

const shells: Registry = { path: "/shell-descriptors", parameter: "aasIdentifier", descriptor: shellDescriptor };
const submodels: Registry = {
  path: "/submodel-descriptors",
  parameter: "submodelIdentifier",
  descriptor: submodelDescriptor,
};

async function registered(world: World, { path, descriptor }: Registry): Promise<string> {
  const id = world.unique("urn:test:registered:");
  await world.make(path, descriptor(id));
  return id;
}

function registryCases(registry: Registry): readonly Case[] {
  const { path, parameter, descriptor } = registry;
  const one = `${path}/{${parameter}}`;
  const at = (id: string) => ({ params: { [parameter]: b64(id) } });
  return [
    asks("GET", path, 200, () => ({})),
    asks("GET", path, 200, () => ({ query: { limit: "1" } }), "one of several"),
    asks("POST", path, 201, (world) => ({ body: descriptor(world.unique("urn:test:registered:")) })),
    asks(
      "POST",
      path,
      409,
      async (world) => ({ body: descriptor(await registered(world, registry)) }),
      "an id that is there",
    ),
    asks("GET", one, 200, async (world) => at(await registered(world, registry))),
    asks("PUT", one, 201, (world) => {
      const id = world.unique("urn:test:registered:");
      return { ...at(id), body: descriptor(id) };
    }),
    asks("PUT", one, 204, async (world) => {
      const id = await registered(world, registry);
      return { ...at(id), body: { ...descriptor(id), idShort: "Renamed" } };
    }),
    asks("DELETE", one, 204, async (world) => at(await registered(world, registry))),
  ];
}

const nested = "/shell-descriptors/{aasIdentifier}/submodel-descriptors";
const nestedOne = `${nested}/{submodelIdentifier}`;

/** A shell's descriptor with a submodel's in it. */
async function nestedPair(
  world: World,
): Promise<{ readonly submodel: string; readonly params: Record<string, string> }> {
  const submodel = world.unique("urn:test:nested:");
  const shell = await registered(world, shells);
  await world.make(`/shell-descriptors/${b64(shell)}/submodel-descriptors`, submodelDescriptor(submodel));
  return { submodel, params: { aasIdentifier: b64(shell), submodelIdentifier: b64(submodel) } };
}

export const registriesCases: readonly Case[] = [
  ...registryCases(shells),
  ...registryCases(submodels),
  asks("GET", nested, 200, async (world) => ({ params: (await nestedPair(world)).params })),
  asks("POST", nested, 201, async (world) => ({
    params: { aasIdentifier: b64(await registered(world, shells)) },
    body: submodelDescriptor(world.unique("urn:test:nested:")),
  })),
  asks(
    "POST",
    nested,
    409,
    async (world) => {
      const { params, submodel } = await nestedPair(world);
      return { params, body: submodelDescriptor(submodel) };
    },
    "an id that is there",
  ),
  asks("GET", nestedOne, 200, async (world) => ({ params: (await nestedPair(world)).params })),
  asks("PUT", nestedOne, 201, async (world) => {
    const id = world.unique("urn:test:nested:");
    const aasIdentifier = b64(await registered(world, shells));
    return { params: { aasIdentifier, submodelIdentifier: b64(id) }, body: submodelDescriptor(id) };
  }),
  asks("PUT", nestedOne, 204, async (world) => {
    const { params, submodel } = await nestedPair(world);
    return { params, body: submodelDescriptor(submodel) };
  }),
  asks("DELETE", nestedOne, 204, async (world) => ({ params: (await nestedPair(world)).params })),
  ...[shells, submodels].flatMap(bulkCases),
  ...["status", "result"].flatMap((what) =>
    asks("GET", `/bulk/${what}/{handleId}`, what === "status" ? 302 : 204, async (world) => ({
      params: { handleId: await endedHandle(world) },
    })),
  ),
];

function bulkCases({ path, descriptor }: Registry): readonly Case[] {
  const bulk = `/bulk${path}`;
  const registry = path === shells.path ? shells : submodels;
  return [
    asks("POST", bulk, 202, (world) => ({ body: [1, 2].map(() => descriptor(world.unique("urn:test:bulk:"))) })),
    asks("PUT", bulk, 202, async (world) => ({ body: [descriptor(await registered(world, registry))] })),
    asks("DELETE", bulk, 202, async (world) => ({ body: [await registered(world, registry)] })),
  ];
}

/** A bulk job's handle, as it stands in the addresses, once the job has ended. */
async function endedHandle(world: World): Promise<string> {
  const { headers } = await world.send("POST", "/bulk/shell-descriptors", {
    body: [shellDescriptor(world.unique("urn:test:bulk:"))],
  });
  const handle = decodeURIComponent(headers.get("location")?.split("/").at(-1) ?? "");
  await world.until(`/bulk/status/${encodeURIComponent(handle)}`, ({ status }) => status === 302);
  return handle;
}

const link = { name: "serial", value: "S-1" };

export const discoveryCases: readonly Case[] = [
  asks("GET", "/lookup/shells", 200, () => ({ query: { assetIds: b64(JSON.stringify(link)) } })),
  asks("GET", "/lookup/shells", 200, () => ({ query: { limit: "1" } }), "one of several"),
  asks("POST", "/lookup/shellsByAssetLink", 200, () => ({ body: [link] })),
  asks("GET", "/lookup/shells/{aasIdentifier}", 200, async (world) => ({ params: await linked(world) })),
  asks("POST", "/lookup/shells/{aasIdentifier}", 201, (world) => ({
    params: { aasIdentifier: b64(world.unique("urn:test:linked:")) },
    body: [link],
  })),
  asks("DELETE", "/lookup/shells/{aasIdentifier}", 204, async (world) => ({ params: await linked(world) })),
];

async function linked(world: World): Promise<{ readonly aasIdentifier: string }> {
  const aasIdentifier = b64(world.unique("urn:test:linked:"));
  await world.make(`/lookup/shells/${aasIdentifier}`, [link]);
  return { aasIdentifier };
}
