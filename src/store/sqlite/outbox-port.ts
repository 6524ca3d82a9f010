import type { OutboxPort } from "../contract.ts";
import type { ReadDesk } from "./read-desk.ts";
import type { WriteQueue } from "./write-queue.ts";

/** How long, in ms, an outbox that was empty is not looked at again while nothing is added to it. */
const EMPTY_MS = 100;

export function outboxPort(desk: ReadDesk, queue: WriteQueue, bound: number): OutboxPort {
  /** Who sends asks after every commit: most commits owe nobody anything. */
  let empty: { readonly at: number; readonly owing: number } | undefined;
  return {
    async claim(limit, now, busy) {
      if (empty?.owing === queue.owing && now >= empty.at && now < empty.at + EMPTY_MS) return [];
      empty = undefined;
      const { owing } = queue;
      const due = await desk.far("claim", { limit, now, busy });
      if (due.length === 0 && busy.length === 0) empty = { at: now, owing };
      return due;
    },
    behind: (id, now, limit) => desk.far("behind", { id, now, limit }),
    async delivered(ids) {
      await queue.call("delivered", { ids });
    },
    async retry(id, next, error) {
      empty = undefined;
      await queue.call("retryDelivery", { id, next, error: storable(error) });
    },
    async bury(id, error) {
      await queue.call("buryDelivery", { id, error: storable(error) });
    },
    drop: (target) => queue.call("dropTarget", { target }),
    async stats(now) {
      const waiting = await desk.far("outboxStats", { now });
      return { ...waiting, dropped: queue.figures.outboxDropped, bound };
    },
  };
}

/** A foreign server's words are only shown to people: what no store can keep is replaced, not refused. */
const storable = (text: string): string => text.toWellFormed().replaceAll("\0", "\uFFFD").slice(0, 4_000);
