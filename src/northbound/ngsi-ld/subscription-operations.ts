import { HubError } from "../../core/errors.ts";
import type { Context } from "../../ngsi-ld/context/contexts.ts";
import { versionOf } from "../../ngsi-ld/entity/older-version.ts";
import { type JsonObject, stringifyJson } from "../../ngsi-ld/json/json.ts";
import { requireUri } from "../../ngsi-ld/names.ts";
import { renderSubscription } from "../../ngsi-ld/subscription/render-subscription.ts";
import type { Subscription } from "../../ngsi-ld/subscription/subscription.ts";
import type { SubscriptionService } from "../../ngsi-ld/subscription/subscription-service.ts";
import type { ApiRequest, Operation } from "../operation-types.ts";
import { answer, created, noContent, pathSegment, preferenceOf } from "./answer.ts";
import { LD_TYPE, negotiate } from "./media-type.ts";
import { checkParameters, listParameter, pagingHeaders, pagingOf } from "./parameters.ts";
import { contextOfHeader, readBody } from "./request-context.ts";
import type { NgsiLdParts } from "./room.ts";

export function subscriptionOperations(parts: NgsiLdParts): readonly Operation[] {
  const { contexts } = parts;
  const room = (request: ApiRequest, creates = false) => parts.room(request.scope.tenant, creates);

  return [
    {
      name: "CreateSubscription",
      method: "POST",
      path: "/subscriptions",
      clause: "CIM 009 v1.9.1, 5.8.1, 6.10.3.1",
      right: "write",
      async handle(request) {
        checkParameters(request.query, ["local"]);
        const { json, context } = await readBody(request, contexts);
        const id = await (await room(request, true)).subscriptions.create(json, context);
        return created(request, `/ngsi-ld/v1/subscriptions/${pathSegment(id)}`);
      },
    },
    {
      name: "QuerySubscriptions",
      method: "GET",
      path: "/subscriptions",
      clause: "CIM 009 v1.9.1, 5.8.4, 6.10.3.2",
      right: "read",
      async handle(request) {
        const type = negotiate(request.headers.accept);
        checkParameters(request.query, ["limit", "offset", "count", "options"]);
        const context = await contextOfHeader(request, contexts);
        const paging = pagingOf(request.query);
        const { subscriptions } = await room(request);
        const all = subscriptions.list();
        const end = paging.offset + paging.limit;
        const { links, headers } = pagingHeaders(request, paging, type, end < all.length, all.length);
        const shown = all
          .slice(paging.offset, end)
          .map((subscription) => withContext(rendered(subscriptions, subscription, context, request), type, context));
        const more = { links, headers: { ...headers, ...versionHeaders(request) } };
        return answer(request, type, context, stringifyJson(shown), more);
      },
    },
    {
      name: "RetrieveSubscription",
      method: "GET",
      path: "/subscriptions/{subscriptionId}",
      clause: "CIM 009 v1.9.1, 5.8.3, 6.11.3.1",
      right: "read",
      async handle(request) {
        const type = negotiate(request.headers.accept);
        checkParameters(request.query, ["options"]);
        const context = await contextOfHeader(request, contexts);
        const { subscriptions } = await room(request);
        const subscription = subscriptions.get(subscriptionId(request));
        const body = withContext(rendered(subscriptions, subscription, context, request), type, context);
        return answer(request, type, context, stringifyJson(body), { headers: versionHeaders(request) });
      },
    },
    {
      name: "UpdateSubscription",
      method: "PATCH",
      path: "/subscriptions/{subscriptionId}",
      clause: "CIM 009 v1.9.1, 5.8.2, 6.11.3.2",
      right: "write",
      async handle(request) {
        checkParameters(request.query, []);
        const { json, context } = await readBody(request, contexts);
        await (await room(request)).subscriptions.update(subscriptionId(request), json, context);
        return noContent(request);
      },
    },
    {
      name: "DeleteSubscription",
      method: "DELETE",
      path: "/subscriptions/{subscriptionId}",
      clause: "CIM 009 v1.9.1, 5.8.5, 6.11.3.3",
      right: "write",
      async handle(request) {
        checkParameters(request.query, []);
        await (await room(request)).subscriptions.delete(subscriptionId(request));
        return noContent(request);
      },
    },
  ];
}

function rendered(
  { status }: SubscriptionService,
  subscription: Subscription,
  { table }: Context,
  { query }: ApiRequest,
): JsonObject {
  const options = listParameter(query, "options") ?? [];
  const unknown = options.find((option) => option !== "sysAttrs");
  if (unknown !== undefined) throw new HubError("invalid", `there is no option "${unknown}" for subscriptions`);
  const view = { table, status: status.of(subscription.id), now: Date.now(), sysAttrs: options.length > 0 };
  return renderSubscription(subscription, view);
}

/** 6.3.6: every version knows a subscription's members or passes them over, so that it conforms to the one preferred. */
function versionHeaders({ headers }: ApiRequest): Readonly<Record<string, string>> {
  const version = versionOf(preferenceOf(headers.prefer, "ngsi-ld"));
  return version === undefined ? {} : { "Preference-Applied": `ngsi-ld=1.${version}` };
}

const withContext = (body: JsonObject, type: string, context: Context): JsonObject =>
  type === LD_TYPE ? { ...body, "@context": context.reference } : body;

function subscriptionId(request: ApiRequest): string {
  const id = request.params.subscriptionId;
  if (id === undefined) throw new HubError("invalid", "the subscription's id is missing in the path");
  return requireUri(id, "the subscription's id in the path");
}
