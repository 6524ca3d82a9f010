import type { Endpoint } from "./descriptor.ts";

/** Where clients reach what a tenant of this hub holds. URLs end without a slash. */
export interface EntryRoots {
  /** The AAS API, by the version of its interfaces, the preferred one first. */
  readonly aas: readonly { readonly version: string; readonly url: string }[];
  /** The NGSI-LD API, whose entities shells name; `tenant` goes into a header there. */
  readonly entities?: { readonly version: string; readonly url: string; readonly tenant?: string };
}

/** DIN SPEC 16593-2 in IDTA-01002, ProtocolInformation: the address's scheme, and the versions spoken there. */
const protocolOf = (url: string) => ({
  endpointProtocol: url.startsWith("https:") ? "HTTPS" : "HTTP",
  endpointProtocolVersion: ["1.1"],
});

const address = (id: string): string => Buffer.from(id, "utf8").toString("base64url");

/** IDTA-01002 v3.1.2, Endpoint: the interface's short name and version. */
export function shellEndpoints(
  { aas, entities }: EntryRoots,
  id: string,
  entityIds: readonly string[],
): readonly Endpoint[] {
  return [
    ...aas.map(({ version, url }) => endpoint(`AAS-${version}`, `${url}/shells/${address(id)}`)),
    ...aas.map(({ version, url }) => endpoint(`AAS-REPOSITORY-${version}`, url)),
    ...entityIds.flatMap((entity) => (entities === undefined ? [] : entityEndpoint(entities, entity))),
  ];
}

export function submodelEndpoints({ aas }: EntryRoots, id: string): readonly Endpoint[] {
  const at = (url: string): string => `${url}/submodels/${address(id)}`;
  return [
    ...aas.map(({ version, url }) => endpoint(`SUBMODEL-${version}`, at(url))),
    ...aas.map(({ version, url }) => endpoint(`SUBMODEL-VALUE-${version}`, `${at(url)}/$value`)),
  ];
}

function endpoint(name: string, href: string): Endpoint {
  return { interface: name, protocolInformation: { href, ...protocolOf(href) } };
}

/** A client that does not know the interface passes it over; one that does finds its tenant's header in the subprotocol. */
function entityEndpoint({ version, url, tenant }: NonNullable<EntryRoots["entities"]>, id: string): Endpoint {
  const header =
    tenant === undefined
      ? {}
      : { subprotocol: "NGSI-LD", subprotocolBody: `NGSILD-Tenant: ${tenant}`, subprotocolBodyEncoding: "plain" };
  return {
    interface: `NGSI-LD-${version}`,
    protocolInformation: { href: `${url}/entities/${encodeURIComponent(id)}`, ...protocolOf(url), ...header },
  };
}
