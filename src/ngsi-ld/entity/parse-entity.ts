import { HubError } from "../../core/errors.ts";
import type { TermTable } from "../context/term-table.ts";
import { isArray, isObject, type Json, type JsonObject } from "../json/json.ts";
import { isScope, requireDateTime, requireName, requireUri } from "../names.ts";
import { NGSI_LD_NULL, neverAttributes } from "../vocabulary.ts";
import type { Attribute, AttributeBody, Entity, EntityFragment, FragmentAttribute } from "./entity.ts";
import { type ParseOptions, parseAttribute } from "./parse-attribute.ts";

/** An entity is handled whole, in one go: more would keep everybody else waiting. */
const MAX_ATTRIBUTES = 10_000;

const NOT_ATTRIBUTES: ReadonlySet<string> = new Set([
  "@context",
  "id",
  "@id",
  "type",
  "@type",
  "scope",
  "expiresAt",
  "createdAt",
  "modifiedAt",
  "deletedAt",
]);

function requireObject(json: Json, what: string): JsonObject {
  if (isObject(json)) return json;
  throw new HubError("invalid", `${what} must be a JSON object`);
}

/** A whole entity (CIM 009 5.2.4), ids and names checked. Throws HubError `invalid` naming the member. */
export function parseEntity(json: Json, table: TermTable): Entity {
  const fragment = parseFragment(json, { table, mode: "whole" });
  if (fragment.id === undefined) throw new HubError("invalid", "the entity has no id");
  if (fragment.types === undefined) throw new HubError("invalid", "the entity has no type");
  return {
    id: fragment.id,
    types: fragment.types,
    scope: fragment.scope ?? [],
    expiresAt: fragment.expiresAt ?? undefined,
    attributes: fragment.attributes.filter((attribute): attribute is Attribute => attribute.body !== undefined),
  };
}

/** A fragment of an entity (5.4). */
export function parseFragment(json: Json, options: ParseOptions): EntityFragment {
  const object = requireObject(json, "the entity");
  const attributes: FragmentAttribute[] = [];
  const names = new Set<string>();
  for (const [member, value] of Object.entries(object)) {
    if (NOT_ATTRIBUTES.has(member)) continue;
    if (neverAttributes.has(member))
      throw new HubError("invalid", `"${member}" is a term of the core context and no attribute of an entity`);
    const instances = parseAttribute(member, value, options, `/${member}`);
    const name = instances[0]?.name;
    if (name !== undefined && names.has(name)) throw new HubError("invalid", `the attribute ${name} is there twice`);
    if (name !== undefined) names.add(name);
    attributes.push(...instances);
    if (attributes.length > MAX_ATTRIBUTES) {
      throw new HubError("too-large", `the entity has more than ${MAX_ATTRIBUTES} attribute instances`);
    }
  }
  const id = object.id ?? object["@id"];
  return {
    id: id === undefined ? undefined : requireUri(id, "the entity's id"),
    types: parseTypes(object.type ?? object["@type"], options.table),
    scope: parseScope(object.scope, options.mode),
    expiresAt: parseExpiry(object.expiresAt, options.mode),
    attributes,
  };
}

/** The body of one attribute in a partial update (5.6.4); undefined for NGSI-LD Null. */
export function parsePartialAttribute(
  name: string,
  json: Json,
  table: TermTable,
): { readonly datasetId: string | undefined; readonly body: AttributeBody | undefined } {
  const object = requireObject(json, "the attribute");
  const [context, ...rest] = ["@context", ...Object.keys(object).filter((key) => key !== "@context")];
  const bare = Object.fromEntries(rest.map((key) => [key, object[key] as Json]));
  if (Object.keys(bare).length === 0)
    throw new HubError("invalid", `the attribute fragment holds nothing but ${context}`);
  const [instance] = parseAttribute(name, bare, { table, mode: "partial" }, `/${name}`);
  if (instance === undefined) throw new HubError("invalid", "the attribute fragment is empty");
  return instance;
}

function parseTypes(written: Json | undefined, table: TermTable): readonly string[] | undefined {
  if (written === undefined) return undefined;
  const names = isArray(written) ? written : [written];
  if (names.length === 0) throw new HubError("invalid", "the entity's type is empty");
  const types = names.map((name) => table.expand(requireName(name, "the entity type")));
  if (types.some((type) => type.startsWith("@")))
    throw new HubError("invalid", "the entity's type is a keyword of JSON-LD");
  return [...new Set(types)];
}

function parseScope(written: Json | undefined, mode: ParseOptions["mode"]): readonly string[] | undefined {
  if (written === undefined) return undefined;
  if (written === NGSI_LD_NULL && mode !== "whole") return [];
  const scopes = isArray(written) ? written : [written];
  if (scopes.length > 0 && scopes.every(isScope)) return [...new Set(scopes)];
  throw new HubError("invalid", "scope must be levels of letters, digits and _ divided by slashes (CIM 009 4.18)");
}

function parseExpiry(written: Json | undefined, mode: ParseOptions["mode"]): string | null | undefined {
  if (written === undefined) return undefined;
  return written === NGSI_LD_NULL && mode !== "whole" ? null : requireDateTime(written, "expiresAt");
}
