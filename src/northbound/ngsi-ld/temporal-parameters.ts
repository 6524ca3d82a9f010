import { HubError } from "../../core/errors.ts";
import type { Context } from "../../ngsi-ld/context/contexts.ts";
import { parseLanguageFilter } from "../../ngsi-ld/entity/language-filter.ts";
import { depthOf, parseProjection } from "../../ngsi-ld/entity/projection.ts";
import { isUri, requireName } from "../../ngsi-ld/names.ts";
import type { EvolutionView } from "../../ngsi-ld/temporal/render-evolution.ts";
import {
  type Aggregated,
  parseAggregated,
  parseLastN,
  parseTimeWindow,
  type TemporalParameters,
} from "../../ngsi-ld/temporal/temporal-query.ts";
import type { InstanceChoice } from "../../ngsi-ld/temporal/temporal-service.ts";
import { ENTITY_MAP_PARAMETERS } from "./entity-map-parameters.ts";
import { flagParameter, listParameter } from "./parameters.ts";

/** What a temporal evolution is asked for by (6.19.3.1), beside whose it is. */
export const EVOLUTION_PARAMETERS = [
  "attrs",
  "pick",
  "omit",
  "datasetId",
  "timerel",
  "timeAt",
  "endTimeAt",
  "timeproperty",
  "lastN",
  "format",
  "options",
  "sysAttrs",
  "aggrMethods",
  "aggrPeriodDuration",
  "lang",
  "local",
  ...ENTITY_MAP_PARAMETERS,
] as const;

const FORMATS = ["normalized", "temporalValues", "aggregatedValues"] as const;
type TemporalFormat = (typeof FORMATS)[number];
const isFormat = (name: string): name is TemporalFormat => FORMATS.some((known) => known === name);

export interface AskedEvolution {
  readonly choice: InstanceChoice;
  readonly view: EvolutionView;
  /** Undefined: instances are wanted, one by one. */
  readonly aggregated: Aggregated | undefined;
  /** attrs or pick name attributes. */
  readonly isNamed: boolean;
}

/** Throws HubError `invalid`, and `malformed` for a format that there is not (6.3.12). */
export function evolutionOf(query: URLSearchParams, context: Context): AskedEvolution {
  const parameter: TemporalParameters = (name) => query.get(name) || undefined;
  const format = formatOf(query);
  const { attrs, pick, omit } = membersOf(query, context);
  const window = parseTimeWindow(parameter);
  const named = attrs ?? pick;
  const lang = parameter("lang");
  const names = named && new Set([...named].filter((name) => name !== "id" && name !== "type"));
  return {
    choice: { window, lastN: parseLastN(parameter("lastN")), names, datasetIds: datasetsOf(query) },
    view: {
      table: context.table,
      simplified: format === "temporalValues",
      sysAttrs: optionsOf(query).includes("sysAttrs") || query.get("sysAttrs") === "true",
      property: window.property,
      language: lang === undefined ? undefined : parseLanguageFilter(lang),
      pick: attrs === undefined ? pick : new Set([...attrs, "id", "type", "scope"]),
      omit,
    },
    aggregated: format === "aggregatedValues" ? parseAggregated(parameter) : undefined,
    isNamed: named !== undefined,
  };
}

const optionsOf = (query: URLSearchParams): readonly string[] => listParameter(query, "options") ?? [];

/** 6.3.12: format wins over options, of which one at most is a format. */
function formatOf(query: URLSearchParams): TemporalFormat {
  const options = optionsOf(query);
  const given = query.get("format") ?? undefined;
  const unknown = [...options.filter((one) => one !== "sysAttrs"), ...(given === undefined ? [] : [given])].find(
    (one) => !isFormat(one),
  );
  if (unknown !== undefined) {
    throw new HubError("malformed", `there is no representation "${unknown}"; there are ${FORMATS.join(", ")}`);
  }
  const asked = options.filter(isFormat);
  if (asked.length > 1) throw new HubError("malformed", "options names more than one representation (CIM 009 6.3.12)");
  return given !== undefined && isFormat(given) ? given : (asked[0] ?? "normalized");
}

function membersOf(query: URLSearchParams, context: Context) {
  const expand = (name: string): string =>
    name === "scope" ? name : context.table.expand(requireName(name, 'the name in "attrs"'));
  const attrs = listParameter(query, "attrs")?.map(expand);
  const projection = (what: "pick" | "omit"): ReadonlySet<string> | undefined => {
    const text = query.get(what);
    if (text === null) return undefined;
    const parsed = parseProjection(text, what, (name) => context.table.expand(name));
    if (depthOf(parsed) === 0) return parsed.names;
    throw new HubError("invalid", `${what} must not lead to linked entities here (CIM 009 5.7.3.4, 5.7.4.4)`);
  };
  const pick = projection("pick");
  const omit = projection("omit");
  if (attrs !== undefined && (pick ?? omit) !== undefined) {
    throw new HubError("invalid", "attrs excludes pick and omit (CIM 009 6.18.3.2)");
  }
  const both = omit === undefined ? undefined : pick?.intersection(omit).values().next().value;
  if (both !== undefined) throw new HubError("invalid", `pick and omit both name ${both}`);
  return { attrs: attrs && new Set(attrs), pick, omit };
}

function datasetsOf(query: URLSearchParams): ReadonlySet<string> | undefined {
  const datasetIds = listParameter(query, "datasetId");
  const wrong = datasetIds?.find((id) => id !== "@none" && !isUri(id));
  if (wrong !== undefined) throw new HubError("invalid", `the datasetId "${wrong}" is neither a URI nor @none`);
  flagParameter(query, "local");
  return datasetIds && new Set(datasetIds);
}
