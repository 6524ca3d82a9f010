import { HubError } from "../../core/errors.ts";
import { ENTITY_MAP_PARAMETERS } from "./entity-map-parameters.ts";
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
  ...ENTITY_MAP_PARAMETERS,
  "splitEntities",
  "geometryProperty",
] as const;

/** What a POST still says beside its body (6.23): how entities are shown, and which page of them. */
export const POST_PARAMETERS = [
  ...PAGE_PARAMETERS,
  ...ENTITY_MAP_PARAMETERS,
  "options",
  "format",
  "sysAttrs",
  "local",
  "geometryProperty",
] as const;

/** 5.7.1.4, 5.7.2.4. */
export function refuseGeometryProperty(query: URLSearchParams): void {
  if (query.has("geometryProperty")) throw new HubError("invalid", `geometryProperty needs Accept: ${GEO_TYPE}`);
}
