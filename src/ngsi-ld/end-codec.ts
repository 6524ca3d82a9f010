import type { AssetRequest, EndCodec, LeafRequest, WovenEnd, WovenLeaf } from "../core/end-codec.ts";
import { HubError, type Problem } from "../core/errors.ts";
import { SHELL_ATTRIBUTE } from "../core/kin.ts";
import { placeText } from "../core/place.ts";
import type { PlannedDocument } from "../core/plan.ts";
import type { ValueType } from "../core/value.ts";
import { isCoreUrl } from "./context/context-library.ts";
import type { Context, Contexts } from "./context/contexts.ts";
import type { Attribute } from "./entity/entity.ts";
import { documentOf, partOf } from "./entity/entity-document.ts";
import { parseEntity } from "./entity/parse-entity.ts";
import { partKey } from "./entity/part-key.ts";
import { isArray, isObject, type Json, type JsonObject } from "./json/json.ts";
import { isName, isUri } from "./names.ts";
import { type AttributeKind, isAttributeKind, NGSI_LD, valueMembers } from "./vocabulary.ts";

export const NGSI_END_MEMBER = "entity";

/** What stands behind `ngsi:` in its object form. */
interface LeafForm {
  readonly attribute: string;
  readonly type: AttributeKind;
  readonly datasetId: string | undefined;
}

const ENTITY_MEMBERS = new Set(["id", "type", "context", "scope", "attributes"]);
const LEAF_MEMBERS = new Set(["attribute", "type", "datasetId"]);
/** A signal has no list of languages or of vocabulary terms of its own. */
const LINKABLE: ReadonlySet<AttributeKind> = new Set([
  "Property",
  "GeoProperty",
  "Relationship",
  "JsonProperty",
  "ListProperty",
]);

/** The NGSI-LD end of mapping files: weaves `twin.entity` and each point's `ngsi:` into an entity and its linked leaves. */
export function createNgsiEnd(contexts: Contexts): EndCodec {
  return { members: [NGSI_END_MEMBER], weave: (request) => weave(request, contexts) };
}

async function weave(request: AssetRequest, contexts: Contexts): Promise<WovenEnd> {
  const problems: Problem[] = [];
  const report = (pointer: string, message: string, expected?: string): void => {
    const place = placeText(request.placeOf(pointer));
    problems.push({ place, message, ...(expected === undefined ? {} : { expected }) });
  };
  const written = request.twin[NGSI_END_MEMBER] as Json | undefined;
  if (written === undefined) {
    for (const leaf of request.leaves) {
      problems.push({
        place: placeText(leaf.place),
        message: `the point "${leaf.point}" has an ngsi end, but the twin has no entity`,
        expected: "twin.entity with id and type",
      });
    }
    return { documents: [], leaves: [], problems };
  }
  if (!isObject(written)) {
    report("/entity", "twin.entity must be an object", "id, type and, if wanted, context, scope, attributes");
    return { documents: [], leaves: [], problems };
  }
  for (const member of Object.keys(written)) {
    if (!ENTITY_MEMBERS.has(member))
      report(`/entity/${member}`, `twin.entity has no member "${member}"`, [...ENTITY_MEMBERS].join(", "));
  }
  const context = await contextOf(written, contexts, report);
  const document = context === undefined ? undefined : entityOf(written, context, request.kin?.shell, report);
  if (context === undefined || document === undefined) return { documents: [], leaves: [], problems };
  const leaves: WovenLeaf[] = [];
  const parts = [...document.attributes];
  const taken = new Map<string, string>(
    parts.map((part) => [partKey(part.name, part.datasetId), "the entity's own attributes"]),
  );
  for (const leaf of request.leaves) {
    const woven = weaveLeaf(leaf, document.id, context, taken, problems);
    if (woven === undefined) continue;
    parts.push(woven.attribute);
    leaves.push(woven.leaf);
  }
  const planned: PlannedDocument = {
    collection: "entity",
    document: documentOf(document, request.owner),
    parts: parts.map(partOf),
    place: request.placeOf("/entity"),
    adopt: request.adopt,
  };
  return { documents: [planned], leaves, problems };
}

type Report = (pointer: string, message: string, expected?: string) => void;

/** A name of the library's own files, a URL, or a list of them. */
async function contextOf(written: JsonObject, contexts: Contexts, report: Report): Promise<Context | undefined> {
  if (written.context === undefined) return contexts.default;
  const resolveName = (name: Json): Json =>
    typeof name === "string" && !isCoreUrl(name) && contexts.library.file(name) !== undefined
      ? contexts.urlOf(name)
      : name;
  const reference = isArray(written.context) ? written.context.map(resolveName) : resolveName(written.context);
  try {
    return await contexts.resolve(reference);
  } catch (thrown) {
    const known = contexts.library.names.join(", ");
    report("/entity/context", HubError.from(thrown).message, `a file of ngsi-ld-contexts (${known}) or a URL`);
    return undefined;
  }
}

/** @param shell the asset's shell, which the entity names unless it has an attribute of this name of its own */
function entityOf(
  written: JsonObject,
  context: Context,
  shell: string | undefined,
  report: Report,
): ReturnType<typeof parseEntity> | undefined {
  if (!isUri(written.id)) {
    report("/entity/id", `the entity's id must be a URI, not ${JSON.stringify(written.id)}`, "urn:ngsi-ld:Pump:p1");
    return undefined;
  }
  const attributes = written.attributes ?? {};
  if (!isObject(attributes)) {
    report("/entity/attributes", "attributes must be an object", "name: value, or name: { type, value, … }");
    return undefined;
  }
  const { id, type, scope } = written;
  const named = shell === undefined ? {} : { [SHELL_ATTRIBUTE]: { type: "Property", value: shell } };
  try {
    return parseEntity(
      {
        ...named,
        ...attributes,
        id,
        ...(type === undefined ? {} : { type }),
        ...(scope === undefined ? {} : { scope }),
      },
      context.table,
    );
  } catch (thrown) {
    const error = HubError.from(thrown);
    const member = error.problems[0]?.place.split("/")[1];
    report(member === undefined ? "/entity" : `/entity/attributes/${member}`, error.message);
    return undefined;
  }
}

function weaveLeaf(
  leaf: LeafRequest,
  entity: string,
  context: Context,
  taken: Map<string, string>,
  problems: Problem[],
): { readonly attribute: Attribute; readonly leaf: WovenLeaf } | undefined {
  const refuse = (message: string, expected: string): undefined => {
    problems.push({ place: placeText(leaf.place), message, expected });
    return undefined;
  };
  const form = leafForm(leaf.end);
  if (typeof form === "string")
    return refuse(
      `the ngsi end of "${leaf.point}" ${form}`,
      "a name such as temperature, or { attribute, type, datasetId }",
    );
  const name = context.table.expand(form.attribute);
  const type = form.type === "Property" && GEO_NAMES.has(name) ? "GeoProperty" : form.type;
  if (leaf.type !== undefined && type !== "Property" && !fits(leaf.type, type)) {
    return refuse(
      `a ${type} cannot show a signal of type ${leaf.type}`,
      type === "Relationship" ? "type: anyURI or string" : "type: json",
    );
  }
  const key = partKey(name, form.datasetId);
  const other = taken.get(key);
  if (other !== undefined)
    return refuse(`the attribute "${form.attribute}" already belongs to ${other}`, "another attribute, or a datasetId");
  taken.set(key, `the point "${leaf.point}"`);
  const body: Record<string, Json> = { type };
  if (form.datasetId !== undefined) body.datasetId = form.datasetId;
  if (leaf.unit !== undefined && (type === "Property" || type === "ListProperty")) body.unitCode = leaf.unit;
  const shownAs: ValueType =
    leaf.type ?? (type === "Property" ? "double" : type === "Relationship" ? "anyURI" : "json");
  return {
    attribute: { name, datasetId: form.datasetId, body },
    leaf: { point: leaf.point, address: { collection: "entity", document: entity, part: key }, type: shownAs },
  };
}

const GEO_NAMES: ReadonlySet<string> = new Set(
  ["location", "observationSpace", "operationSpace"].map((name) => NGSI_LD + name),
);

function fits(value: ValueType, kind: AttributeKind): boolean {
  return kind === "Relationship"
    ? value === "anyURI" || value === "string"
    : kind === "JsonProperty" || value === "json";
}

function leafForm(end: unknown): LeafForm | string {
  const form = typeof end === "string" ? { attribute: end } : (end as Json | undefined);
  if (!isObject(form)) return "must be a name or an object";
  const unknown = Object.keys(form).find((member) => !LEAF_MEMBERS.has(member));
  if (unknown !== undefined) return `has no member "${unknown}"`;
  const { attribute, type = "Property", datasetId } = form;
  if (typeof attribute !== "string" || !isName(attribute))
    return `names no attribute: ${JSON.stringify(attribute)} (letters, digits and _, starting with a letter)`;
  if (!isAttributeKind(type))
    return `has an unknown type ${JSON.stringify(type)}; there are ${Object.keys(valueMembers).join(", ")}`;
  if (!LINKABLE.has(type)) return `cannot be a ${type}: a signal is one of ${[...LINKABLE].join(", ")}`;
  if (datasetId !== undefined && !isUri(datasetId)) return "has a datasetId that is no URI";
  return { attribute, type, datasetId };
}
