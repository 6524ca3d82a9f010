import type { IPublishPacket } from "mqtt";
import type { Reading } from "../../core/reading.ts";

/** Messages that make one batch; what is acknowledged at once stays a steady flow. */
const BATCH = 1000;
/** Octets of payload that may wait for a commit. */
const MAX_BYTES = 32 * 1024 * 1024;

export interface Message {
  readonly packet: IPublishPacket;
  readonly receivedTime: number;
}

export interface InboxPorts {
  readonly decode: (message: Message) => readonly Reading[];
  /** Resolves after the commit. */
  readonly push: (readings: readonly Reading[]) => Promise<void>;
  readonly acknowledge: (packet: IPublishPacket) => void;
  /** The hub takes no more: the session has to end. */
  readonly failed: (error: unknown) => void;
}

/**
 * Messages between their arrival and their acknowledgement. One batch at a time is being committed; what comes
 * meanwhile is the next. Where too much waits, the next message is not asked for, and TCP holds the broker back.
 */
export class Inbox {
  readonly #ports: InboxPorts;
  readonly #maxMessages: number;
  #waiting: Message[] = [];
  #count = 0;
  #bytes = 0;
  #open = false;
  #closed = false;
  #heldBack: (() => void) | undefined;
  #flushing: Promise<void> | undefined;

  constructor(ports: InboxPorts, maxMessages: number) {
    this.#ports = ports;
    this.#maxMessages = maxMessages;
  }

  /** Whether the connection is held back. */
  get full(): boolean {
    return this.#heldBack !== undefined;
  }

  /** Takes a message; calls `next` when there is room for another. */
  offer(message: Message, next: () => void): void {
    if (this.#closed) return;
    this.#waiting.push(message);
    this.#count += 1;
    this.#bytes += message.packet.payload.length;
    if (this.#count >= this.#maxMessages || this.#bytes >= MAX_BYTES) this.#heldBack = next;
    else next();
    this.#schedule();
  }

  /** Before this nothing is decoded: a resumed session delivers before anybody could say which points there are. */
  open(): void {
    this.#open = true;
    this.#schedule();
  }

  /** Takes no more and drops what was not given to the hub yet: it is not acknowledged. Resolves after the last commit. */
  async close(): Promise<void> {
    this.#closed = true;
    this.#waiting = [];
    this.#heldBack = undefined;
    await this.#flushing;
  }

  #schedule(): void {
    if (!this.#open || this.#closed || this.#flushing || this.#waiting.length === 0) return;
    this.#flushing = this.#flush().finally(() => {
      this.#flushing = undefined;
      this.#schedule();
    });
  }

  async #flush(): Promise<void> {
    // Everything that came with the same piece of the stream goes into one batch.
    await new Promise((resolve) => setImmediate(resolve));
    const batch = this.#waiting.splice(0, BATCH);
    const readings = batch.flatMap((message) => this.#ports.decode(message));
    try {
      if (readings.length > 0) await this.#ports.push(readings);
    } catch (error) {
      this.#closed = true;
      this.#ports.failed(error);
      return;
    }
    for (const { packet } of batch) {
      this.#ports.acknowledge(packet);
      this.#count -= 1;
      this.#bytes -= packet.payload.length;
    }
    this.#release();
  }

  #release(): void {
    if (this.#count >= this.#maxMessages || this.#bytes >= MAX_BYTES) return;
    const next = this.#heldBack;
    this.#heldBack = undefined;
    next?.();
  }
}
