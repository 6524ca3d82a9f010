import type { RequestKinds } from "../load/request.ts";
import { entityId, entityOf, entityText, groupOf, placeOf } from "./bench-entities.ts";

const api = "/ngsi-ld/v1";
/** Entities of one batch upsert. */
export const UPSERT = 100;
const query = (more: Readonly<Record<string, string>>): string =>
  `${api}/entities?${new URLSearchParams({ type: "Machine", ...more })}`;

export const requestKinds = {
  get: {
    name: "GET of an entity by its id",
    method: "GET",
    path: (number) => `${api}/entities/${entityId(number)}`,
    status: 200,
  },
  patch: {
    name: "PATCH of an attribute",
    method: "PATCH",
    path: (number) => `${api}/entities/${entityId(number)}/attrs/temperature`,
    body: (number) => JSON.stringify({ type: "Property", value: 10 + ((number * 7) % 1_000) / 10 }),
    status: 204,
  },
  create: { name: "create", method: "POST", path: () => `${api}/entities`, body: entityText, status: 201 },
  type: { name: "query by type", method: "GET", path: () => query({}), status: 200 },
  q: {
    name: "q that 20 entities meet",
    method: "GET",
    path: (number) => query({ q: `batch==${groupOf(number)}` }),
    status: 200,
  },
  geo: {
    name: "geoquery that 20 entities meet",
    method: "GET",
    path: (number) =>
      query({
        georel: "near;maxDistance==5000",
        geometry: "Point",
        coordinates: JSON.stringify(placeOf(groupOf(number))),
      }),
    status: 200,
  },
  wide: { name: "q that most entities meet", method: "GET", path: () => query({ q: "temperature>21" }), status: 200 },
  upsert: {
    name: `batch upsert of ${UPSERT}`,
    method: "POST",
    path: () => `${api}/entityOperations/upsert`,
    body: (number) => JSON.stringify(Array.from({ length: UPSERT }, (_, index) => entityOf(number * UPSERT + index))),
    status: 204,
  },
} as const satisfies RequestKinds;

export type RequestName = keyof typeof requestKinds;
