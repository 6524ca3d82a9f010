import type { OutboxPort } from "../contract.ts";
import type { ReadDesk } from "./read-desk.ts";
import type { WriteQueue } from "./write-queue.ts";

export function outboxPort(desk: ReadDesk, queue: WriteQueue, bound: number): OutboxPort {
  return {
    claim: (limit, now, busy) => desk.far("claim", { limit, now, busy }),
    async delivered(ids) {
      await queue.call("delivered", { ids });
    },
    async retry(id, next, error) {
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
