import { HubError } from "../../core/errors.ts";
import { CONTEXT_KINDS, ContextDirectory } from "../../ngsi-ld/context/context-directory.ts";
import { isObject, type Json, stringifyJson } from "../../ngsi-ld/json/json.ts";
import { parseBody } from "../../ngsi-ld/json/parse-body.ts";
import type { ApiRequest, ApiResponse, Operation } from "../operation-types.ts";
import { created, noContent, tenantHeader } from "./answer.ts";
import { bodyType, JSON_TYPE, LD_TYPE, negotiate } from "./media-type.ts";
import { checkParameters, flagParameter } from "./parameters.ts";
import type { NgsiLdParts } from "./room.ts";

const LARGEST_CONTEXT = 128 * 1024;

/** Stored contexts (CIM 009 5.13): each tenant its own, beside the files of the hub and its copies of what others serve. */
export function contextOperations(parts: NgsiLdParts): readonly Operation[] {
  const { contexts, hosted } = parts;
  const directory = new ContextDirectory(contexts, hosted);
  /** Throws HubError `unknown-tenant`. */
  const tenantOf = async ({ scope }: ApiRequest): Promise<string> => {
    await parts.room(scope.tenant);
    return scope.tenant;
  };
  return [
    {
      name: "AddContext",
      method: "POST",
      path: "/jsonldContexts",
      clause: "CIM 009 v1.9.1, 5.13.2, 6.29.3.1",
      right: "write",
      bodyLimit: LARGEST_CONTEXT,
      async handle(request) {
        checkParameters(request.query, []);
        bodyType(request);
        const tenant = await tenantOf(request);
        const json = parseBody(await request.body());
        const context = isObject(json) ? json["@context"] : undefined;
        if (context === undefined) throw new HubError("invalid", 'the body must be an object with a member "@context"');
        // What it says, and what it refers to, must be usable (5.5.4, 5.5.7).
        contexts.alsoServedAt(baseOf(request));
        await contexts.resolve(context);
        return created(request, `/ngsi-ld/v1/jsonldContexts/${await hosted.add(context, tenant)}`);
      },
    },
    {
      name: "ListContexts",
      method: "GET",
      path: "/jsonldContexts",
      clause: "CIM 009 v1.9.1, 5.13.3, 6.29.3.2",
      right: "read",
      async handle(request) {
        negotiate(request.headers.accept);
        checkParameters(request.query, ["details", "kind"]);
        const written = request.query.get("kind");
        const kind = CONTEXT_KINDS.find((one) => one === written);
        if (written !== null && kind === undefined)
          throw new HubError("invalid", `kind must be of ${CONTEXT_KINDS.join(", ")}`);
        const details = flagParameter(request.query, "details");
        const entries = directory.list(await tenantOf(request), baseOf(request), kind);
        return json(
          request,
          entries.map((entry) => (details ? entry.details : entry.url)),
        );
      },
    },
    {
      name: "ServeContext",
      method: "GET",
      path: "/jsonldContexts/{contextId}",
      clause: "CIM 009 v1.9.1, 5.13.4, 6.30.3.1",
      right: "none",
      async handle(request) {
        checkParameters(request.query, ["details"]);
        if (flagParameter(request.query, "details")) {
          return json(request, directory.details(await tenantOf(request), contextId(request), baseOf(request)));
        }
        return {
          status: 200,
          headers: {
            ...tenantHeader(request.headers),
            "Cache-Control": "public, max-age=300",
            "Access-Control-Allow-Origin": "*",
          },
          type: LD_TYPE,
          body: stringifyJson({ "@context": directory.serve(contextId(request), baseOf(request)) }),
        };
      },
    },
    {
      name: "DeleteContext",
      method: "DELETE",
      path: "/jsonldContexts/{contextId}",
      clause: "CIM 009 v1.9.1, 5.13.5, 6.30.3.2",
      right: "write",
      async handle(request) {
        checkParameters(request.query, ["reload"]);
        const reload = flagParameter(request.query, "reload");
        await directory.remove(await tenantOf(request), contextId(request), baseOf(request), reload);
        return noContent(request);
      },
    },
  ];
}

/** 5.13.5.4. */
function contextId({ params }: ApiRequest): string {
  if (params.contextId) return params.contextId;
  throw new HubError("invalid", "the path names no context");
}

const baseOf = ({ baseUrl }: ApiRequest): string => `${baseUrl}/jsonldContexts/`;

const json = (request: ApiRequest, body: Json): ApiResponse => ({
  status: 200,
  headers: tenantHeader(request.headers),
  type: JSON_TYPE,
  body: stringifyJson(body),
});
