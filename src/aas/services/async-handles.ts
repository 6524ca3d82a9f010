import { randomUUID } from "node:crypto";
import { abortable } from "../../core/abortable.ts";
import { HubError, type HubErrorCode, type Problem } from "../../core/errors.ts";
import type { Clock } from "../../core/time.ts";
import type { RecordPort } from "../../store/contract.ts";

/** What is known of one asynchronous job. */
export type AsyncJob =
  | { readonly state: "running" }
  | { readonly state: "completed"; readonly result: unknown }
  | { readonly state: "failed"; readonly error: HubError };

/** Durable handles of work that goes on after its request was answered: operations, bulk registrations. */
export interface AsyncHandles {
  /**
   * Starts `work` under a new handle that nobody can guess; the handle is stored when this resolves. What `work` gives
   * becomes the job's result, as JSON; what it throws, its error. Its signal fires when the hub stops.
   * @param topic what the job belongs to; the handle is found under the same topic alone
   * @throws HubError `overloaded` where as many jobs run as may be kept
   */
  start(topic: string, work: (abort: AbortSignal) => Promise<unknown>): Promise<string>;
  /** @throws HubError `not-found` for a handle that never was, has expired or belongs to another topic */
  job(topic: string, handle: string): Promise<AsyncJob>;
  /** Removes what has expired; called now and then by the hub. */
  sweep(): Promise<void>;
  /** Aborts what runs and waits until that has been noted. */
  close(): Promise<void>;
}

export interface AsyncHandleOptions {
  /** Handles kept; beyond it the one that finished first goes. */
  readonly bound: number;
  /** Milliseconds that a finished job's result is kept. */
  readonly keep: number;
}

const defaultHandleOptions: AsyncHandleOptions = { bound: 1_000, keep: 3_600_000 };

/** How a job stands in the store. */
interface StoredJob {
  readonly topic: string;
  readonly state: AsyncJob["state"];
  readonly finishedAt?: number;
  readonly result?: unknown;
  readonly error?: { readonly code: HubErrorCode; readonly message: string; readonly problems: readonly Problem[] };
}

/** What is remembered of a handle; results stay in the store. */
interface Entry {
  readonly topic: string;
  finishedAt?: number;
  /** A finished job that the store could not take yet. */
  unsaved?: StoredJob;
}

export interface AsyncHandleParts {
  readonly records: RecordPort;
  readonly clock: Clock;
}

/** Handles over a tenant's records; those of an earlier run are read before the first call is answered. */
export function createAsyncHandles(
  { records, clock }: AsyncHandleParts,
  { bound, keep }: AsyncHandleOptions = defaultHandleOptions,
): AsyncHandles {
  /** In order of finishing, those that run anywhere between. */
  const entries = new Map<string, Entry>();
  const running = new Set<Promise<void>>();
  const stopping = new AbortController();
  let loading: Promise<void> | undefined;

  async function loaded(): Promise<void> {
    loading ??= load();
    try {
      await loading;
    } catch (thrown) {
      loading = undefined;
      throw thrown;
    }
  }

  /** What an earlier run of the hub left: its running jobs ended with it. */
  async function load(): Promise<void> {
    let after = 0;
    for (;;) {
      const page = await records.list({ limit: 500, after });
      for (const { id, body } of page.items) {
        const job: StoredJob = JSON.parse(body);
        const known = job.state === "running" ? failed(job.topic, interrupted(), clock.now()) : job;
        if (known !== job) await records.put(id, JSON.stringify(known), clock.now());
        entries.set(id, { topic: job.topic, finishedAt: known.finishedAt ?? clock.now() });
      }
      if (page.next === undefined) return;
      after = page.next;
    }
  }

  async function makeRoom(): Promise<void> {
    while (entries.size >= bound) {
      const oldest = oldestFinished();
      if (oldest === undefined) {
        throw new HubError("overloaded", `${bound} asynchronous jobs are running already`, { retryAfter: 5 });
      }
      await remove(oldest);
    }
  }

  function oldestFinished(): string | undefined {
    let oldest: { readonly id: string; readonly at: number } | undefined;
    for (const [id, { finishedAt }] of entries) {
      if (finishedAt !== undefined && (oldest === undefined || finishedAt < oldest.at)) oldest = { id, at: finishedAt };
    }
    return oldest?.id;
  }

  async function remove(id: string): Promise<void> {
    entries.delete(id);
    await records.delete(id);
  }

  async function follow(id: string, entry: Entry, work: (abort: AbortSignal) => Promise<unknown>): Promise<void> {
    const job = await outcome(entry.topic, work);
    entry.finishedAt = clock.now();
    entry.unsaved = { ...job, finishedAt: entry.finishedAt };
    await save(id, entry).catch((thrown) => {
      // Tried again by each sweep; until then it is answered from here. What can never be kept is said instead.
      const error = HubError.from(thrown);
      if (error.code !== "too-large" && error.code !== "invalid") return;
      entry.unsaved = failed(entry.topic, error, entry.finishedAt ?? clock.now());
    });
  }

  async function outcome(topic: string, work: (abort: AbortSignal) => Promise<unknown>): Promise<StoredJob> {
    try {
      return { topic, state: "completed", result: (await abortable(work(stopping.signal), stopping.signal)) ?? null };
    } catch (thrown) {
      return failed(topic, stopping.signal.aborted ? interrupted() : HubError.from(thrown), clock.now());
    }
  }

  async function save(id: string, entry: Entry): Promise<void> {
    if (entry.unsaved === undefined) return;
    await records.put(id, JSON.stringify(entry.unsaved), clock.now());
    delete entry.unsaved;
  }

  const expired = ({ finishedAt }: Entry): boolean => finishedAt !== undefined && finishedAt + keep <= clock.now();

  return {
    async start(topic, work) {
      await loaded();
      if (stopping.signal.aborted) throw interrupted();
      await makeRoom();
      const id = randomUUID();
      const entry: Entry = { topic };
      entries.set(id, entry);
      try {
        await records.put(id, JSON.stringify({ topic, state: "running" } satisfies StoredJob), clock.now());
      } catch (thrown) {
        entries.delete(id);
        throw thrown;
      }
      const following = follow(id, entry, work).finally(() => running.delete(following));
      running.add(following);
      return id;
    },
    async job(topic, handle) {
      await loaded();
      const entry = entries.get(handle);
      if (entry === undefined || entry.topic !== topic || expired(entry)) throw noHandle(handle);
      if (entry.finishedAt === undefined) return { state: "running" };
      if (entry.unsaved !== undefined) return jobOf(entry.unsaved);
      const row = await records.get(handle);
      if (row === undefined) throw noHandle(handle);
      return jobOf(JSON.parse(row.body));
    },
    async sweep() {
      await loaded();
      for (const [id, entry] of entries) {
        if (expired(entry)) await remove(id);
        else await save(id, entry);
      }
    },
    async close() {
      stopping.abort();
      await Promise.all(running);
    },
  };
}

function failed(topic: string, { code, message, problems }: HubError, finishedAt: number): StoredJob {
  return { topic, state: "failed", finishedAt, error: { code, message, problems } };
}

function jobOf({ state, result, error }: StoredJob): AsyncJob {
  if (state === "running") return { state };
  if (state === "completed") return { state, result };
  const { code, message, problems } = error ?? interrupted();
  return { state, error: new HubError(code, message, { problems }) };
}

const interrupted = (): HubError =>
  new HubError("aborted", "the hub was restarted while this was running: how far it came is not known");

const noHandle = (handle: string): HubError =>
  new HubError("not-found", `there is no asynchronous job ${JSON.stringify(handle.slice(0, 100))}, or no longer`);
