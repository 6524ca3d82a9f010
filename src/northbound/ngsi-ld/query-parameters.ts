import { HubError } from "../../core/errors.ts";
import { VIEW_PARAMETERS } from "./entity-view.ts";
import { GEO_TYPE } from "./media-type.ts";

/** What chooses entities (5.7.2.3), the same in queries and purges. */
export const SELECTION_PARAMETERS = ["id", "type", "idPattern", "attrs", "q", "scopeQ", "local"] as const;

export const PAGE_PARAMETERS = ["limit", "offset", "count"] as const;

export const QUERY_PARAMETERS = [
  ...VIEW_PARAMETERS,
  ...SELECTION_PARAMETERS,
  ...PAGE_PARAMETERS,
  "geometryProperty",
] as const;

/** Known to the standard, not to this hub yet: refused by name, never ignored. */
const UNSUPPORTED = [
  "csf",
  "georel",
  "geometry",
  "coordinates",
  "geoproperty",
  "orderBy",
  "collation",
  "orderFrom",
  "orderGeometry",
  "join",
  "joinLevel",
  "containedBy",
  "lang",
  "entityMap",
  "entityMapLifetime",
  "expandValues",
  "jsonKeys",
  "splitEntities",
];

/** Throws HubError `unsupported`. */
export function refuseUnsupported(query: URLSearchParams): void {
  const name = UNSUPPORTED.find((parameter) => query.has(parameter));
  if (name !== undefined) throw new HubError("unsupported", `this hub does not support the parameter "${name}" yet`);
}

/** 5.7.1.4, 5.7.2.4. */
export function refuseGeometryProperty(query: URLSearchParams): void {
  if (query.has("geometryProperty")) throw new HubError("invalid", `geometryProperty needs Accept: ${GEO_TYPE}`);
}
