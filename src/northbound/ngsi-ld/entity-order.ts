import { HubError } from "../../core/errors.ts";
import type { Order } from "../../core/filter.ts";
import type { Context } from "../../ngsi-ld/context/contexts.ts";
import { parseOrder } from "../../ngsi-ld/query/parse-order.ts";
import { pathNames } from "./entity-filter.ts";
import { listParameter } from "./parameters.ts";

/**
 * How the parameters of a query want its entities sorted (4.23, 6.4.3.2). 5.7.2.4 asks for the local scope; while no other
 * broker is asked, every query has it. Throws HubError `invalid`, `too-complex`.
 */
export function orderOf(query: URLSearchParams, context: Context): Order | undefined {
  const [collation, coordinates, geometry] = ["collation", "orderFrom", "orderGeometry"].map(
    (name) => query.get(name) ?? undefined,
  );
  const orderBy = listParameter(query, "orderBy");
  if (orderBy !== undefined) return parseOrder({ orderBy, collation, coordinates, geometry }, pathNames(context));
  if (collation === undefined && coordinates === undefined && geometry === undefined) return undefined;
  throw new HubError("invalid", "collation, orderFrom and orderGeometry belong to orderBy (CIM 009 4.23.3)");
}
