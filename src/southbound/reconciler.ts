import { HubError } from "../core/errors.ts";
import type { Logger } from "../core/logger.ts";
import type { Connection } from "./contract.ts";
import { withDeadline } from "./deadline.ts";
import type { RuntimeSettings } from "./runtime-settings.ts";
import type { TagTable } from "./tag-table.ts";
import { pause, type Timers } from "./timers.ts";

/** One session with the way to end it from inside the hub. */
export interface Session {
  readonly connection: Connection;
  /** Fires when the session is over. */
  readonly over: AbortSignal;
  readonly fail: (error: HubError) => void;
}

export interface ReconcilerOptions {
  readonly source: string;
  readonly tags: TagTable;
  readonly timers: Timers;
  readonly settings: RuntimeSettings;
  readonly log: Logger;
}

const PROBLEMS_LOGGED = 20;

/** Brings a session's points to what is wanted; one pass at a time, a wish that comes meanwhile is seen by the next. */
export class Reconciler {
  readonly #options: ReconcilerOptions;
  #session: Session | undefined;
  #passes: Promise<void> | undefined;
  #again = false;

  constructor(options: ReconcilerOptions) {
    this.#options = options;
  }

  attach(session: Session): void {
    this.#session = session;
    this.reconcile();
    this.#retryProblems(session);
  }

  detach(): void {
    this.#session = undefined;
    this.#options.tags.sessionEnded();
  }

  reconcile(): void {
    this.#again = true;
    this.#passes ??= this.#run().finally(() => {
      this.#passes = undefined;
      if (this.#again && this.#session !== undefined) this.reconcile();
    });
  }

  async #run(): Promise<void> {
    const session = this.#session;
    while (this.#again && session !== undefined && session === this.#session) {
      this.#again = false;
      try {
        await this.#pass(session);
      } catch (thrown) {
        // A session that cannot be told its points is of no use; a new one starts from nothing.
        session.fail(HubError.from(thrown, "unreachable"));
        return;
      }
    }
  }

  async #pass(session: Session): Promise<void> {
    const { settings, timers, source, log, tags } = this.#options;
    const { add, remove } = tags.difference();
    if (add.length === 0 && remove.length === 0) return;
    const message = `${source} did not take its points`;
    const deadline = { ms: settings.subscribeTimeout, code: "unreachable" as const, message, timers };
    await withDeadline(deadline, [session.over], async (abort) => {
      if (remove.length > 0) await session.connection.unsubscribe(remove);
      if (session !== this.#session) return;
      tags.unsubscribed(remove);
      if (add.length === 0) return;
      const problems = await session.connection.subscribe(add, abort);
      if (session !== this.#session) return;
      tags.subscribed(add, problems);
      for (const { tag, error } of problems.slice(0, PROBLEMS_LOGGED)) {
        log.warn("point refused", { source, tag, code: error.code, error: error.message });
      }
    });
  }

  /** Slowly and for as long as the session lives: a node may appear. */
  #retryProblems(session: Session): void {
    void pause(this.#options.timers, this.#options.settings.problemRetry, session.over).then(() => {
      if (session.over.aborted) return;
      if (this.#options.tags.retryProblems()) this.reconcile();
      this.#retryProblems(session);
    });
  }
}
