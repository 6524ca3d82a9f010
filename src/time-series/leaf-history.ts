import type { LeafAddress } from "../core/document.ts";
import { HubError } from "../core/errors.ts";
import type { HistoryRow, SeriesPort } from "../store/series-contract.ts";

/** Milliseconds since the epoch; `from` inclusive, `to` exclusive. */
export interface TimeRange {
  readonly from: number;
  readonly to: number;
}

/** A stretch of time in which one series was shown at a leaf. */
interface Stretch extends TimeRange {
  readonly series: number;
}

const pageSize = 2_000;

/**
 * The history of what a leaf showed, oldest first, a page at a time: of each series that was ever linked to it, for as
 * long as it was.
 */
export async function* leafHistory(
  port: SeriesPort,
  leaf: LeafAddress,
  range: TimeRange,
  abort: AbortSignal,
): AsyncGenerator<readonly HistoryRow[]> {
  for (const { series, from, to } of await stretches(port, leaf, range)) {
    let start = from;
    let limit = pageSize;
    let seen: ReadonlySet<string> = new Set();
    for (;;) {
      if (abort.aborted) throw new HubError("aborted", "who asked has gone");
      const rows = await port.history(series, { from: start, to, limit, order: "oldest-first" });
      const fresh = rows.filter(({ instance }) => !seen.has(instance));
      if (fresh.length > 0) yield fresh;
      const last = rows.at(-1);
      if (last === undefined || rows.length < limit) break;
      // More rows of one time than a page holds: a larger page goes past them.
      if (fresh.length === 0) limit *= 2;
      start = last.at;
      seen = new Set(rows.filter(({ at }) => at === last.at).map(({ instance }) => instance));
    }
  }
}

/** The newest rows of a range, at most `limit`, oldest first. */
export async function newestRows(
  port: SeriesPort,
  leaf: LeafAddress,
  range: TimeRange,
  limit: number,
): Promise<readonly HistoryRow[]> {
  const pages: (readonly HistoryRow[])[] = [];
  let left = limit;
  for (const { series, from, to } of (await stretches(port, leaf, range)).toReversed()) {
    if (left <= 0) break;
    const rows = await port.history(series, { from, to, limit: left, order: "newest-first" });
    pages.unshift(rows.toReversed());
    left -= rows.length;
  }
  return pages.flat();
}

/** What the leaf showed right before a time. */
export async function rowBefore(port: SeriesPort, leaf: LeafAddress, at: number): Promise<HistoryRow | undefined> {
  return (await newestRows(port, leaf, { from: Number.NEGATIVE_INFINITY, to: at }, 1))[0];
}

/** A row that tells of another quality only has the time of its value: it holds from its commit on (rule 8). */
export function effectiveTime(row: HistoryRow, before: HistoryRow | undefined): number {
  return before?.at === row.at ? Math.max(row.at, row.modifiedAt) : row.at;
}

/** The first series also has readings whose own time lies before the link: they belong to it. */
async function stretches(port: SeriesPort, leaf: LeafAddress, range: TimeRange): Promise<readonly Stretch[]> {
  const spans = [...(await port.at(leaf))].sort((a, b) => a.from - b.from);
  return spans.flatMap(({ series, from, to = Number.POSITIVE_INFINITY }, index) => {
    const stretch = { series, from: Math.max(index === 0 ? range.from : from, range.from), to: Math.min(to, range.to) };
    return stretch.from < stretch.to ? [stretch] : [];
  });
}
