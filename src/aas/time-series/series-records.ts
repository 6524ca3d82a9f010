import { isoTime } from "../../core/time.ts";
import type { HistoryRow, SeriesPort } from "../../store/series-contract.ts";
import { effectiveTime, newestRows, rowBefore, type TimeRange } from "../../time-series/leaf-history.ts";
import type { Property, Qualifier, SubmodelElement } from "../metamodel/types.ts";
import { lexicalOf } from "../xsd/signal-text.ts";
import type { SeriesDefinition, SeriesVariable } from "./series-definition.ts";
import { meaning, valueQuality } from "./vocabulary.ts";

/** One moment at which one of the variables said something, with what each of them held then. */
export interface SeriesRecord {
  readonly at: number;
  /** In the order of the variables; `undefined` before the first value. */
  readonly held: readonly (HistoryRow | undefined)[];
}

export interface SeriesWindow {
  /** In order of time. */
  readonly records: readonly SeriesRecord[];
  /** When the last of them was committed. */
  readonly lastUpdate: number | undefined;
}

interface Track {
  readonly before: HistoryRow | undefined;
  readonly rows: readonly { readonly at: number; readonly row: HistoryRow }[];
}

/**
 * The newest records of a range. Signals are reported when they change, each at its own times: a record at each of these
 * times holds every variable's last value, so that all records have all variables.
 */
export async function recordsOf(
  port: SeriesPort,
  variables: readonly SeriesVariable[],
  range: TimeRange,
  maxRecords: number,
): Promise<SeriesWindow> {
  const tracks = await Promise.all(variables.map((variable) => trackOf(port, variable, range, maxRecords)));
  const times = [...new Set(tracks.flatMap(({ rows }) => rows.map(({ at }) => at)))].sort((a, b) => a - b);
  const next = tracks.map(() => 0);
  const held = tracks.map(({ before }) => before);
  const records: SeriesRecord[] = [];
  for (const at of times) {
    for (const [index, { rows }] of tracks.entries()) {
      for (let row = rows[next[index] ?? 0]; row !== undefined && row.at <= at; row = rows[next[index] ?? 0]) {
        held[index] = row.row;
        next[index] = (next[index] ?? 0) + 1;
      }
    }
    records.push({ at, held: [...held] });
  }
  const shown = records.slice(-maxRecords);
  const commits = tracks.flatMap(({ rows }) => rows.slice(-1).map(({ row }) => row.modifiedAt));
  return { records: shown, lastUpdate: commits.length === 0 ? undefined : Math.max(...commits) };
}

async function trackOf(
  port: SeriesPort,
  { leaf }: SeriesVariable,
  range: TimeRange,
  maxRecords: number,
): Promise<Track> {
  const found = await newestRows(port, leaf, range, maxRecords);
  const before = found.length < maxRecords ? await rowBefore(port, leaf, range.from) : undefined;
  const rows = found
    .map((row, index) => ({ at: effectiveTime(row, found[index - 1] ?? before), row }))
    .filter(({ at }) => at < range.to)
    .sort((a, b) => a.at - b.at);
  return { before, rows };
}

/** A record as IDTA 02008-1-1 has it (table 4). Its idShort is its time, so that a path means the same record tomorrow. */
export function recordElement({ time, variables }: SeriesDefinition, { at, held }: SeriesRecord): SubmodelElement {
  const { extensions: _none, description: _prose, value: _example, ...timeHead } = time;
  const values = variables.map(({ pattern }, index) => valueElement(pattern, held[index]));
  return {
    modelType: "SubmodelElementCollection",
    idShort: `Record_${at < 0 ? "m" : ""}${Math.abs(at)}`,
    semanticId: meaning("Record"),
    value: [{ ...timeHead, value: isoTime(at) }, ...values],
  };
}

/** Good quality goes without saying: what is not good has a qualifier, so that no record looks better than it is. */
function valueElement(pattern: Property, row: HistoryRow | undefined): Property {
  const { idShort, valueType, semanticId } = pattern;
  const value = row?.deleted === true ? undefined : lexicalOf(row?.value, valueType);
  return {
    modelType: "Property",
    ...(idShort === undefined ? {} : { idShort }),
    ...(semanticId === undefined ? {} : { semanticId }),
    ...(row === undefined || row.quality === "good" ? {} : { qualifiers: [qualityQualifier(row)] }),
    valueType,
    ...(value === undefined ? {} : { value }),
  };
}

const qualityQualifier = ({ quality }: HistoryRow): Qualifier => ({
  kind: "ValueQualifier",
  type: "ValueQuality",
  valueType: "xs:string",
  value: quality,
  semanticId: valueQuality,
});
