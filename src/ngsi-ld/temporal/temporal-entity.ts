import { HubError } from "../../core/errors.ts";
import type { TermTable } from "../context/term-table.ts";
import type { Attribute, AttributeBody } from "../entity/entity.ts";
import { parseAttribute } from "../entity/parse-attribute.ts";
import { parseFragment } from "../entity/parse-entity.ts";
import { isArray, isObject, type Json, type JsonObject } from "../json/json.ts";
import { isScope, requireDateTime } from "../names.ts";
import { type AttributeKind, isAttributeKind, valueMembers } from "../vocabulary.ts";

/** What a client says that an entity was (CIM 009 5.2.20). Names expanded. */
export interface TemporalFragment {
  readonly id: string | undefined;
  readonly types: readonly string[];
  readonly attributes: readonly Attribute[];
  readonly scopes: readonly ScopeInstance[];
}

export interface ScopeInstance {
  readonly scope: readonly string[];
  readonly observedAt: string | undefined;
}

const MAX_INSTANCES = 10_000;

/** The members of the simplified temporal representation (4.5.9), by kind. */
export const pairMembers: Readonly<Record<AttributeKind, string>> = {
  Property: "values",
  GeoProperty: "values",
  Relationship: "objects",
  LanguageProperty: "languageMaps",
  VocabProperty: "vocabs",
  JsonProperty: "jsons",
  ListProperty: "valueLists",
  ListRelationship: "objectLists",
};

/** Kinds whose values stand in an object of their own there. */
const WRAPPED: ReadonlySet<AttributeKind> = new Set(["LanguageProperty", "VocabProperty", "JsonProperty"]);
export const isWrapped = (kind: AttributeKind): boolean => WRAPPED.has(kind);

/** Reads an EntityTemporal or a fragment of one (5.2.20). Throws HubError `invalid`, `too-large`. */
export function parseTemporalFragment(json: Json, table: TermTable): TemporalFragment {
  if (!isObject(json)) throw new HubError("invalid", "the temporal representation must be a JSON object");
  const head: Record<string, Json> = {};
  const rest: [string, Json][] = [];
  for (const [member, value] of Object.entries(json)) {
    const isHead = ["id", "@id", "type", "@type", "@context", "createdAt", "modifiedAt", "deletedAt"].includes(member);
    if (isHead) head[member] = value;
    else if (member !== "scope") rest.push([member, value]);
  }
  const { id, types } = parseFragment(head, { table, mode: "whole" });
  const attributes = rest.flatMap(([member, value]) => parseInstances(member, value, table));
  const scopes = json.scope === undefined ? [] : parseScopes(json.scope);
  if (attributes.length + scopes.length > MAX_INSTANCES) {
    throw new HubError("too-large", `more than ${MAX_INSTANCES} instances; send them in several requests`);
  }
  return { id, types: types ?? [], attributes, scopes };
}

/** One instance, as it is sent to take another's place (5.6.14.3): by itself, or in an array under the attribute's name. */
export function parseInstance(name: string, json: Json, table: TermTable): Attribute {
  const { "@context": _context, ...bare } = isObject(json) ? json : {};
  const [only, ...others] = Object.keys(bare);
  const inside = only !== undefined && others.length === 0 && table.expand(only) === table.expand(name);
  const found = parseInstances(name, inside ? (bare[only] as Json) : bare, table);
  if (found.length !== 1)
    throw new HubError("invalid", `exactly one instance of ${name} must be sent (CIM 009 5.6.14.3)`);
  return found[0] as Attribute;
}

/** 4.5.7, 4.5.8: an array of instances, or one alone; several may have one datasetId. */
function parseInstances(member: string, json: Json, table: TermTable): readonly Attribute[] {
  const given = (isArray(json) ? json : [json]).flatMap((one) => fromPairs(one, `/${member}`));
  return given.map((one, index) => {
    const place = given.length > 1 ? `/${member}/${index}` : `/${member}`;
    if (!isObject(one)) throw new HubError("invalid", `${place} must be an instance of an attribute (CIM 009 4.5.7)`);
    const [parsed] = parseAttribute(member, one, { table, mode: "whole" }, place);
    if (parsed?.body === undefined) throw new HubError("invalid", `${place} has no value`);
    return { name: parsed.name, datasetId: parsed.datasetId, body: parsed.body };
  });
}

/** The simplified form (4.5.9) as instances; any other as it is. */
function fromPairs(json: Json, place: string): readonly Json[] {
  if (!isObject(json) || !isAttributeKind(json.type)) return [json];
  const kind = json.type;
  const pairs = json[pairMembers[kind]];
  if (!isArray(pairs) || json[valueMembers[kind]] !== undefined) return [json];
  return pairs.map((pair, index): JsonObject => {
    if (!isArray(pair) || pair.length !== 2) {
      throw new HubError(
        "invalid",
        `${place}/${pairMembers[kind]}/${index} must be a value and its time (CIM 009 4.5.9)`,
      );
    }
    const [value = null, observedAt = null] = pair;
    const bare = isWrapped(kind) && isObject(value) ? (value[valueMembers[kind]] ?? value) : value;
    const dataset = json.datasetId === undefined ? {} : { datasetId: json.datasetId };
    return { type: kind, [valueMembers[kind]]: bare, observedAt, ...dataset };
  });
}

/** Instances of the scope (4.5.6, 4.18), or the scope itself, as it is now. */
function parseScopes(json: Json): readonly ScopeInstance[] {
  const given = isArray(json) ? json : [json];
  if (!given.some(isObject)) return [{ scope: scopeOf(given), observedAt: undefined }];
  return given
    .flatMap((one) => fromPairs(one, "/scope"))
    .map((one) => {
      const body: AttributeBody = isObject(one) ? one : {};
      if (body.value === undefined)
        throw new HubError("invalid", "an instance of scope must have a value (CIM 009 4.5.6)");
      const observedAt =
        body.observedAt === undefined ? undefined : requireDateTime(body.observedAt, "/scope/observedAt");
      return { scope: scopeOf(isArray(body.value) ? body.value : [body.value]), observedAt };
    });
}

function scopeOf(scopes: readonly Json[]): readonly string[] {
  if (scopes.every(isScope)) return [...new Set(scopes)];
  throw new HubError("invalid", "scope must be levels of letters, digits and _ divided by slashes (CIM 009 4.18)");
}
