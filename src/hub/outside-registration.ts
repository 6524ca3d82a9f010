import { setTimeout } from "node:timers/promises";
import type { EntryRoots } from "../aas/registry/entry-roots.ts";
import type { OutsideClient } from "../aas/registry/outside-client.ts";
import { entryText, goneOf, heldEntries, type OutsideEntry, shellsNaming } from "../aas/registry/outside-entries.ts";
import type { Change } from "../core/change.ts";
import { HubError } from "../core/errors.ts";
import type { Logger } from "../core/logger.ts";
import type { Clock } from "../core/time.ts";
import { type RetryPolicy, retryDelay } from "../deliver/retry-policy.ts";
import type { RegistryStatus } from "../northbound/admin/ports.ts";
import type { DocumentPort, RecordPort } from "../store/contract.ts";
import { createPendingEntries } from "./pending-entries.ts";
import { createRegisteredEntries, digestOf } from "./registered-entries.ts";

export interface OutsideRegistrationParts {
  /** The registry's name in the configuration. */
  readonly registry: string;
  readonly tenant: string;
  readonly client: OutsideClient;
  readonly documents: DocumentPort;
  /** Records of kind `registration`. */
  readonly records: RecordPort;
  /** Where clients reach the hub, as far as is known now. */
  readonly roots: () => EntryRoots;
  readonly clock: Clock;
  readonly log: Logger;
  readonly retry?: RetryPolicy;
  /** Changes remembered one by one; beyond it everything is looked at again, so that nothing is lost. */
  readonly bound?: number;
}

/** Keeps what one tenant holds registered in one outside registry. */
export interface OutsideRegistration {
  /** Tells what differs from what was told last, then every change. */
  start(): void;
  changed(change: Change): void;
  readonly status: RegistryStatus;
  /** Tells everything anew, whatever was told before. */
  registerAll(): void;
  /** Takes everything back; nothing is told any more until `registerAll` or the next start. @throws HubError `unreachable` */
  withdraw(abort: AbortSignal): Promise<void>;
  close(): Promise<void>;
}

/** Requests under way at a time. */
const sideBySide = 8;
/** Changes told in one go. */
const batchSize = 100;
const defaultRetry: RetryPolicy = { first: 500, longest: 60_000, tries: Number.POSITIVE_INFINITY };

/**
 * What was told is remembered with a digest, so that a start tells only what differs, and takes back what was deleted
 * while the hub was away. A registry that is away is tried again for ever, with growing pauses.
 */
export function createOutsideRegistration(parts: OutsideRegistrationParts): OutsideRegistration {
  const { registry, tenant, client, documents, clock, log, roots, retry = defaultRetry, bound = 10_000 } = parts;
  const told = createRegisteredEntries(parts.records, registry, clock);
  const pending = createPendingEntries(bound);
  const stopping = new AbortController();
  let state: RegistryStatus["state"] = "starting";
  let wanted: "nothing" | "differences" | "everything" = "differences";
  let wake = Promise.withResolvers<void>();
  let pausing = new AbortController();
  let working: Promise<void> = Promise.resolve();
  let running: Promise<void> | undefined;
  let requests = 0;
  let failures = 0;
  let lastError: RegistryStatus["lastError"];

  function note(reason: string): void {
    if (lastError?.message !== reason) log.warn(`registry ${registry}: ${reason}`, { tenant });
    lastError = { message: reason, at: clock.now() };
  }

  /** False: it has to be tried again. */
  async function settle(entry: OutsideEntry, anew: boolean, abort: AbortSignal): Promise<boolean> {
    const text = await entryText(documents, entry, roots());
    const before = await told.get(entry);
    if (text === undefined) return before === undefined || (await takeBack(entry, before.there, abort));
    const digest = digestOf(text);
    if (!anew && before?.digest === digest && before.refused === undefined) return true;
    requests += 1;
    const answer = await client.put(entry.kind, entry.id, text, abort);
    if (answer.kind === "done") await told.set(entry, { digest, there: true });
    else note(answer.reason);
    if (answer.kind === "refused") {
      await told.set(entry, { digest, there: before?.there === true, refused: answer.reason });
    }
    if (answer.kind === "failed") failures += 1;
    return answer.kind !== "failed";
  }

  async function takeBack(entry: OutsideEntry, there: boolean, abort: AbortSignal): Promise<boolean> {
    if (there) {
      requests += 1;
      const answer = await client.remove(entry.kind, entry.id, abort);
      if (answer.kind !== "done") note(answer.reason);
      if (answer.kind === "failed") failures += 1;
      if (answer.kind === "failed") return false;
    }
    await told.set(entry, undefined);
    return true;
  }

  /** Settles all of these, however long the registry is away, or until everything is withdrawn. */
  async function settleAll(entries: readonly OutsideEntry[], anew: boolean): Promise<void> {
    let left = entries.filter(({ kind }) => client.takes(kind));
    for (let failed = 0; left.length > 0 && state !== "withdrawn"; ) {
      const batch = left.slice(0, sideBySide);
      const done = await Promise.all(batch.map((entry) => settle(entry, anew, stopping.signal)));
      const again = batch.filter((_, index) => done[index] === false);
      left = [...again, ...left.slice(sideBySide)];
      failed = again.length === 0 ? 0 : failed + 1;
      if (failed > 0) await pause(failed);
    }
  }

  async function pause(failed: number): Promise<void> {
    if (state === "withdrawn") return;
    state = "waiting";
    const signal = AbortSignal.any([stopping.signal, pausing.signal]);
    await setTimeout(retryDelay(retry, failed, Math.random), undefined, { ref: false, signal }).catch(() => undefined);
    if (state === "waiting") state = "registering";
    stopping.signal.throwIfAborted();
  }

  async function reconcile(anew: boolean): Promise<void> {
    await told.load();
    for await (const page of heldEntries(documents)) await settleAll(page, anew);
    for await (const page of told.pages()) await settleAll(await goneOf(documents, page), false);
  }

  async function work(): Promise<void> {
    if (pending.takeOverflow() && wanted === "nothing") wanted = "differences";
    if (wanted !== "nothing") {
      const how = wanted;
      wanted = "nothing";
      await reconcile(how === "everything").catch((thrown) => {
        wanted = how;
        throw thrown;
      });
      return;
    }
    const { entries, submodels } = pending.take(batchSize);
    await settleAll(entries, false);
    for (const submodel of submodels) await settleAll(await shellsNaming(documents, submodel), false);
  }

  async function run(): Promise<void> {
    for (let failed = 0; !stopping.signal.aborted; ) {
      if (state === "withdrawn" || (wanted === "nothing" && pending.size === 0 && !pending.overflowed)) {
        if (state !== "withdrawn") state = "idle";
        await wake.promise;
        wake = Promise.withResolvers();
        continue;
      }
      state = "registering";
      try {
        working = work();
        await working;
        failed = 0;
      } catch (thrown) {
        if (stopping.signal.aborted) return;
        // The store's failure, not the registry's: what was being told is not known, so all is looked at again.
        if (wanted === "nothing") wanted = "differences";
        note(HubError.from(thrown).message);
        await pause(++failed).catch(() => undefined);
      }
    }
  }

  return {
    start() {
      running ??= run();
    },
    changed(change) {
      if (state !== "withdrawn" && pending.add(change)) wake.resolve();
    },
    get status() {
      const error = lastError === undefined ? {} : { lastError };
      const counts = { registered: told.registered, refused: told.refused, pending: pending.size, requests, failures };
      return { registry, tenant, state, ...counts, everything: wanted !== "nothing" || pending.overflowed, ...error };
    },
    registerAll() {
      wanted = "everything";
      pausing = new AbortController();
      if (state === "withdrawn") state = "registering";
      wake.resolve();
    },
    async withdraw(abort) {
      state = "withdrawn";
      pausing.abort();
      await working.catch(() => undefined);
      pending.clear();
      wanted = "nothing";
      await told.load();
      for await (const page of told.pages()) {
        for (const entry of page) {
          if (await takeBack(entry, (await told.get(entry))?.there === true, abort)) continue;
          const reason = lastError?.message ?? "the registry is away";
          throw new HubError("unreachable", `${told.registered} entries are still registered: ${reason}`);
        }
      }
    },
    async close() {
      stopping.abort();
      wake.resolve();
      await running;
      state = "stopped";
    },
  };
}
