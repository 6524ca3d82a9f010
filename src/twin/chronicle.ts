import { HubError } from "../core/errors.ts";
import type { Clock } from "../core/time.ts";
import type { Sample } from "../store/series-contract.ts";
import { type AttributeHistoryParts, CLIENT_WRITTEN, ownSeries, sampleOf } from "./attribute-history.ts";
import type { Chronicle, PastInstance } from "./contract.ts";

export interface ChronicleParts extends AttributeHistoryParts {
  readonly clock: Clock;
}

/** Writes the past: nothing is sent to a device, no signal changes, nobody is notified (rule 12). */
export function createChronicle(parts: ChronicleParts): Chronicle {
  const { store, index, clock } = parts;

  function linkedSample({ leaf, value, at, deleted }: PastInstance, now: number): Sample | undefined {
    const state = index().leaf(leaf);
    if (state === undefined) return undefined;
    if (value === undefined && deleted !== true) {
      throw new HubError("invalid", `an instance of ${leaf.part} of ${leaf.document} needs the value of its signal`);
    }
    return {
      ...sampleOf({ leaf, body: value, ...(at === undefined ? {} : { at }) }, state.series, now),
      code: CLIENT_WRITTEN,
    };
  }

  return {
    async record(_scope, unit, instances) {
      const now = clock.now();
      const linked = instances.map((instance) => linkedSample(instance, now));
      const own = instances.filter((_, i) => linked[i] === undefined);
      const seriesOf = own.length === 0 ? undefined : await ownSeries(parts, own, now);
      const samples = instances.map(
        (instance, i) => linked[i] ?? sampleOf(instance, seriesOf?.(instance.leaf) ?? 0, now),
      );
      const [result] = await store.commit([{ ...unit, samples }], now);
      if (result === undefined) throw new HubError("internal", "a commit gave no result");
      return result;
    },
    async amend(_scope, row, isLinked, instance) {
      const now = clock.now();
      if (instance === undefined) return store.series.amend(row, undefined, now);
      const { at, unobserved, quality } = sampleOf(instance, row.series, now);
      const value = isLinked ? instance.value : instance.body;
      const marks = { ...(isLinked ? { code: CLIENT_WRITTEN } : {}), ...(unobserved === true ? { unobserved } : {}) };
      return store.series.amend(row, { value, quality, at, ...marks }, now);
    },
    erase: (_scope, series) => store.series.erase(series),
  };
}
