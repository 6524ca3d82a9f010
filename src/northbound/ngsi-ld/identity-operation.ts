import { isoTime } from "../../core/time.ts";
import { stringifyJson } from "../../ngsi-ld/json/json.ts";
import type { ApiRequest, Operation } from "../operation-types.ts";
import { answer } from "./answer.ts";
import { LD_TYPE, negotiate } from "./media-type.ts";
import { checkParameters } from "./parameters.ts";
import type { NgsiLdParts } from "./room.ts";

/** Who this context source is (CIM 009 5.15.1, 5.2.40), each tenant by an alias of its own. `since`: ms since the epoch. */
export function identityOperation({ contexts, room }: NgsiLdParts, since: number): Operation {
  return {
    name: "RetrieveContextSourceIdentity",
    method: "GET",
    path: "/info/sourceIdentity",
    clause: "CIM 009 v1.9.1, 5.15.1, 6.33.3.1",
    right: "read",
    async handle(request) {
      const type = negotiate(request.headers.accept);
      checkParameters(request.query, []);
      await room(request.scope.tenant);
      const now = Date.now();
      const alias = aliasOf(request);
      const identity = {
        id: `urn:ngsi-ld:ContextSourceIdentity:${alias}`,
        type: "ContextSourceIdentity",
        contextSourceAlias: alias,
        contextSourceUptime: durationOf(now - since),
        contextSourceTimeAt: isoTime(now),
        ...(type === LD_TYPE ? { "@context": contexts.default.reference } : {}),
      };
      return answer(request, type, contexts.default, stringifyJson(identity));
    },
  };
}

/** A pseudonym as a Via header takes it (RFC 9110, 7.6.3): where the hub is reached, and the tenant. */
function aliasOf({ baseUrl, scope }: ApiRequest): string {
  const host = URL.parse(baseUrl)?.host ?? "twinweave";
  return `${host.replace(/[^A-Za-z0-9.-]+/g, "-")}.${scope.tenant}`;
}

/** ISO 8601. */
function durationOf(ms: number): string {
  const seconds = Math.max(0, Math.floor(ms / 1000));
  const [days, hours, minutes] = [
    Math.floor(seconds / 86_400),
    Math.floor(seconds / 3600) % 24,
    Math.floor(seconds / 60) % 60,
  ];
  return `P${days}DT${hours}H${minutes}M${seconds % 60}S`;
}
