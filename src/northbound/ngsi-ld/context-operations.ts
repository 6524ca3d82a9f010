import { HubError } from "../../core/errors.ts";
import { isoTime } from "../../core/time.ts";
import type { HostedContexts } from "../../ngsi-ld/context/hosted-contexts.ts";
import { isObject, type Json, stringifyJson } from "../../ngsi-ld/json/json.ts";
import { parseBody } from "../../ngsi-ld/json/parse-body.ts";
import type { ApiRequest, ApiResponse, Operation } from "../operation-types.ts";
import { created, noContent, tenantHeader } from "./answer.ts";
import { bodyType, JSON_TYPE, LD_TYPE } from "./media-type.ts";
import { checkParameters, flagParameter } from "./parameters.ts";
import type { NgsiLdParts } from "./room.ts";

const LARGEST_CONTEXT = 128 * 1024;
const KINDS = ["Hosted", "Cached", "ImplicitlyCreated"];

/** Contexts that the hub serves (CIM 009 5.13): files of its folders and those of clients, the same for all tenants. */
export function contextOperations({ contexts, hosted }: NgsiLdParts): readonly Operation[] {
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
        const json = parseBody(await request.body());
        const context = isObject(json) ? json["@context"] : undefined;
        if (context === undefined) throw new HubError("invalid", 'the body must be an object with a member "@context"');
        // What it says, and what it refers to, must be usable (5.5.4, 5.5.7).
        await contexts.resolve(context);
        const id = await hosted.add(context);
        return created(request, `/ngsi-ld/v1/jsonldContexts/${id}`);
      },
    },
    {
      name: "ListContexts",
      method: "GET",
      path: "/jsonldContexts",
      clause: "CIM 009 v1.9.1, 5.13.3, 6.29.3.2",
      right: "read",
      handle(request) {
        checkParameters(request.query, ["details", "kind"]);
        const kind = request.query.get("kind");
        if (kind !== null && !KINDS.includes(kind))
          throw new HubError("invalid", `kind must be of ${KINDS.join(", ")}`);
        const details = flagParameter(request.query, "details");
        // Copies of what others host are kept by the HTTP cache alone, and none is made implicitly.
        const names =
          kind === null || kind === "Hosted" ? [...contexts.library.names, ...hosted.list().map(({ id }) => id)] : [];
        const urls = names.map((name) => urlOf(request, name));
        return json(request, details ? names.map((name) => metadataOf(hosted, name, request)) : urls);
      },
    },
    {
      name: "ServeContext",
      method: "GET",
      path: "/jsonldContexts/{contextId}",
      clause: "CIM 009 v1.9.1, 5.13.4, 6.30.3.1",
      right: "none",
      handle(request) {
        checkParameters(request.query, ["details"]);
        const name = request.params.contextId ?? "";
        const context = contexts.library.file(name) ?? hosted.find(name)?.context;
        if (context === undefined) throw new HubError("not-found", `the hub has no context ${name}`);
        if (flagParameter(request.query, "details")) return json(request, metadataOf(hosted, name, request));
        return {
          status: 200,
          headers: {
            ...tenantHeader(request.headers),
            "Cache-Control": "public, max-age=300",
            "Access-Control-Allow-Origin": "*",
          },
          type: LD_TYPE,
          body: stringifyJson({ "@context": context }),
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
        const name = request.params.contextId ?? "";
        const isFile = contexts.library.file(name) !== undefined;
        if (!isFile && hosted.find(name) === undefined) {
          throw new HubError("not-found", `the hub has no context ${name}`);
        }
        if (reload)
          throw new HubError("invalid", "only a context of the kind Cached can be loaded anew (CIM 009 5.13.5.4)");
        if (isFile) throw new HubError("conflict", `${name} is a file of the hub's folders: no client deletes it`);
        await hosted.delete(name);
        contexts.forget();
        return noContent(request);
      },
    },
  ];
}

const urlOf = ({ baseUrl }: ApiRequest, name: string): string =>
  `${baseUrl}/jsonldContexts/${encodeURIComponent(name)}`;

/** 5.13.3.5. */
function metadataOf(hosted: HostedContexts, name: string, request: ApiRequest): Json {
  const found = hosted.find(name);
  return {
    URL: urlOf(request, name),
    localId: name,
    kind: "Hosted",
    createdAt: isoTime(found?.createdAt ?? hosted.since),
    ...(found === undefined ? {} : { numberOfHits: found.hits }),
    ...(found?.lastUsage === undefined ? {} : { lastUsage: isoTime(found.lastUsage) }),
  };
}

const json = (request: ApiRequest, body: Json): ApiResponse => ({
  status: 200,
  headers: tenantHeader(request.headers),
  type: JSON_TYPE,
  body: stringifyJson(body),
});
