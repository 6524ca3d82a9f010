import { HubError } from "../core/errors.ts";
import type { Logger } from "../core/logger.ts";
import type { Clock } from "../core/time.ts";
import type { Delivery, OutboxPort, OutboxStats } from "../store/contract.ts";
import type { Channel, DeliveryRenderer, Message, Rest, SendResult } from "./delivery-contract.ts";
import { defaultRetry, type RetryPolicy, retryDelay } from "./retry-policy.ts";

export interface DeliveryWorkerOptions {
  readonly outbox: OutboxPort;
  /** By the deliveries' kind. */
  readonly renderers: Readonly<Record<string, DeliveryRenderer>>;
  readonly channels: readonly Channel[];
  readonly clock: Clock;
  readonly log: Logger;
  /** Deliveries under way at the same time, at most one per target. */
  readonly concurrency?: number;
  readonly retry?: RetryPolicy;
  readonly random?: () => number;
}

export interface DeliveryCounters {
  readonly delivered: number;
  readonly failed: number;
  readonly buried: number;
  readonly underWay: number;
  readonly outbox: OutboxStats;
}

/** Due retries are found by looking; a commit wakes at once. */
const LOOK_MS = 250;
const STOP_MS = 5_000;

/**
 * Sends what one tenant's outbox owes: in order per target, targets beside each other, so that a slow receiver holds up
 * nobody else. A delivery that fails is tried again with growing pauses and becomes a dead letter at the bound.
 */
export class DeliveryWorker {
  readonly #options: DeliveryWorkerOptions;
  readonly #busy = new Set<string>();
  /** Targets that are left alone for a while, with the time until which. */
  readonly #resting = new Map<string, number>();
  readonly #running = new Set<Promise<void>>();
  readonly #stopping = new AbortController();
  readonly #timer: NodeJS.Timeout;
  #claiming: Promise<void> | undefined;
  #woken = false;
  #delivered = 0;
  #failed = 0;
  #buried = 0;

  constructor(options: DeliveryWorkerOptions) {
    this.#options = options;
    this.#timer = setInterval(() => this.wake(), LOOK_MS).unref();
  }

  /** There may be something to send: called after commits. */
  wake(): void {
    if (this.#stopping.signal.aborted) return;
    this.#woken = true;
    this.#claiming ??= this.#claim().finally(() => {
      this.#claiming = undefined;
    });
  }

  async counters(): Promise<DeliveryCounters> {
    const outbox = await this.#options.outbox.stats(this.#options.clock.now());
    const { size } = this.#busy;
    return { delivered: this.#delivered, failed: this.#failed, buried: this.#buried, underWay: size, outbox };
  }

  /** Ends what is under way after 5 s; what was not delivered stays in the outbox. */
  async stop(): Promise<void> {
    clearInterval(this.#timer);
    const grace = setTimeout(() => this.#stopping.abort(), STOP_MS);
    const claiming = this.#claiming;
    this.#woken = false;
    this.#closed = true;
    await claiming;
    await Promise.all(this.#running);
    clearTimeout(grace);
    this.#stopping.abort();
  }

  #closed = false;

  async #claim(): Promise<void> {
    const { outbox, clock, log, concurrency = 32 } = this.#options;
    while (this.#woken && !this.#closed) {
      this.#woken = false;
      const free = concurrency - this.#busy.size;
      if (free <= 0) return;
      try {
        const now = clock.now();
        for (const [target, until] of this.#resting) if (until <= now) this.#resting.delete(target);
        const due = await outbox.claim(free, now, [...this.#busy, ...this.#resting.keys()]);
        for (const delivery of due) this.#start(delivery);
      } catch (thrown) {
        log.error("the outbox cannot be read", { reason: HubError.from(thrown).message });
      }
    }
  }

  #start(delivery: Delivery): void {
    this.#busy.add(delivery.target);
    const work = this.#deliver(delivery)
      .catch((thrown) =>
        this.#options.log.error("a delivery could not be settled", { reason: HubError.from(thrown).message }),
      )
      .finally(() => {
        this.#busy.delete(delivery.target);
        this.#running.delete(work);
        if (!this.#closed) this.wake();
      });
    this.#running.add(work);
  }

  async #deliver(delivery: Delivery): Promise<void> {
    const { outbox, renderers, clock } = this.#options;
    const renderer = renderers[delivery.kind];
    const message = await this.#render(delivery, renderer);
    if ("notBefore" in message) {
      this.#resting.set(delivery.target, message.notBefore);
      return;
    }
    const told = "covers" in message ? [delivery.id, ...(message.covers ?? [])] : [delivery.id];
    const result = "url" in message ? await this.#send(message, renderer) : message;
    const at = clock.now();
    if (result.ok) {
      if ("url" in message) {
        this.#delivered += 1;
        renderer?.settled?.(delivery, { kind: "delivered", at });
      }
      await outbox.delivered(told);
      return;
    }
    if (this.#stopping.signal.aborted) return;
    const { retry = defaultRetry, random = Math.random } = this.#options;
    const attempts = delivery.attempts + 1;
    const final = result.lasting || attempts >= retry.tries;
    this.#failed += 1;
    if ("url" in message && message.cooldown !== undefined) {
      this.#resting.set(delivery.target, at + message.cooldown);
    }
    if (final) {
      this.#buried += told.length;
      for (const id of told) await outbox.bury(id, result.reason);
    } else {
      await outbox.retry(delivery.id, at + retryDelay(retry, attempts, random), result.reason);
    }
    renderer?.settled?.(delivery, { kind: "failed", at, reason: result.reason, final, gone: result.gone });
  }

  /** The message, when it may be asked for again, or how there is none. */
  async #render(delivery: Delivery, renderer: DeliveryRenderer | undefined): Promise<Message | Rest | SendResult> {
    if (renderer === undefined) return lost(`nobody renders deliveries of the kind ${delivery.kind}`);
    try {
      return (await renderer.render(delivery, this.#stopping.signal)) ?? nothing;
    } catch (thrown) {
      return { ok: false, reason: HubError.from(thrown).message, lasting: false, gone: false };
    }
  }

  async #send(message: Message, renderer: DeliveryRenderer | undefined): Promise<SendResult> {
    const scheme = URL.parse(message.url)?.protocol ?? "";
    const channel = (renderer?.channels ?? this.#options.channels).find(({ schemes }) => schemes.includes(scheme));
    if (channel === undefined) return lost(`there is no channel for ${scheme}`);
    try {
      return await channel.send(message, this.#stopping.signal);
    } catch (thrown) {
      return { ok: false, reason: HubError.from(thrown).message, lasting: false, gone: false };
    }
  }
}

const nothing: SendResult = { ok: true };
const lost = (reason: string): SendResult => ({ ok: false, reason, lasting: true, gone: false });
