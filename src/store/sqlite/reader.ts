import type { DatabaseSync } from "node:sqlite";
import { AggregateReader } from "./aggregate-reader.ts";
import { CensusReader } from "./census-reader.ts";
import { openForReading } from "./connection.ts";
import { DocumentReader } from "./document-reader.ts";
import { FileReader } from "./file-reader.ts";
import { HistoryReader } from "./history-reader.ts";
import { OutboxReader } from "./outbox-reader.ts";
import { PartPageReader } from "./part-page-reader.ts";
import { PartTextReader } from "./part-text-reader.ts";
import { RecordReader } from "./record-reader.ts";
import { SeriesReader } from "./series-reader.ts";

/** One connection that reads: the hub's thread has one for look-ups, the reader thread one for what may take long. */
export class Reader {
  readonly #database: DatabaseSync;
  readonly documents: DocumentReader;
  readonly partPages: PartPageReader;
  readonly partTexts: PartTextReader;
  readonly census: CensusReader;
  readonly series: SeriesReader;
  readonly history: HistoryReader;
  readonly aggregates: AggregateReader;
  readonly outbox: OutboxReader;
  readonly records: RecordReader;
  readonly files: FileReader;

  constructor(file: string) {
    this.#database = openForReading(file);
    this.documents = new DocumentReader(this.#database);
    this.partPages = new PartPageReader(this.#database);
    this.partTexts = new PartTextReader(this.#database);
    this.census = new CensusReader(this.#database);
    this.series = new SeriesReader(this.#database);
    this.history = new HistoryReader(this.#database);
    this.aggregates = new AggregateReader(this.#database);
    this.outbox = new OutboxReader(this.#database);
    this.records = new RecordReader(this.#database);
    this.files = new FileReader(this.#database);
  }

  close(): void {
    this.#database.close();
  }
}
