import { HubError } from "../../core/errors.ts";
import type { Context } from "../../ngsi-ld/context/contexts.ts";
import type { Format } from "../../ngsi-ld/entity/render-attribute.ts";
import type { EntityView } from "../../ngsi-ld/entity/render-entity.ts";
import { isUri, requireName } from "../../ngsi-ld/names.ts";
import type { TypeTest } from "../../ngsi-ld/service/entity-service.ts";
import { matchesTypes, parseTypeSelection } from "../../ngsi-ld/service/type-selection.ts";
import { listParameter } from "./parameters.ts";

/** Parameters that say how entities are shown (6.3.7, 6.3.11, 4.21). */
export const VIEW_PARAMETERS = ["attrs", "pick", "omit", "options", "format", "datasetId", "sysAttrs"] as const;

const FORMATS: Readonly<Record<string, Format>> = {
  normalized: "normalized",
  concise: "concise",
  simplified: "simplified",
  keyValues: "simplified",
};

export function viewOf(query: URLSearchParams, context: Context): EntityView {
  const options = listParameter(query, "options") ?? [];
  const unknown = options.find((option) => option !== "sysAttrs" && FORMATS[option] === undefined);
  if (unknown !== undefined) throw new HubError("invalid", `there is no option "${unknown}"`);
  const attrs = namesOf(query, "attrs", context);
  const pick = namesOf(query, "pick", context);
  const omit = namesOf(query, "omit", context);
  if (attrs !== undefined && (pick ?? omit) !== undefined) {
    throw new HubError("invalid", "attrs excludes pick and omit (CIM 009 6.4.3.2)");
  }
  const both = omit === undefined ? undefined : pick?.intersection(omit).values().next().value;
  if (both !== undefined) throw new HubError("invalid", `pick and omit both name ${both}`);
  const datasetIds = listParameter(query, "datasetId");
  const wrong = datasetIds?.find((id) => id !== "@none" && !isUri(id));
  if (wrong !== undefined) throw new HubError("invalid", `the datasetId "${wrong}" is neither a URI nor @none`);
  return {
    format: formatOf(query.get("format"), options),
    sysAttrs: options.includes("sysAttrs") || query.get("sysAttrs") === "true",
    pick: pick ?? (attrs === undefined ? undefined : new Set([...attrs, "id", "type", "scope"])),
    omit,
    datasetIds: datasetIds === undefined ? undefined : new Set(datasetIds),
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

/** Expanded names; `id`, `type` and `scope` stand for themselves in pick and omit, which `|` divides too (4.21). */
export function namesOf(query: URLSearchParams, parameter: string, context: Context): ReadonlySet<string> | undefined {
  const names = parameter === "attrs" ? listParameter(query, parameter) : listParameter(query, parameter, /[,|]/);
  if (names === undefined) return undefined;
  const expand = (name: string): string => {
    if (HEAD_MEMBERS.has(name)) {
      if (parameter === "attrs") throw new HubError("invalid", `attrs takes attribute names, not "${name}"`);
      return name;
    }
    return context.table.expand(requireName(name, `the name in "${parameter}"`));
  };
  return new Set(names.map(expand));
}

/** `type=` on an operation on one entity: it must match, else the entity is not found. */
export function typeTestOf(query: URLSearchParams, context: Context): TypeTest | undefined {
  const text = query.get("type");
  if (text === null || text === "*") return undefined;
  const selection = parseTypeSelection(text, (name) => context.table.expand(name));
  return (types) => matchesTypes(selection, types);
}
