import { HubError, type HubErrorCode } from "../core/errors.ts";
import type { Logger } from "../core/logger.ts";
import type { Clock } from "../core/time.ts";
import type { CommitPort, UnitResult } from "../store/contract.ts";
import { type Batch, stampAll } from "./batch.ts";
import { waitFor } from "./wait-for.ts";

/** Refusals that heal by themselves or by an operator's hand: worth waiting for, whatever is to be committed. */
const healing: ReadonlySet<HubErrorCode> = new Set(["store-full", "store-busy", "overloaded"]);

export interface PatientCommitParts {
  readonly store: CommitPort;
  readonly clock: Clock;
  readonly log: Logger;
  /** Ms until a refused commit is tried again. */
  readonly retryAfter: number;
  readonly closing: AbortSignal;
}

export interface PatientCommit {
  /**
   * A result for each batch. Waits while the store as a whole refuses: nothing is lost. What only some batches cause
   * is their result. `undefined` where the twin closes while it waits.
   */
  commit(batches: readonly Batch[]): Promise<readonly UnitResult[] | undefined>;
  /** What the store says, and since when, while it refuses everything. */
  readonly refusal: { readonly error: HubError; readonly since: number } | undefined;
}

export function createPatientCommit({ store, clock, log, retryAfter, closing }: PatientCommitParts): PatientCommit {
  let refusal: PatientCommit["refusal"];

  async function commit(batches: readonly Batch[]): Promise<readonly UnitResult[] | undefined> {
    for (;;) {
      const at = clock.now();
      for (const batch of batches) stampAll(batch, at);
      try {
        const results = await store.commit(
          batches.map(({ unit }) => unit),
          at,
        );
        refusal = undefined;
        return results;
      } catch (thrown) {
        const error = HubError.from(thrown);
        if (!healing.has(error.code) && (await takesAnything())) return oneByOne(batches, error);
        if (refusal?.error.code !== error.code)
          log.error("readings wait: the store refuses", { code: error.code, reason: error.message });
        refusal = { error, since: refusal?.since ?? at };
        if (!(await waitFor(retryAfter, closing))) return undefined;
      }
    }
  }

  /** Whether the store carries out a commit of nothing: if it does, the fault lies in what it was given. */
  async function takesAnything(): Promise<boolean> {
    try {
      await store.commit([], clock.now());
      return true;
    } catch {
      return false;
    }
  }

  async function oneByOne(batches: readonly Batch[], error: HubError): Promise<readonly UnitResult[] | undefined> {
    if (batches.length <= 1) return batches.map(() => ({ ok: false, error }));
    const results: UnitResult[] = [];
    for (const batch of batches) {
      const result = await commit([batch]);
      if (result === undefined) return undefined;
      results.push(...result);
    }
    return results;
  }

  return {
    commit,
    get refusal() {
      return refusal;
    },
  };
}
