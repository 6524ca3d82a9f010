import type { WovenLeaf } from "../../core/end-codec.ts";
import { HubError, type Problem } from "../../core/errors.ts";
import { type Place, placeText } from "../../core/place.ts";
import type { PlannedDocument } from "../../core/plan.ts";
import { formatIdShortPath, isIdShortPath, parseIdShortPath } from "../id-short-path.ts";
import { elementReference } from "../metamodel/reference.ts";
import type { Property, SubmodelElement } from "../metamodel/types.ts";
import { fillError } from "../templates/fill.ts";
import { joinSegments, seriesElements } from "../time-series/series-elements.ts";
import { seriesExtensions } from "../time-series/vocabulary.ts";
import { isNumericType } from "../xsd/xsd-type.ts";
import type { TimeSeriesWish } from "./time-series-schema.ts";

export interface TimeSeriesParts {
  /** Identifier of the time series submodel. */
  readonly id: string;
  readonly wish: TimeSeriesWish;
  /** What the asset's other submodels were woven to. */
  readonly leaves: readonly WovenLeaf[];
  readonly documents: readonly PlannedDocument[];
  /** Places below `timeSeries:`. */
  readonly placeOf: (pointer: string) => Place;
}

/** The elements of a time series submodel: its variables, and segments that say what is laid over them. */
export function weaveTimeSeries(parts: TimeSeriesParts, problems: Problem[]): readonly SubmodelElement[] {
  const { wish, id, placeOf } = parts;
  const named = Array.isArray(wish.points)
    ? wish.points.map((point, index) => ({ point, name: undefined, pointer: `/points/${index}` }))
    : Object.entries(wish.points).map(([name, point]) => ({ point, name, pointer: `/points/${name}` }));
  const variables: Property[] = [];
  for (const { point, name, pointer } of named) {
    try {
      variables.push(variableOf(parts, point, name));
    } catch (thrown) {
      const error = HubError.from(thrown);
      if (error.code !== "config") throw error;
      problems.push(...error.problems.map((one) => ({ ...one, place: placeText(placeOf(pointer)) })));
    }
  }
  const twice = variables.find((one, index) => variables.findIndex(({ idShort }) => idShort === one.idShort) < index);
  if (twice !== undefined) {
    const expected = "names of their own: points: { FlowIn: flow, FlowOut: … }";
    problems.push({
      place: placeText(placeOf("/points")),
      message: `two points are called ${twice.idShort}`,
      expected,
    });
  }
  const { external } = wish.segments;
  if (external !== undefined && !(Date.parse(external.from) < Date.parse(external.to))) {
    const message = `${external.from} to ${external.to} is no range of time`;
    problems.push({
      place: placeText(placeOf("/segments/external")),
      message,
      expected: "two dates or times, the earlier first",
    });
  }
  if (problems.length > 0) return [];
  return seriesElements({
    name: wish.name ?? "Time series",
    ...(wish.description === undefined ? {} : { description: wish.description }),
    variables,
    segments: joinSegments(wish.segments, id, numbers(variables)),
  });
}

/** Mean values are made of numbers alone. */
const numbers = (variables: readonly Property[]): readonly string[] =>
  variables.filter(({ valueType }) => isNumericType(valueType)).map(({ idShort = "" }) => idShort);

/** A variable: the linked Property without value, and with a reference to it. @throws HubError `config` */
function variableOf({ leaves, documents }: TimeSeriesParts, point: string, name: string | undefined): Property {
  const leaf = leaves.find((one) => one.point === point);
  if (leaf === undefined) {
    const known = [...new Set(leaves.map((one) => one.point))].join(", ");
    throw fillError(
      `no point "${point}" has an element`,
      `one with aas: ${known === "" ? "OperationalData.Flow" : known}`,
    );
  }
  const { document, part } = leaf.address;
  const parts = documents.find((one) => one.collection === "submodel" && one.document.id === document)?.parts ?? [];
  const steps = parseIdShortPath(part);
  const own = parts.find(({ key }) => key === part);
  if (own === undefined) throw fillError(`the element of "${point}" was not made`);
  const {
    qualifiers: _of,
    value: _the,
    description: _leaf,
    extensions: _itself,
    ...head
  } = JSON.parse(own.body) as Property;
  const idShort = name ?? head.idShort ?? point;
  if (!isIdShortPath(idShort) || idShort === "Time") {
    throw fillError(`"${idShort}" cannot be a variable's name`, "an idShort other than Time");
  }
  const kinds = new Map(parts.map(({ key, kind }) => [key, kind as SubmodelElement["modelType"]]));
  const chain = steps.map(
    (_, depth) => kinds.get(formatIdShortPath(steps.slice(0, depth + 1))) ?? "SubmodelElementCollection",
  );
  const extension = { name: seriesExtensions.history, refersTo: [elementReference(document, steps, chain)] };
  return { ...head, idShort, extensions: [extension] };
}
