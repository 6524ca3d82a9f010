import type { AasServices } from "../../aas/services/aas-services.ts";
import { isObject } from "../../aas/validation/check.ts";
import type { ApiRequest } from "../operation-types.ts";
import { identifierOf, toBase64url } from "./parameters.ts";
import { servedShell } from "./served-one.ts";

/**
 * Where the tree of one shell's operations hangs: in the repository of shells, or at `/aas`, where a hub serves one
 * shell (IDTA-01002 v3.1.2, "Asset Administration Shell Service").
 */
export interface ShellRoot {
  readonly path: string;
  /** What its own operations are called by: `Get`, `Put` and this. */
  readonly one: string;
  /** Behind the names of its other operations, as IDTA's OpenAPI tells its trees apart. */
  readonly suffix: string;
  /** The shell that is asked for. @throws HubError `not-found`, `conflict` where nothing says which */
  locate(request: ApiRequest, services: AasServices): Promise<string>;
  /** The shell that a PUT of this body may create here. */
  locateNew(request: ApiRequest, services: AasServices, body: unknown): Promise<string>;
  /** Where the shell that is asked for is found. */
  url(request: ApiRequest): string;
}

export const repositoryShell: ShellRoot = {
  path: "/shells/{aasIdentifier}",
  one: "AssetAdministrationShellById",
  suffix: "_AasRepository",
  locate: async (request) => identifierOf(request, "aasIdentifier"),
  locateNew: async (request) => identifierOf(request, "aasIdentifier"),
  url: (request) => shellUrl(request, identifierOf(request, "aasIdentifier")),
};

export function shellUrl({ baseUrl }: ApiRequest, shell: string): string {
  return `${baseUrl}/shells/${toBase64url(shell)}`;
}

/** @param configured the id of the shell that the hub serves; without one, the only one there is */
export function serviceShell(configured: string | undefined): ShellRoot {
  return {
    path: "/aas",
    one: "AssetAdministrationShell",
    suffix: "",
    locate: async (_request, services) => await servedShell(services, configured),
    locateNew: async (_request, services, body) => await servedShell(services, configured, idIn(body)),
    url: ({ baseUrl }) => `${baseUrl}/aas`,
  };
}

/** Empty where the body has none, which its validation says. */
export function idIn(body: unknown): string {
  return isObject(body) && typeof body.id === "string" ? body.id : "";
}
