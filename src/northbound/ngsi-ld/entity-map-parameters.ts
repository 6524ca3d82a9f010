import { HubError } from "../../core/errors.ts";
import type { EntityMap, EntityMaps } from "../../ngsi-ld/entity-map/entity-maps.ts";
import type { ApiRequest } from "../operation-types.ts";
import { flagParameter } from "./parameters.ts";

/** 6.4.3.2, 6.5.3.1. */
export const ENTITY_MAP_PARAMETERS = ["entityMap", "entityMapLifetime"] as const;

const DURATION = /^P(?!$)(?:(\d{1,6})D)?(?:T(?=\d)(?:(\d{1,6})H)?(?:(\d{1,8})M)?(?:(\d{1,10})(?:\.\d+)?S)?)?$/;

/** How a request takes part in a sequence of requests (5.5.14). */
export interface MapAsked {
  /** The map that it refers to, where that is still there. */
  readonly known: EntityMap | undefined;
  /** It wants a map, or refers to one that is gone: a new one is made. */
  readonly wanted: boolean;
  /** Wished, in milliseconds. */
  readonly lifetime: number | undefined;
}

/** Throws HubError `invalid`. */
export function mapAsked(request: ApiRequest, query: URLSearchParams, maps: EntityMaps): MapAsked {
  const lifetime = lifetimeOf(query.get("entityMapLifetime"));
  const isFlagged = flagParameter(query, "entityMap");
  if (lifetime !== undefined && !isFlagged && !query.has("entityMap")) {
    throw new HubError("invalid", "entityMapLifetime needs entityMap=true (CIM 009 6.4.3.2)");
  }
  const reference = request.headers["ngsild-entitymap"];
  const known = reference === undefined ? undefined : maps.find(request.scope.tenant, idIn(reference));
  return { known, wanted: known === undefined && (isFlagged || reference !== undefined), lifetime };
}

/** 6.4.3.2: the resource of the map that was used. */
export const mapHeader = ({ id }: EntityMap): Readonly<Record<string, string>> => ({
  "NGSILD-EntityMap": `/ngsi-ld/v1/entityMaps/${id}`,
});

/** A map's id, or the path or URL of its resource. */
function idIn(reference: string): string {
  const last = reference.slice(reference.lastIndexOf("/") + 1);
  return last.replace(/%3a/gi, ":");
}

export function lifetimeOf(text: string | null): number | undefined {
  if (text === null) return undefined;
  const match = DURATION.exec(text);
  if (match === null)
    throw new HubError("invalid", `entityMapLifetime "${text}" is no duration such as PT5M (ISO 8601)`);
  const [days, hours, minutes, seconds] = match.slice(1).map((part) => Number(part ?? 0));
  return ((((days ?? 0) * 24 + (hours ?? 0)) * 60 + (minutes ?? 0)) * 60 + (seconds ?? 0)) * 1000;
}
