import type { Collection, DocumentRow, PartRow } from "../../core/document.ts";
import type { Filter, Page, PageRequest } from "../../core/filter.ts";
import type { Census, CensusRequest, Delivery, RecordKind, RecordRow } from "../contract.ts";
import type { SignalTuple } from "../form/signal-row.ts";
import type {
  AggregateQuery,
  AggregateSource,
  HistoryQuery,
  HistoryRow,
  PartSeries,
  SeriesAggregates,
} from "../series-contract.ts";
import type { Reader } from "./reader.ts";

export interface ReadCall<Args, Result> {
  readonly args: Args;
  readonly result: Result;
}

/** Reads that may take long, by name: they run in the reader thread, which can be ended. */
export interface ReadCalls {
  list: ReadCall<
    { collection: Collection; filter: Filter | undefined; page: PageRequest; now: number },
    Page<DocumentRow>
  >;
  partsOf: ReadCall<
    { collection: Collection; ids: readonly string[]; now: number },
    ReadonlyMap<string, readonly PartRow[]>
  >;
  census: ReadCall<{ collection: Collection; request: CensusRequest; now: number }, Census>;
  signals: ReadCall<{ series: readonly number[] }, readonly SignalTuple[]>;
  histories: ReadCall<{ series: readonly number[]; query: HistoryQuery }, ReadonlyMap<number, readonly HistoryRow[]>>;
  aggregates: ReadCall<
    { groups: readonly (readonly AggregateSource[])[]; query: AggregateQuery },
    readonly SeriesAggregates[]
  >;
  seriesOf: ReadCall<
    { collection: Collection; documents: readonly string[] },
    ReadonlyMap<string, readonly PartSeries[]>
  >;
  claim: ReadCall<{ limit: number; now: number; busy: readonly string[] }, readonly Delivery[]>;
  behind: ReadCall<{ id: number; now: number; limit: number }, readonly Delivery[]>;
  outboxStats: ReadCall<{ now: number }, { readonly pending: number; readonly oldestAge: number }>;
  records: ReadCall<{ kind: RecordKind; page: PageRequest }, Page<RecordRow>>;
}

export type ReadName = keyof ReadCalls;
export type ReadArgs<Name extends ReadName> = ReadCalls[Name]["args"];
export type ReadResult<Name extends ReadName> = ReadCalls[Name]["result"];
export type ReadQuestion = { [Name in ReadName]: { readonly name: Name; readonly args: ReadArgs<Name> } }[ReadName];

export function answerRead(reader: Reader, { name, args }: ReadQuestion): unknown {
  switch (name) {
    case "list":
      return reader.documents.list(args.collection, args.filter, args.page, args.now);
    case "partsOf":
      return reader.documents.partsOf(args.collection, args.ids, args.now);
    case "census":
      return reader.census.census(args.collection, args.request, args.now);
    case "signals":
      return reader.series.signals(args.series);
    case "histories":
      return reader.history.histories(args.series, args.query);
    case "aggregates":
      return reader.aggregates.aggregates(args.groups, args.query);
    case "seriesOf":
      return reader.series.of(args.collection, args.documents);
    case "claim":
      return reader.outbox.claim(args.limit, args.now, args.busy);
    case "behind":
      return reader.outbox.behind(args.id, args.now, args.limit);
    case "outboxStats":
      return reader.outbox.stats(args.now);
    case "records":
      return reader.records.list(args.kind, args.page);
  }
}
