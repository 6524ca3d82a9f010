import { HubError } from "../../core/errors.ts";
import type { Context } from "../../ngsi-ld/context/contexts.ts";
import { parseLanguageFilter } from "../../ngsi-ld/entity/language-filter.ts";
import { depthOf, type Projection, parseProjection } from "../../ngsi-ld/entity/projection.ts";
import type { Format } from "../../ngsi-ld/entity/render-attribute.ts";
import type { EntityView } from "../../ngsi-ld/entity/render-entity.ts";
import { isUri, requireName } from "../../ngsi-ld/names.ts";
import type { TypeTest } from "../../ngsi-ld/service/entity-service.ts";
import { matchesTypes, parseTypeSelection } from "../../ngsi-ld/service/type-selection.ts";
import { JOIN_PARAMETERS } from "./join-parameters.ts";
import { listParameter } from "./parameters.ts";

/** Parameters that say how entities are shown (6.3.7, 6.3.11, 4.21). */
export const VIEW_PARAMETERS = [
  "attrs",
  "pick",
  "omit",
  "options",
  "format",
  "datasetId",
  "sysAttrs",
  "lang",
  ...JOIN_PARAMETERS,
] as const;

const FORMATS: Readonly<Record<string, Format>> = {
  normalized: "normalized",
  concise: "concise",
  simplified: "simplified",
  keyValues: "simplified",
};

/** @param depth how many Relationships `pick` and `omit` may follow: as many as are joined (5.7.1.4, 5.7.2.4) */
export function viewOf(query: URLSearchParams, context: Context, depth = 0): EntityView {
  const options = listParameter(query, "options") ?? [];
  const unknown = options.find((option) => option !== "sysAttrs" && FORMATS[option] === undefined);
  if (unknown !== undefined) throw new HubError("malformed", `there is no option "${unknown}" here (CIM 009 6.3.20)`);
  const attrs = attributesOf(query, context);
  const pick = projectionOf(query, "pick", context, depth);
  const omit = projectionOf(query, "omit", context, depth);
  if (attrs !== undefined && (pick ?? omit) !== undefined) {
    throw new HubError("invalid", "attrs excludes pick and omit (CIM 009 6.4.3.2)");
  }
  const both = omit === undefined ? undefined : pick?.names.intersection(omit.names).values().next().value;
  if (both !== undefined) throw new HubError("invalid", `pick and omit both name ${both}`);
  const lang = query.get("lang");
  const datasetIds = listParameter(query, "datasetId");
  const wrong = datasetIds?.find((id) => id !== "@none" && !isUri(id));
  if (wrong !== undefined) throw new HubError("invalid", `the datasetId "${wrong}" is neither a URI nor @none`);
  return {
    format: formatOf(query.get("format"), options),
    sysAttrs: options.includes("sysAttrs") || query.get("sysAttrs") === "true",
    pick: pick?.names ?? (attrs === undefined ? undefined : new Set([...attrs, "id", "type", "scope"])),
    omit: omit?.names,
    datasetIds: datasetIds === undefined ? undefined : new Set(datasetIds),
    pickLinked: pick?.linked,
    omitLinked: omit?.linked,
    language: lang === null ? undefined : parseLanguageFilter(lang),
  };
}

function formatOf(format: string | null, options: readonly string[]): Format {
  if (format !== null) {
    const known = FORMATS[format];
    if (known === undefined) throw new HubError("invalid", `there is no format "${format}"`);
    return known;
  }
  const option = options.find((name) => FORMATS[name] !== undefined);
  return (option === undefined ? undefined : FORMATS[option]) ?? "normalized";
}

const HEAD_MEMBERS: ReadonlySet<string> = new Set(["id", "type", "scope"]);

function attributesOf(query: URLSearchParams, context: Context): readonly string[] | undefined {
  return listParameter(query, "attrs")?.map((name) => {
    if (HEAD_MEMBERS.has(name)) throw new HubError("invalid", `attrs takes attribute names, not "${name}"`);
    return context.table.expand(requireName(name, 'the name in "attrs"'));
  });
}

function projectionOf(
  query: URLSearchParams,
  what: "pick" | "omit",
  context: Context,
  depth: number,
): Projection | undefined {
  const text = query.get(what);
  if (text === null) return undefined;
  const projection = parseProjection(text, what, (name) => context.table.expand(name));
  if (depthOf(projection) <= depth) return projection;
  throw new HubError("invalid", `${what} names members of entities that join and joinLevel do not retrieve`);
}

/** `type=` on an operation on one entity: it must match, else the entity is not found. */
export function typeTestOf(query: URLSearchParams, context: Context): TypeTest | undefined {
  const text = query.get("type");
  if (text === null || text === "*") return undefined;
  const selection = parseTypeSelection(text, (name) => context.table.expand(name));
  return (types) => matchesTypes(selection, types);
}
