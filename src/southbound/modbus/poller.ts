import { setTimeout as sleep } from "node:timers/promises";
import type { Point } from "./read-points.ts";

/** Also for points that should be read as fast as possible: a device has other masters too. */
export const MIN_INTERVAL_MS = 10;

interface Group {
  readonly interval: number;
  readonly points: Map<string, Point>;
  /** When it is due, by `performance.now`. */
  due: number;
}

/**
 * Says when which points are due. A group of points for each interval, on a grid that begins with its first poll, so
 * that nothing drifts; polls never overlap, and ticks that a slow device makes late are skipped and counted.
 */
export class Poller {
  readonly #poll: (points: readonly Point[]) => Promise<void>;
  readonly #abort: AbortSignal;
  readonly #groups = new Map<number, Group>();
  /** Read with the next poll, whatever the grid says. */
  readonly #fresh = new Map<string, Point>();
  #wake = new AbortController();
  #skipped = 0;

  /** `poll` must not reject but for an abort. */
  constructor(poll: (points: readonly Point[]) => Promise<void>, abort: AbortSignal) {
    this.#poll = poll;
    this.#abort = abort;
  }

  get skipped(): number {
    return this.#skipped;
  }

  /** The point is read at once, then every `interval` ms. */
  add(points: readonly Point[], interval: number): void {
    for (const point of points) {
      this.remove(point.tag);
      const group = this.#groups.get(interval) ?? { interval, points: new Map(), due: performance.now() + interval };
      group.points.set(point.tag, point);
      this.#groups.set(interval, group);
      this.#fresh.set(point.tag, point);
    }
    this.#wake.abort();
  }

  remove(tag: string): void {
    this.#fresh.delete(tag);
    for (const [interval, group] of this.#groups) {
      if (group.points.delete(tag) && group.points.size === 0) this.#groups.delete(interval);
    }
  }

  /** Polls until the abort. Rejects with what `poll` rejects with. */
  async run(): Promise<void> {
    while (!this.#abort.aborted) {
      const now = performance.now();
      const due = [...this.#groups.values()].filter((group) => group.due <= now);
      const points = new Map([...this.#fresh, ...due.flatMap((group) => [...group.points])]);
      this.#fresh.clear();
      if (points.size > 0) {
        await this.#poll([...points.values()]);
        for (const group of due) this.#advance(group);
      } else {
        await this.#rest(now);
      }
    }
  }

  #advance(group: Group): void {
    const late = Math.floor((performance.now() - group.due) / group.interval);
    this.#skipped += late;
    group.due += (late + 1) * group.interval;
  }

  async #rest(now: number): Promise<void> {
    this.#wake = new AbortController();
    const next = Math.min(...[...this.#groups.values()].map((group) => group.due));
    const wait = Number.isFinite(next) ? Math.max(1, Math.ceil(next - now)) : 2 ** 31 - 1;
    const signal = AbortSignal.any([this.#wake.signal, this.#abort]);
    await sleep(wait, undefined, { signal }).catch((error: unknown) => {
      if (!signal.aborted) throw error;
    });
  }
}
