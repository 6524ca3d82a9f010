import type { Observation, PulledFigure } from "../metrics/hub-metrics.ts";
import type { SourceStatus } from "../southbound/source-status.ts";
import type { OutboxStats, StoreStats } from "../store/contract.ts";
import type { TwinStats } from "../twin/contract.ts";

/** What one tenant's room says of itself. */
export interface RoomFigures {
  readonly tenant: string;
  readonly twin: TwinStats;
  readonly store: StoreStats;
  readonly outbox: OutboxStats;
  readonly deliveries: { readonly delivered: number; readonly failed: number; readonly buried: number };
}

type Row = readonly [name: string, kind: PulledFigure["kind"], help: string, read: (room: RoomFigures) => number];

const rows: readonly Row[] = [
  ["links", "gauge", "Links of the tenant's mappings.", ({ twin }) => twin.links],
  ["links_stale", "gauge", "Links whose signal has aged or whose source is lost.", ({ twin }) => twin.stale],
  ["readings_total", "counter", "Readings that reached the twin.", ({ twin }) => twin.readings],
  ["readings_suppressed_total", "counter", "Readings held back by a deadband.", ({ twin }) => twin.suppressed],
  ["readings_late_total", "counter", "Readings older than what was there: history only.", ({ twin }) => twin.late],
  ["readings_unlinked_total", "counter", "Readings that no mapping wants.", ({ twin }) => twin.unlinkedReadings],
  ["transforms_failed_total", "counter", "Readings that a transform refused.", ({ twin }) => twin.failedTransforms],
  ["signals_committed_total", "counter", "Signal changes on the disk.", ({ twin }) => twin.committed],
  ["ingest_queue", "gauge", "Signal changes that wait for their commit.", ({ twin }) => twin.queued],
  [
    "ingest_refused",
    "gauge",
    "1 while the store refuses commits and readings wait.",
    ({ twin }) => (twin.refusal ? 1 : 0),
  ],
  ["store_bytes", "gauge", "Bytes of the store on the disk.", ({ store }) => store.bytes],
  ["store_file_bytes", "gauge", "Bytes of the contents of files among them.", ({ store }) => store.fileBytes],
  ["store_budget_bytes", "gauge", "Bytes that the store may take.", ({ store }) => store.budget],
  ["store_commits_total", "counter", "Commits, each synced.", ({ store }) => store.commits],
  ["store_commit_seconds", "gauge", "Duration of the last commit.", ({ store }) => store.lastCommitMs / 1000],
  ["history_rows", "gauge", "Rows of history.", ({ store }) => store.historyRows],
  [
    "history_dropped_total",
    "counter",
    "Rows of history dropped for the disk's budget.",
    ({ store }) => store.historyDropped,
  ],
  ["outbox_pending", "gauge", "Deliveries that wait.", ({ outbox }) => outbox.pending],
  ["outbox_bound", "gauge", "Deliveries that may wait.", ({ outbox }) => outbox.bound],
  ["outbox_oldest_seconds", "gauge", "Age of the oldest delivery that waits.", ({ outbox }) => outbox.oldestAge / 1000],
  ["outbox_dropped_total", "counter", "Deliveries dropped at the bound.", ({ outbox }) => outbox.dropped],
  ["deliveries_total", "counter", "Deliveries made.", ({ deliveries }) => deliveries.delivered],
  ["deliveries_failed_total", "counter", "Tries that failed.", ({ deliveries }) => deliveries.failed],
  ["deliveries_buried_total", "counter", "Deliveries given up.", ({ deliveries }) => deliveries.buried],
];

/** @param rooms asked once a scrape, however many figures come from it */
export function hubFigures(
  rooms: () => Promise<readonly RoomFigures[]>,
  sources: () => readonly SourceStatus[],
): readonly PulledFigure[] {
  let asked: Promise<readonly RoomFigures[]> | undefined;
  const shared = (): Promise<readonly RoomFigures[]> => {
    asked ??= rooms().finally(() => {
      asked = undefined;
    });
    return asked;
  };
  const perRoom = rows.map(([name, kind, help, read]): PulledFigure => {
    const observe = async (): Promise<readonly Observation[]> =>
      (await shared()).map((room) => ({ labels: { tenant: room.tenant }, value: read(room) }));
    return { name: `twinweave_${name}`, help, kind, labels: ["tenant"], read: observe };
  });
  return [...perRoom, ...sourceFigures(sources)];
}

function sourceFigures(sources: () => readonly SourceStatus[]): readonly PulledFigure[] {
  const figure = (
    name: string,
    kind: PulledFigure["kind"],
    help: string,
    read: (source: SourceStatus) => number,
  ): PulledFigure => ({
    name: `twinweave_source_${name}`,
    kind,
    help,
    labels: ["source", "type"],
    read: () => sources().map((one) => ({ labels: { source: one.source, type: one.type }, value: read(one) })),
  });
  return [
    figure("connected", "gauge", "1 while the source is connected.", ({ state }) => (state === "connected" ? 1 : 0)),
    figure("sessions_total", "counter", "Sessions since the start.", ({ sessions }) => sessions),
    figure("readings_total", "counter", "Readings received.", ({ readings }) => readings.total),
    figure("queue", "gauge", "Readings that are not committed yet.", ({ queue }) => queue.depth),
    figure("readings_refused_total", "counter", "Readings refused at the queue's bound.", ({ queue }) => queue.refused),
    figure("tags", "gauge", "Points that the mappings want.", ({ tags }) => tags.wanted),
    figure("tag_problems", "gauge", "Points that cannot be had.", ({ tags }) => tags.problems),
  ];
}
