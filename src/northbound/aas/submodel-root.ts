import type { AasServices } from "../../aas/services/aas-services.ts";
import type { Alongside } from "../../aas/services/submodel-service.ts";
import type { ApiRequest } from "../operation-types.ts";
import { identifierOf, toBase64url } from "./parameters.ts";
import { servedSubmodel } from "./served-one.ts";
import { idIn, repositoryShell, type ShellRoot, serviceShell } from "./shell-root.ts";

/**
 * Where the tree of one submodel's operations hangs: in the submodel repository, below a shell that refers to the
 * submodel (IDTA-01002 v3.1.2, superpath), or at `/submodel`, where a hub serves one submodel.
 */
export interface SubmodelRoot {
  readonly path: string;
  /** Behind the names of its operations, as IDTA's OpenAPI tells its trees apart. */
  readonly suffix: string;
  /** The submodel that is asked for. @throws HubError `not-found` where it does not lie here */
  locate(request: ApiRequest, services: AasServices): Promise<string>;
  /** The submodel that a PUT of this body may create here. */
  locateNew(request: ApiRequest, services: AasServices, body: unknown): Promise<string>;
  /** What else a PUT changes. */
  gaining(request: ApiRequest, services: AasServices, submodel: string): ReturnType<Alongside>;
  /** What else a DELETE changes; without it the submodel is not deleted here. */
  losing?(request: ApiRequest, services: AasServices, submodel: string): ReturnType<Alongside>;
  url(request: ApiRequest, submodel: string): string;
}

const nothing: Alongside = async () => ({ mutations: [] });

export const repositoryRoot: SubmodelRoot = {
  path: "/submodels/{submodelIdentifier}",
  suffix: "",
  locate: async (request) => identifierOf(request, "submodelIdentifier"),
  locateNew: async (request) => identifierOf(request, "submodelIdentifier"),
  gaining: nothing,
  losing: nothing,
  url: ({ baseUrl }, submodel) => `${baseUrl}/submodels/${toBase64url(submodel)}`,
};

export const shellRoot: SubmodelRoot = belowShell(repositoryShell, "_AasRepository");

/** @param configured the id of the shell that the hub serves; without one, the only one there is */
export function serviceShellRoot(configured: string | undefined): SubmodelRoot {
  return belowShell(serviceShell(configured), "_AAS");
}

/** @param configured the id of the submodel that the hub serves; without one, the only one there is */
export function serviceRoot(configured: string | undefined): SubmodelRoot {
  return {
    path: "/submodel",
    suffix: "_SubmodelService",
    locate: async (_request, services) => await servedSubmodel(services, configured),
    locateNew: async (_request, services, body) => await servedSubmodel(services, configured, idIn(body)),
    gaining: nothing,
    url: ({ baseUrl }) => `${baseUrl}/submodel`,
  };
}

function belowShell(shell: ShellRoot, suffix: string): SubmodelRoot {
  return {
    path: `${shell.path}/submodels/{submodelIdentifier}`,
    suffix,
    async locate(request, services) {
      const id = await shell.locate(request, services);
      const submodel = identifierOf(request, "submodelIdentifier");
      await services.shells.requireReference(id, submodel);
      return submodel;
    },
    async locateNew(request, services) {
      await services.shells.get(await shell.locate(request, services));
      return identifierOf(request, "submodelIdentifier");
    },
    gaining: async (request, services, submodel) =>
      await services.shells.gaining(await shell.locate(request, services), submodel),
    losing: async (request, services, submodel) =>
      await services.shells.losing(await shell.locate(request, services), submodel),
    url: (request, submodel) => `${shell.url(request)}/submodels/${toBase64url(submodel)}`,
  };
}
