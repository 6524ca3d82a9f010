import { HubError } from "../../core/errors.ts";
import { stringifyJson } from "../../ngsi-ld/json/json.ts";
import type { Operation } from "../operation-types.ts";
import { tenantHeader } from "./answer.ts";
import { checkParameters } from "./parameters.ts";
import type { NgsiLdParts } from "./room.ts";

/** The hub's own contexts (CIM 009 5.13): plain files of its folder, the same for all tenants. */
export function contextOperations({ contexts }: NgsiLdParts): readonly Operation[] {
  return [
    {
      name: "ListContexts",
      method: "GET",
      path: "/jsonldContexts",
      clause: "CIM 009 v1.9.1, 5.13.3, 6.29.3.2",
      right: "read",
      handle(request) {
        checkParameters(request.query, []);
        const urls = contexts.library.names.map(
          (name) => `${request.baseUrl}/jsonldContexts/${encodeURIComponent(name)}`,
        );
        return {
          status: 200,
          headers: tenantHeader(request.headers),
          type: "application/json",
          body: JSON.stringify(urls),
        };
      },
    },
    {
      name: "ServeContext",
      method: "GET",
      path: "/jsonldContexts/{contextId}",
      clause: "CIM 009 v1.9.1, 5.13.4, 6.30.3.1",
      right: "none",
      handle(request) {
        checkParameters(request.query, []);
        const name = request.params.contextId ?? "";
        const context = contexts.library.file(name);
        if (context === undefined) throw new HubError("not-found", `the hub has no context ${name}`);
        return {
          status: 200,
          headers: {
            ...tenantHeader(request.headers),
            "Cache-Control": "public, max-age=300",
            "Access-Control-Allow-Origin": "*",
          },
          type: "application/ld+json",
          body: stringifyJson({ "@context": context }),
        };
      },
    },
  ];
}
