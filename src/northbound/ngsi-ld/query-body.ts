import { HubError } from "../../core/errors.ts";
import { isArray, isObject, type Json, type JsonObject, stringifyJson } from "../../ngsi-ld/json/json.ts";
import type { Selector } from "./entity-filter.ts";

/** Members of a Query (5.2.23) that a GET has as parameters of the same meaning: lists, then single texts. */
const LISTS = ["attrs", "pick", "omit", "datasetId", "containedBy"];
const TEXTS = ["q", "scopeQ", "csf", "expandValues", "jsonKeys", "lang", "join", "entityMapLifetime"];
const FLAGS = ["splitEntities", "entityMap"];
/** Members of a GeoQuery (5.2.13) and of OrderingParams (5.2.43), with the parameters that mean the same. */
const GEO_MEMBERS = { georel: "georel", geometry: "geometry", coordinates: "coordinates", geoproperty: "geoproperty" };
const ORDER_MEMBERS = {
  orderBy: "orderBy",
  collation: "collation",
  coordinates: "orderFrom",
  geometry: "orderGeometry",
};
/** For the query of temporal evolutions alone. */
const TEMPORAL = ["temporalQ", "aggrParams"];

const refuse = (message: string): never => {
  throw new HubError("invalid", `${message} (CIM 009 5.2.23)`);
};

/** A Query as selectors (EntityInfo, 5.2.8) and as the parameters of the same query by GET. Throws HubError `invalid`. */
export function parseQueryBody(
  json: Json,
  parameters: URLSearchParams,
): { readonly selectors: readonly Selector[]; readonly query: URLSearchParams } {
  const body = isObject(json) ? json : refuse("the query must be a JSON object");
  if (body.type !== "Query") refuse('the type must be "Query"');
  const query = new URLSearchParams(parameters);
  for (const [member, value] of Object.entries(body)) {
    if (member === "type" || member === "@context" || member === "entities") continue;
    if (LISTS.includes(member)) query.set(member, textsOf(value, member).join(","));
    else if (TEXTS.includes(member)) query.set(member, textOf(value, member));
    else if (member === "geoQ") setMembers(query, value, member, GEO_MEMBERS);
    else if (member === "ordering") setMembers(query, value, member, ORDER_MEMBERS);
    else if (member === "joinLevel") query.set(member, String(levelOf(value)));
    else if (FLAGS.includes(member)) query.set(member, String(flagOf(value, member)));
    else if (TEMPORAL.includes(member)) refuse(`${member} is for the query of temporal evolutions`);
    else refuse(`a query has no member "${member}"`);
  }
  return { selectors: body.entities === undefined ? [] : listOf(body.entities, "entities").map(selectorOf), query };
}

/** Each member of a part of the query becomes the parameter that says the same. */
function setMembers(query: URLSearchParams, json: Json, what: string, members: Readonly<Record<string, string>>): void {
  const body: JsonObject = isObject(json) ? json : refuse(`${what} must be an object`);
  for (const [member, value] of Object.entries(body)) {
    const parameter = members[member] ?? refuse(`${what} has no member "${member}"`);
    const place = `${what}.${member}`;
    // 5.2.13 takes the text of an array too, 5.2.43 does not.
    const isText = member !== "coordinates" || (what === "geoQ" && typeof value === "string");
    if (member === "orderBy") query.set(parameter, textsOf(value, place).join(","));
    else query.set(parameter, isText ? textOf(value, place) : stringifyJson(listOf(value, place)));
  }
}

const flagOf = (json: Json, what: string): boolean =>
  typeof json === "boolean" ? json : refuse(`${what} must be true or false`);

function selectorOf(json: Json): Selector {
  const entry: JsonObject = isObject(json) ? json : refuse("each entry of entities must be an object");
  const { id, idPattern, type } = entry;
  return {
    ids: id === undefined ? undefined : isArray(id) ? textsOf(id, "id") : [textOf(id, "id")],
    idPattern: idPattern === undefined ? undefined : textOf(idPattern, "idPattern"),
    type: textOf(type ?? null, "the type of each entry of entities"),
  };
}

const levelOf = (json: Json): number =>
  Number.isInteger(json) && Number(json) > 0 ? Number(json) : refuse("joinLevel must be a positive whole number");

function listOf(json: Json, what: string): readonly Json[] {
  return isArray(json) && json.length > 0 ? json : refuse(`${what} must be an array with at least one entry`);
}

const textOf = (json: Json, what: string): string =>
  typeof json === "string" ? json : refuse(`${what} must be a text`);

const textsOf = (json: Json, what: string): readonly string[] => listOf(json, what).map((item) => textOf(item, what));
