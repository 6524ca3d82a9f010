import type { AasServices } from "../../aas/services/aas-services.ts";
import type { Alongside } from "../../aas/services/submodel-service.ts";
import type { ApiRequest } from "../operation-types.ts";
import { identifierOf, toBase64url } from "./parameters.ts";

/**
 * Where the tree of one submodel's operations hangs: in the submodel repository, or below a shell that refers to the
 * submodel (IDTA-01002 v3.1.2, superpath).
 */
export interface SubmodelRoot {
  readonly path: string;
  /** Behind the names of its operations, as IDTA's OpenAPI tells its trees apart. */
  readonly suffix: string;
  /** The submodel that is asked for. @throws HubError `not-found` where it does not lie here */
  locate(request: ApiRequest, services: AasServices): Promise<string>;
  /** The submodel that a PUT may create here. */
  locateNew(request: ApiRequest, services: AasServices): Promise<string>;
  /** What else a PUT, or a DELETE, changes. */
  gaining(request: ApiRequest, services: AasServices, submodel: string): ReturnType<Alongside>;
  losing(request: ApiRequest, services: AasServices, submodel: string): ReturnType<Alongside>;
  url(request: ApiRequest, submodel: string): string;
}

export const repositoryRoot: SubmodelRoot = {
  path: "/submodels/{submodelIdentifier}",
  suffix: "",
  locate: async (request) => identifierOf(request, "submodelIdentifier"),
  locateNew: async (request) => identifierOf(request, "submodelIdentifier"),
  gaining: async () => ({ mutations: [] }),
  losing: async () => ({ mutations: [] }),
  url: ({ baseUrl }, submodel) => `${baseUrl}/submodels/${toBase64url(submodel)}`,
};

export const shellRoot: SubmodelRoot = {
  path: "/shells/{aasIdentifier}/submodels/{submodelIdentifier}",
  suffix: "_AasRepository",
  async locate(request, { shells }) {
    const shell = identifierOf(request, "aasIdentifier");
    const submodel = identifierOf(request, "submodelIdentifier");
    await shells.requireReference(shell, submodel);
    return submodel;
  },
  async locateNew(request, { shells }) {
    await shells.get(identifierOf(request, "aasIdentifier"));
    return identifierOf(request, "submodelIdentifier");
  },
  gaining: async (request, { shells }, submodel) =>
    await shells.gaining(identifierOf(request, "aasIdentifier"), submodel),
  losing: async (request, { shells }, submodel) =>
    await shells.losing(identifierOf(request, "aasIdentifier"), submodel),
  url: (request, submodel) =>
    `${request.baseUrl}/shells/${toBase64url(identifierOf(request, "aasIdentifier"))}/submodels/${toBase64url(submodel)}`,
};
