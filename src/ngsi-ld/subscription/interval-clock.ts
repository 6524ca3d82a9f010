import type { NewDelivery } from "../../store/contract.ts";
import { DELIVERY_KIND, type IntervalNote } from "./change-note.ts";
import type { Subscription } from "./subscription.ts";

interface Interval {
  /** Milliseconds. */
  readonly every: number;
  readonly expiresAt: number;
  next: number;
  /** Since when one waits to be sent: a receiver that is away is not met by all that it missed. */
  owedSince?: number;
}

/** Milliseconds after which one that waits is taken for dropped: the outbox has a bound. */
const LOST_AFTER = 600_000;

/** When subscriptions with a timeInterval are due (CIM 009 5.8.6); goes on from the last notification after a restart. */
export class IntervalClock {
  readonly #intervals = new Map<string, Interval>();

  /** `lastAt`: when its last notification went, in ms. */
  set({ id, timeInterval, isActive, modifiedAt, expiresAt }: Subscription, lastAt: number | undefined): void {
    this.#intervals.delete(id);
    if (timeInterval === undefined || isActive === false) return;
    const every = timeInterval * 1_000;
    this.#intervals.set(id, {
      every,
      expiresAt: expiresAt === undefined ? Number.POSITIVE_INFINITY : Date.parse(expiresAt),
      next: Math.max(lastAt ?? 0, Date.parse(modifiedAt)) + every,
    });
  }

  remove(id: string): void {
    this.#intervals.delete(id);
  }

  due(now: number): readonly NewDelivery[] {
    const deliveries: NewDelivery[] = [];
    for (const [target, interval] of this.#intervals) {
      const { next, owedSince = Number.NEGATIVE_INFINITY, expiresAt } = interval;
      if (next > now || now - owedSince < LOST_AFTER || expiresAt <= now) continue;
      interval.owedSince = now;
      // Intervals that passed while the hub was away are not made up for.
      interval.next += Math.ceil((now - interval.next + 1) / interval.every) * interval.every;
      const note: IntervalNote = { interval: true };
      deliveries.push({ target, kind: DELIVERY_KIND, body: JSON.stringify(note) });
    }
    return deliveries;
  }

  told(id: string): void {
    const interval = this.#intervals.get(id);
    if (interval !== undefined) delete interval.owedSince;
  }
}
