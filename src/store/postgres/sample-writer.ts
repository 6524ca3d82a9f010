import type { SampleColumns } from "../form/sample-columns.ts";
import { sampleFlag } from "../form/sample-columns.ts";
import { valueKind } from "../form/value-codec.ts";
import { extentOf, HistoryBlockBuilder, metaOf } from "../history/history-block.ts";
import { encodeHistory } from "../history/history-codec.ts";
import type { Counters } from "./counters.ts";
import type { Session } from "./session.ts";

/** Samples of one call that were taken, and the time of their commit. */
export interface TakenSamples {
  readonly from: number;
  readonly to: number;
  readonly at: number;
}

interface Live {
  readonly index: number;
  readonly at: number;
  /** When the first of the group's states that has a value was committed, if the signal has none yet. */
  readonly valuedAt: number | undefined;
}

const UPSERT = `INSERT INTO signal AS s
    (tenant, series, kind, num, text, quality, code, at, received_at, created_at, modified_at)
  SELECT ?::int, w.* FROM unnest(?::bigint[], ?::smallint[], ?::float8[], ?::text[], ?::smallint[], ?::text[],
    ?::float8[], ?::float8[], ?::float8[], ?::float8[]) AS w
  ON CONFLICT (tenant, series) DO UPDATE SET kind = excluded.kind, num = excluded.num, text = excluded.text,
    quality = excluded.quality, code = excluded.code, at = excluded.at, received_at = excluded.received_at,
    modified_at = excluded.modified_at,
    created_at = CASE WHEN s.kind = ${valueKind.none} THEN excluded.created_at ELSE s.created_at END`;

/** Writes a group's samples: of each series the last state at once, and all of the history as one block. */
export async function writeSamples(
  session: Session,
  tenant: number,
  samples: SampleColumns,
  taken: readonly TakenSamples[],
  counters: Counters,
): Promise<void> {
  const live = new Map<number, Live | undefined>();
  /** Signals that a deletion took away before what is written now. */
  const gone = new Set<number>();
  const texts = new Map(samples.textIndex.map((index, place) => [index, samples.texts[place]]));
  const codes = new Map(
    samples.codeIndex.map((index, place) => [index, samples.codes[samples.codeNumber[place] ?? 0]]),
  );
  const history = new HistoryBlockBuilder(taken.reduce((sum, { from, to }) => sum + to - from, 0));
  for (const { from, to, at } of taken) {
    for (let index = from; index < to; index++) {
      const series = samples.series[index] ?? 0;
      const flag = samples.flags[index] ?? 0;
      const kind = samples.kind[index] ?? 0;
      const isDeleted = (flag & sampleFlag.deleted) !== 0;
      if ((flag & sampleFlag.live) !== 0) {
        if (isDeleted) {
          gone.add(series);
          live.set(series, undefined);
        } else {
          const before = live.get(series);
          const valuedAt = before?.valuedAt ?? (kind === valueKind.none ? undefined : at);
          live.set(series, { index, at, valuedAt });
        }
      }
      if ((flag & sampleFlag.record) === 0) continue;
      const isUnobserved = (flag & sampleFlag.unobserved) !== 0;
      counters.instance += 1;
      history.add(
        series,
        metaOf(kind, samples.quality[index] ?? 0, isDeleted, isUnobserved),
        samples.num[index] ?? 0,
        samples.at[index] ?? 0,
        samples.receivedAt[index] ?? 0,
        at,
        counters.instance,
        texts.get(index),
        codes.get(index),
      );
    }
  }
  if (gone.size > 0) {
    await session.change("DELETE FROM signal WHERE tenant = ? AND series = ANY(?::bigint[])", [tenant, [...gone]]);
  }
  const rows = [...live].flatMap(([series, state]) => (state === undefined ? [] : [{ series, ...state }]));
  if (rows.length > 0) {
    await session.change(UPSERT, [
      tenant,
      rows.map(({ series }) => series),
      rows.map(({ index }) => samples.kind[index] ?? 0),
      // Not a number would be greater than all numbers here.
      rows.map(({ index }) => (Number.isNaN(samples.num[index]) ? null : (samples.num[index] ?? null))),
      rows.map(({ index }) => texts.get(index) ?? null),
      rows.map(({ index }) => samples.quality[index] ?? 0),
      rows.map(({ index }) => codes.get(index) ?? null),
      rows.map(({ index }) => samples.at[index] ?? 0),
      rows.map(({ index }) => samples.receivedAt[index] ?? 0),
      rows.map(({ valuedAt, at }) => valuedAt ?? at),
      rows.map(({ at }) => at),
    ]);
  }
  if (history.count > 0) await appendSegment(session, tenant, history, counters);
}

async function appendSegment(
  session: Session,
  tenant: number,
  history: HistoryBlockBuilder,
  counters: Counters,
): Promise<void> {
  const block = history.finish();
  const { body, checksum } = encodeHistory(block);
  const { first, last, firstCreated, lastModified } = extentOf(block);
  counters.segment += 1;
  counters.history_rows += block.count;
  await session.change(
    `INSERT INTO history_segment
       (tenant, id, first_at, last_at, first_created, last_modified, rows, checksum, body)
     VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?)`,
    [tenant, counters.segment, first, last, firstCreated, lastModified, block.count, checksum, Buffer.from(body)],
  );
}
