import { toSignal } from "../form/signal-row.ts";
import { checkText } from "../form/text-check.ts";
import type { SeriesPort } from "../series-contract.ts";
import type { ReadDesk } from "./read-desk.ts";
import type { WriteQueue } from "./write-queue.ts";

/** More signals than these would hold up the hub's thread. */
const NEAR_SIGNALS = 200;
const NEAR_DOCUMENTS = 4;

export function seriesPort(desk: ReadDesk, queue: WriteQueue): SeriesPort {
  return {
    async ensure(keys, at, leaves = []) {
      for (const key of keys) checkText(key, "key");
      return queue.call("ensureSeries", { keys, at, leaves });
    },
    async address(series, at, { linked = false } = {}) {
      await queue.call("addressSeries", { series, at, linked });
    },
    at: (leaf) => desk.near((reader) => reader.series.at(leaf)),
    async signals(series) {
      const rows =
        series.length <= NEAR_SIGNALS
          ? await desk.near((reader) => reader.series.signals(series))
          : await desk.far("signals", { series });
      return rows.map(toSignal);
    },
    async history(series, query) {
      return (await desk.far("histories", { series: [series], query })).get(series) ?? [];
    },
    of: (collection, documents) =>
      documents.length <= NEAR_DOCUMENTS
        ? desk.near((reader) => reader.series.of(collection, documents))
        : desk.far("seriesOf", { collection, documents }),
    histories: async (series, query) =>
      series.length === 0 ? new Map() : await desk.far("histories", { series, query }),
    aggregates: async (groups, query) => (groups.length === 0 ? [] : await desk.far("aggregates", { groups, query })),
    async erase(series) {
      if (series.length > 0) await queue.call("eraseSeries", { series });
    },
    amend: (row, state, at) => queue.call("amendRow", { row, state, at }),
  };
}
