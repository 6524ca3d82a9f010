import { HubError } from "../../core/errors.ts";
import { isMeasurement } from "../../core/measurement.ts";
import type { Value } from "../../core/value.ts";
import type { HistoryRow, SeriesPort } from "../../store/series-contract.ts";
import type { SeriesCatalog, SeriesField } from "../contract.ts";
import { effectiveTime, leafHistory, rowBefore } from "../leaf-history.ts";
import { type Aggregation, newAggregation } from "./aggregate.ts";
import { equalTo, type FluxQuery, holds, type Operand, type RowView, selectors } from "./flux-query.ts";

/** One row of an answer. `undefined` values are null there. */
export interface FluxRow {
  readonly at: number | undefined;
  readonly value: Value | undefined;
  /** Of a measurement that was not aggregated. */
  readonly quality?: HistoryRow["quality"];
}

export type FluxDatatype = "double" | "long" | "unsignedLong" | "boolean" | "string";

/** The rows of one variable, a table of the answer. */
export interface FluxTable {
  readonly field: SeriesField;
  readonly datatype: FluxDatatype;
  readonly hasTime: boolean;
  readonly hasQuality: boolean;
  rows(): AsyncIterable<readonly FluxRow[]>;
}

export interface FluxSource {
  readonly catalog: SeriesCatalog;
  readonly series: SeriesPort;
}

/** Bounds of one query. */
const fluxBounds = { measurements: 20, fields: 200, windows: 100_000, rows: 5_000_000 } as const;

const integers = ["byte", "short", "int", "long", "unsignedByte", "unsignedShort", "unsignedInt", "integer"];

export const isNumber = ({ type }: SeriesField): boolean =>
  ["float", "double", "decimal", "unsignedLong", ...integers].includes(type);

/**
 * Finds what a query asks for; nothing of the history has been read when it resolves.
 * @throws HubError `invalid` for a query that names no series or wants numbers of texts, `too-complex` past a bound
 */
export async function prepareFlux(
  query: FluxQuery,
  source: FluxSource,
  abort: AbortSignal,
): Promise<readonly FluxTable[]> {
  const named = [...new Set(equalTo(query.filters, "_measurement"))].filter((one) => typeof one === "string");
  if (named.length === 0) {
    throw new HubError("invalid", 'the query names no series: filter(fn: (r) => r._measurement == "<submodel id>")');
  }
  if (named.length > fluxBounds.measurements) throw tooMuch("series", fluxBounds.measurements);
  const fields: SeriesField[] = [];
  for (const one of named) fields.push(...(await source.catalog.fields(one)));
  const wanted = fields.filter((field) => mayHold(query, { _measurement: field.measurement, _field: field.field }));
  if (wanted.length > fluxBounds.fields) throw tooMuch("variables", fluxBounds.fields);
  const { aggregate } = query;
  if (aggregate?.every !== undefined) {
    const windows = Math.ceil((query.to - query.from) / aggregate.every) * wanted.length;
    if (windows > fluxBounds.windows) throw tooMuch("windows", fluxBounds.windows);
  }
  const numeric = aggregate !== undefined && !["count", "first", "last"].includes(aggregate.function);
  const odd = wanted.find((field) => numeric && !isNumber(field));
  if (odd !== undefined) {
    const message = `${aggregate?.function} of ${odd.field}, which is of ${odd.type}`;
    throw new HubError("invalid", `unsupported input type for ${message}: numbers are wanted, or a filter by _field`);
  }
  return wanted.map((field) => tableOf(field, query, source, abort));
}

function tableOf(field: SeriesField, query: FluxQuery, { series }: FluxSource, abort: AbortSignal): FluxTable {
  const { aggregate, limit } = query;
  const isSelector = aggregate === undefined || selectors.includes(aggregate.function);
  const datatype =
    aggregate?.function === "count"
      ? "long"
      : isSelector || aggregate?.function === "sum"
        ? datatypeOf(field)
        : "double";
  const measured = measurements(field, query, series, abort);
  const held = async () => (aggregate?.fill === true ? await rowBefore(series, field.leaf, query.from) : undefined);
  const rows = aggregate === undefined ? rawRows(measured) : aggregated(measured, query, aggregate, held);
  return {
    field,
    datatype,
    hasTime: aggregate === undefined || aggregate.every !== undefined || isSelector,
    hasQuality: aggregate === undefined,
    rows: () => (limit === undefined ? rows : limited(rows, limit.offset, limit.count)),
  };
}

/** The history that passes the filters, with the row before each. */
async function* measurements(
  field: SeriesField,
  query: FluxQuery,
  series: SeriesPort,
  abort: AbortSignal,
): AsyncGenerator<readonly Measured[]> {
  let before: HistoryRow | undefined;
  let read = 0;
  for await (const page of leafHistory(series, field.leaf, query, abort)) {
    read += page.length;
    if (read > fluxBounds.rows) throw tooMuch("rows of one variable", fluxBounds.rows);
    const kept: Measured[] = [];
    for (const row of page) {
      if (passes(query, viewOf(field, row))) kept.push({ row, before });
      before = row;
    }
    if (kept.length > 0) yield kept;
  }
}

interface Measured {
  readonly row: HistoryRow;
  readonly before: HistoryRow | undefined;
}

async function* rawRows(measured: AsyncIterable<readonly Measured[]>): AsyncGenerator<readonly FluxRow[]> {
  for await (const page of measured) {
    yield page.map(({ row, before }) => ({
      at: effectiveTime(row, before),
      value: row.deleted === true ? undefined : row.value,
      quality: row.quality,
    }));
  }
}

async function* aggregated(
  measured: AsyncIterable<readonly Measured[]>,
  { from, to }: FluxQuery,
  { function: kind, every, createEmpty, fill = false }: NonNullable<FluxQuery["aggregate"]>,
  before: () => Promise<HistoryRow | undefined>,
): AsyncGenerator<readonly FluxRow[]> {
  const windows = new Map<number, Aggregation>();
  const endsBad = new Set<number>();
  let seen = false;
  for await (const page of measured) {
    seen = true;
    for (const { row, before: last } of page) {
      const index = every === undefined ? 0 : Math.floor(row.at / every);
      if (row.quality === "bad") endsBad.add(index);
      else endsBad.delete(index);
      if (!isMeasurement(row, last)) continue;
      const window = windows.get(index) ?? newAggregation(kind);
      windows.set(index, window);
      window.add(row.value ?? null, row.at);
    }
  }
  if (every === undefined) {
    const result = windows.get(0)?.result;
    if (result !== undefined) yield [{ at: result.at, value: result.value }];
    return;
  }
  const rows: FluxRow[] = [];
  const empty = kind === "count" ? 0 : undefined;
  const first = await before();
  let held = first !== undefined && isMeasurement(first, undefined) ? first.value : undefined;
  // A variable that says nothing in the range has no table.
  if (!seen && held === undefined) return;
  for (let index = Math.floor(from / every); index * every < to; index++) {
    const result = windows.get(index)?.result;
    // A window is told by its end, as aggregateWindow() does it; selectors know no empty one.
    const at = Math.min((index + 1) * every, to);
    if (result !== undefined) rows.push({ at, value: result.value });
    else if (createEmpty && (fill || !selectors.includes(kind)))
      rows.push({ at, value: fill ? (held ?? empty) : empty });
    // What is bad at its end holds for nothing after it.
    held = endsBad.has(index) ? undefined : (result?.value ?? held);
  }
  if (rows.length > 0) yield rows;
}

async function* limited(
  rows: AsyncIterable<readonly FluxRow[]>,
  offset: number,
  count: number,
): AsyncGenerator<readonly FluxRow[]> {
  let passed = 0;
  for await (const page of rows) {
    const start = Math.max(0, offset - passed);
    const piece = page.slice(start, Math.max(start, offset + count - passed));
    passed += page.length;
    if (piece.length > 0) yield piece;
    if (passed >= offset + count) return;
  }
}

const mayHold = ({ filters }: FluxQuery, view: RowView): boolean => filters.every((one) => holds(one, view) !== false);
const passes = ({ filters }: FluxQuery, view: RowView): boolean => filters.every((one) => holds(one, view) === true);

function viewOf(field: SeriesField, { value, at, quality }: HistoryRow): RowView {
  const known = operandOf(value);
  const view = { _measurement: field.measurement, _field: field.field, _time: at, quality };
  return known === undefined ? view : { ...view, _value: known };
}

function operandOf(value: Value | undefined): Operand | undefined {
  if (typeof value === "bigint") return Number(value);
  return typeof value === "number" || typeof value === "string" || typeof value === "boolean" ? value : undefined;
}

function datatypeOf({ type }: SeriesField): FluxDatatype {
  if (type === "boolean" || type === "unsignedLong") return type;
  if (type === "float" || type === "double" || type === "decimal") return "double";
  return integers.includes(type) ? "long" : "string";
}

const tooMuch = (what: string, bound: number): HubError =>
  new HubError("too-complex", `the query needs more than ${bound} ${what}: a shorter range, or larger windows`);
