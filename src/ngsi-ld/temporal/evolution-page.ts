import type { Evolution, Instance, TimeRange } from "./evolution.ts";
import {
  type EvolutionSource,
  type KnownEvolution,
  type PlacedInstance,
  SCOPE,
  type Source,
} from "./evolution-source.ts";
import type { TimeWindow } from "./temporal-query.ts";

export interface PageOptions {
  readonly window: TimeWindow;
  readonly lastN: number | undefined;
  /** Instances of an attribute that one answer may have. */
  readonly most: number;
  /** Names of attributes, and datasetIds (`@none`: the default instance), that are asked for; undefined: all. */
  readonly names: ReadonlySet<string> | undefined;
  readonly datasetIds: ReadonlySet<string> | undefined;
  /** Times of an instance that count, beside the window's. */
  readonly holds?: ((known: KnownEvolution, at: number) => boolean) | undefined;
}

export interface EvolutionPage {
  readonly evolutions: readonly Evolution[];
  /** Undefined where the answer is whole. */
  readonly range: TimeRange | undefined;
}

interface Series {
  readonly known: KnownEvolution;
  readonly name: string;
  readonly instances: readonly PlacedInstance[];
  /** Where the answer has to end for this attribute's sake; undefined where it has all of it. */
  readonly boundary: number | undefined;
}

const MOST_AT_ONE_TIME = 20_000;

/**
 * The instances of a window, as many of each attribute as one answer may have (6.3.10): from the first on, or with lastN
 * from the last back. Where that is not all, all attributes end at the same time, so that nothing up to it is missing.
 */
export async function readPage(
  source: EvolutionSource,
  known: readonly KnownEvolution[],
  options: PageOptions,
): Promise<EvolutionPage> {
  const { window, lastN, most } = options;
  const order = lastN === undefined ? "oldest-first" : "newest-first";
  const wanted = Math.min(lastN ?? Number.POSITIVE_INFINITY, most);
  const chosen = known.map((one) => ({ known: one, named: chosenSources(one, options) }));
  const all = chosen.flatMap(({ named }) => named.flatMap(([, sources]) => sources));
  for (let limit = wanted + 1; ; limit *= 2) {
    const read = await source.read(all, window, { limit, order });
    const series = chosen.flatMap(({ known: one, named }) =>
      named.map(([name, sources]): Series => {
        const found = sources.flatMap((each) => read.get(each)?.instances ?? []);
        return seriesOf(one, name, sorted(found, order), options);
      }),
    );
    const end = endOf(series, order);
    const isHidden = ({ name }: Source): boolean => name === SCOPE;
    const tied = [...read].some(
      ([each, { full, instances }]) => full && !isHidden(each) && end !== undefined && instances.at(-1)?.time === end,
    );
    if (tied && limit < MOST_AT_ONE_TIME) continue;
    const evolutions = chosen.map(({ known: one }) => evolutionOf(one, series, end, options));
    return { evolutions, range: end === undefined ? undefined : rangeOf(evolutions, end, options) };
  }
}

function chosenSources({ sources }: KnownEvolution, { names, datasetIds }: PageOptions) {
  return [...sources]
    .filter(([name]) => name === SCOPE || names === undefined || names.has(name))
    .map(([name, all]): readonly [string, readonly Source[]] => {
      if (datasetIds === undefined || name === SCOPE) return [name, all];
      return [name, all.filter(({ datasetId }) => datasetIds.has(datasetId ?? "@none"))];
    });
}

const sorted = (instances: readonly PlacedInstance[], order: "oldest-first" | "newest-first") => {
  const direction = order === "oldest-first" ? 1 : -1;
  return instances.toSorted((a, b) => (a.time - b.time || a.ordinal - b.ordinal) * direction);
};

function seriesOf(
  known: KnownEvolution,
  name: string,
  instances: readonly PlacedInstance[],
  options: PageOptions,
): Series {
  const { lastN, most } = options;
  if (name === SCOPE) return { known, name, instances, boundary: undefined };
  const asked = lastN === undefined ? instances : instances.slice(0, lastN);
  return { known, name, instances: asked, boundary: asked.length > most ? asked[most - 1]?.time : undefined };
}

function endOf(series: readonly Series[], order: "oldest-first" | "newest-first"): number | undefined {
  const boundaries = series.flatMap(({ boundary }) => boundary ?? []);
  if (boundaries.length === 0) return undefined;
  return boundaries.reduce((a, b) => (order === "oldest-first" ? Math.min(a, b) : Math.max(a, b)));
}

function evolutionOf(
  known: KnownEvolution,
  series: readonly Series[],
  end: number | undefined,
  { lastN, holds }: PageOptions,
): Evolution {
  const isShown = ({ time, at }: PlacedInstance): boolean =>
    (end === undefined || (lastN === undefined ? time <= end : time >= end)) && (holds?.(known, at) ?? true);
  const shown = series
    .filter((one) => one.known === known)
    .map(({ name, instances }): readonly [string, readonly Instance[]] => [
      name,
      sorted(instances.filter(isShown), "oldest-first"),
    ]);
  const attributes = new Map(shown.filter(([name, instances]) => name !== SCOPE && instances.length > 0));
  return { head: known.head, attributes, scopes: shown.find(([name]) => name === SCOPE)?.[1] ?? [] };
}

/** 6.3.10: with lastN pages go back, from the end that was asked for or is there; else on. */
function rangeOf(evolutions: readonly Evolution[], end: number, { window, lastN }: PageOptions): TimeRange {
  const times = evolutions.flatMap(({ attributes }) => [...attributes.values()].flat().map(({ time }) => time));
  const least = times.reduce((a, b) => Math.min(a, b), end);
  const most = times.reduce((a, b) => Math.max(a, b), end);
  return lastN === undefined ? { start: window.from ?? least, end } : { start: window.to ?? most, end };
}
