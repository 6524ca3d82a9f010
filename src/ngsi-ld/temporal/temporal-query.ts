import { type AggregateMethod, aggregateMethods } from "../../core/aggregate.ts";
import { HubError } from "../../core/errors.ts";
import { type Period, parsePeriod } from "../../core/period.ts";
import type { HistoryTime } from "../../store/series-contract.ts";
import { requireDateTime } from "../names.ts";

const timeProperties = {
  observedAt: "observed",
  createdAt: "created",
  modifiedAt: "modified",
  deletedAt: "deleted",
} as const satisfies Readonly<Record<string, HistoryTime>>;
export type TimeProperty = keyof typeof timeProperties;

/** The part of time that is asked for (CIM 009 4.11). `from` inclusive, `to` exclusive, in ms. */
export interface TimeWindow {
  /** By which of their times instances are chosen; `at`: none was asked for, so all are. */
  readonly by: HistoryTime;
  readonly property: TimeProperty;
  readonly relation: "before" | "after" | "between" | undefined;
  readonly from: number | undefined;
  readonly to: number | undefined;
}

export interface Aggregated {
  readonly methods: readonly AggregateMethod[];
  readonly period: Period;
}

/** Parameters by name, wherever they came from: a URL, a TemporalQuery (5.2.21), AggregationParams (5.2.44). */
export type TemporalParameters = (name: string) => string | undefined;

const refuse = (message: string): never => {
  throw new HubError("invalid", `${message} (CIM 009 4.11)`);
};

/** Throws HubError `invalid`. */
export function parseTimeWindow(parameter: TemporalParameters): TimeWindow {
  const relation = parameter("timerel");
  const timeAt = timeOf(parameter, "timeAt");
  const endTimeAt = timeOf(parameter, "endTimeAt");
  const named = parameter("timeproperty");
  if (named !== undefined && !Object.hasOwn(timeProperties, named)) {
    refuse(`timeproperty must be one of ${Object.keys(timeProperties).join(", ")}, not "${named}"`);
  }
  const property = (named ?? "observedAt") as TimeProperty;
  if (relation === undefined) {
    if (timeAt !== undefined || endTimeAt !== undefined) refuse("timeAt and endTimeAt need a timerel");
    return {
      by: named === undefined ? "at" : timeProperties[property],
      property,
      relation,
      from: undefined,
      to: undefined,
    };
  }
  const by = timeProperties[property];
  const needed = timeAt ?? refuse(`timerel=${relation} needs a timeAt`);
  switch (relation) {
    case "before":
      return { by, property, relation, from: undefined, to: needed };
    case "after":
      return { by, property, relation, from: needed, to: undefined };
    case "between":
      return { by, property, relation, from: needed, to: endTimeAt ?? refuse("timerel=between needs an endTimeAt") };
    default:
      return refuse(`timerel must be before, after or between, not "${relation}"`);
  }
}

function timeOf(parameter: TemporalParameters, name: string): number | undefined {
  const text = parameter(name);
  return text === undefined ? undefined : Date.parse(requireDateTime(text, name).replace(",", "."));
}

/** Throws HubError `invalid` unless it is a positive whole number. */
export function parseLastN(text: string | undefined): number | undefined {
  if (text === undefined) return undefined;
  const count = /^\d{1,9}$/.test(text) ? Number(text) : 0;
  return count > 0 ? count : refuse(`lastN must be a positive whole number, not "${text}"`);
}

/** The methods and the period of an aggregated representation (4.5.19.1). Throws HubError `invalid`. */
export function parseAggregated(parameter: TemporalParameters): Aggregated {
  const text = parameter("aggrMethods");
  if (text === undefined || text === "") {
    throw new HubError("invalid", `aggregatedValues needs aggrMethods: some of ${aggregateMethods.join(", ")}`);
  }
  const methods = text.split(",").map((one) => {
    const method = aggregateMethods.find((known) => known === one.trim());
    if (method !== undefined) return method;
    throw new HubError(
      "invalid",
      `"${one}" is none of the aggrMethods ${aggregateMethods.join(", ")} (CIM 009 4.5.19.1)`,
    );
  });
  const duration = parameter("aggrPeriodDuration") ?? "PT0S";
  const period = parsePeriod(duration);
  if (period === undefined) {
    throw new HubError(
      "invalid",
      `aggrPeriodDuration must be a duration such as PT15M or P1D, not "${duration}" (4.5.19.1)`,
    );
  }
  return { methods: [...new Set(methods)], period };
}
