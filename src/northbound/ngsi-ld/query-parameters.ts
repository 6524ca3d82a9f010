import { HubError } from "../../core/errors.ts";
import { VIEW_PARAMETERS } from "./entity-view.ts";
import { GEO_TYPE } from "./media-type.ts";

/** What chooses entities (5.7.2.3), the same in queries and purges. */
export const SELECTION_PARAMETERS = [
  "id",
  "type",
  "idPattern",
  "attrs",
  "q",
  "expandValues",
  "jsonKeys",
  "georel",
  "geometry",
  "coordinates",
  "geoproperty",
  "scopeQ",
  "csf",
  "local",
] as const;

/** What sorts entities (4.23), in queries alone. */
export const ORDER_PARAMETERS = ["orderBy", "collation", "orderFrom", "orderGeometry"] as const;

export const PAGE_PARAMETERS = ["limit", "offset", "count"] as const;

export const QUERY_PARAMETERS = [
  ...VIEW_PARAMETERS,
  ...SELECTION_PARAMETERS,
  ...ORDER_PARAMETERS,
  ...PAGE_PARAMETERS,
  "splitEntities",
  "geometryProperty",
] as const;

/** Known to the standard, not to this hub yet: refused by name, never ignored. */
const UNSUPPORTED = ["join", "joinLevel", "containedBy", "lang", "entityMap", "entityMapLifetime"];

/** Throws HubError `unsupported`. */
export function refuseUnsupported(query: URLSearchParams): void {
  const name = UNSUPPORTED.find((parameter) => query.has(parameter));
  if (name !== undefined) throw new HubError("unsupported", `this hub does not support the parameter "${name}" yet`);
}

/** 5.7.1.4, 5.7.2.4. */
export function refuseGeometryProperty(query: URLSearchParams): void {
  if (query.has("geometryProperty")) throw new HubError("invalid", `geometryProperty needs Accept: ${GEO_TYPE}`);
}
