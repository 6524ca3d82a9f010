import type { DatabaseSync, StatementSync } from "node:sqlite";
import { qualityNumber, type SampleColumns, sampleFlag } from "../form/sample-columns.ts";
import { valueKind } from "../form/value-codec.ts";
import { extentOf, HistoryBlockBuilder, metaOf } from "../history/history-block.ts";
import { encodeHistory } from "../history/history-codec.ts";
import type { Counters } from "./counters.ts";

/** Writes the samples of one group commit: current signals at once, history as one block at its end. */
export class SignalWriter {
  readonly #upsert: StatementSync;
  readonly #remove: StatementSync;
  readonly #append: StatementSync;
  readonly #counters: Counters;
  #samples: SampleColumns | undefined;
  #history: HistoryBlockBuilder | undefined;
  #text = 0;
  #code = 0;

  constructor(database: DatabaseSync, counters: Counters) {
    this.#counters = counters;
    // `created_at` is the time of the first value: a signal that had none yet gets it now.
    this.#upsert = database.prepare(`
      INSERT INTO signal (series, kind, num, text, quality, code, at, received_at, created_at, modified_at)
      VALUES (?1, ?2, ?3, ?4, ?5, ?6, ?7, ?8, ?9, ?9)
      ON CONFLICT (series) DO UPDATE SET kind = ?2, num = ?3, text = ?4, quality = ?5, code = ?6, at = ?7,
        received_at = ?8, modified_at = ?9, created_at = iif(kind = ${valueKind.none}, ?9, created_at)`);
    this.#remove = database.prepare("DELETE FROM signal WHERE series = ?");
    this.#append = database.prepare(`
      INSERT INTO history_segment (first_at, last_at, first_created, last_modified, rows, checksum, body)
      VALUES (?, ?, ?, ?, ?, ?, ?)`);
  }

  begin(samples: SampleColumns): void {
    this.#samples = samples;
    this.#history = undefined;
    this.#text = 0;
    this.#code = 0;
  }

  /** Writes the samples from `from` to below `to`; called in ascending order within a group. */
  write(from: number, to: number, modifiedAt: number): void {
    const samples = this.#samples;
    if (samples === undefined) return;
    const { series, flags, quality, kind, num, at, receivedAt, textIndex, texts, codeIndex, codeNumber, codes } =
      samples;
    for (let index = from; index < to; index++) {
      while ((textIndex[this.#text] ?? Number.POSITIVE_INFINITY) < index) this.#text++;
      while ((codeIndex[this.#code] ?? Number.POSITIVE_INFINITY) < index) this.#code++;
      const text = textIndex[this.#text] === index ? texts[this.#text] : undefined;
      const code = codeIndex[this.#code] === index ? codes[codeNumber[this.#code] ?? 0] : undefined;
      const flag = flags[index] ?? 0;
      const id = series[index] ?? 0;
      const value = num[index] ?? 0;
      const time = at[index] ?? 0;
      const received = receivedAt[index] ?? 0;
      const valueKindOf = kind[index] ?? 0;
      const rank = quality[index] ?? qualityNumber("bad");
      const deleted = (flag & sampleFlag.deleted) !== 0;
      if ((flag & sampleFlag.live) !== 0) {
        if (deleted) this.#remove.run(id);
        else {
          this.#upsert.run(id, valueKindOf, value, text ?? null, rank, code ?? null, time, received, modifiedAt);
        }
      }
      if ((flag & sampleFlag.record) !== 0) {
        this.#history ??= new HistoryBlockBuilder(samples.count - index);
        const meta = metaOf(valueKindOf, rank, deleted, (flag & sampleFlag.unobserved) !== 0);
        this.#counters.now.instance += 1;
        const instance = this.#counters.now.instance;
        this.#history.add(id, meta, value, time, received, modifiedAt, instance, text, code);
      }
    }
  }

  /** Appends the group's history. */
  end(): void {
    const history = this.#history?.finish();
    this.#samples = undefined;
    this.#history = undefined;
    if (history === undefined || history.count === 0) return;
    const { body, checksum } = encodeHistory(history);
    const { first, last, firstCreated, lastModified } = extentOf(history);
    this.#append.run(first, last, firstCreated, lastModified, history.count, checksum, body);
    this.#counters.now.historyRows += history.count;
  }
}
