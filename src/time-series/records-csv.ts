import { isoTime } from "../core/time.ts";
import type { HistoryRow, SeriesPort } from "../store/series-contract.ts";
import type { SeriesFile } from "./contract.ts";
import { csvCell, valueText } from "./csv-cell.ts";
import { effectiveTime, leafHistory, rowBefore } from "./leaf-history.ts";

/** The next rows of one column, read ahead by a page. */
interface Column {
  readonly next: { readonly at: number; readonly row: HistoryRow } | undefined;
  step(): Promise<void>;
}

const linesAPiece = 1_000;

/**
 * A range as one CSV table, in pieces (RFC 4180): a line for each time at which a variable said something, each variable
 * with the value that it held then, its quality beside it.
 */
export async function* recordsCsv(port: SeriesPort, file: SeriesFile, abort: AbortSignal): AsyncGenerator<string> {
  const { range, fields, time } = file;
  yield `${[time, ...fields.flatMap(({ field }) => [field, `${field}_quality`])].map((one) => csvCell(one)).join(",")}\r\n`;
  const held = await Promise.all(fields.map(({ leaf }) => rowBefore(port, leaf, range.from)));
  const columns = await Promise.all(
    fields.map(({ leaf }, index) => openColumn(leafHistory(port, leaf, range, abort), held[index])),
  );
  let text = "";
  let lines = 0;
  for (;;) {
    const at = Math.min(...columns.map(({ next }) => next?.at ?? Number.POSITIVE_INFINITY));
    if (at === Number.POSITIVE_INFINITY) break;
    for (const [index, column] of columns.entries()) {
      while (column.next !== undefined && column.next.at <= at) {
        held[index] = column.next.row;
        await column.step();
      }
    }
    text += `${[isoTime(at), ...held.flatMap(cells)].join(",")}\r\n`;
    lines++;
    if (lines % linesAPiece !== 0) continue;
    yield text;
    text = "";
  }
  if (text !== "") yield text;
}

function cells(row: HistoryRow | undefined): readonly string[] {
  if (row === undefined) return ["", ""];
  return [row.value === undefined || row.deleted === true ? "" : csvCell(valueText(row.value)), row.quality];
}

async function openColumn(
  pages: AsyncGenerator<readonly HistoryRow[]>,
  first: HistoryRow | undefined,
): Promise<Column> {
  let page: readonly HistoryRow[] = [];
  let at = 0;
  let before = first;
  let next: Column["next"];
  const step = async (): Promise<void> => {
    if (at >= page.length) {
      page = (await pages.next()).value ?? [];
      at = 0;
    }
    const row = page[at++];
    // A change of quality alone may be older than what came after it: lines stay in order.
    next = row === undefined ? undefined : { at: Math.max(effectiveTime(row, before), next?.at ?? 0), row };
    before = row;
  };
  await step();
  return {
    get next() {
      return next;
    },
    step,
  };
}
