import type { Clock } from "../../../src/core/time.ts";
import type { CommitUnit, Store, StoreOptions, Stores } from "../../../src/store/contract.ts";
import type { Sample } from "../../../src/store/series-contract.ts";

/** Stores over new, empty storage. History may be brought together early, so that small tests reach it. */
export type StoreFactory = (options: StoreOptions, clock: Clock) => Promise<Stores>;

export const roomy: StoreOptions = { budget: 1024 ** 3, retention: 3_600_000, outboxBound: 1_000 };

/** A clock that stands until it is moved. */
export class ManualClock implements Clock {
  time = 1_000_000;

  now(): number {
    return this.time;
  }
}

/** What a suite of the contract works on: each test has a tenant of its own, in stores of the suite. */
export interface StoreFixture {
  readonly clock: ManualClock;
  readonly store: Store;
  readonly stores: Stores;
}

/** Registers the hooks that open and close; call it inside `describe`. */
export function storeFixture(factory: StoreFactory, options: Partial<StoreOptions> = {}): StoreFixture {
  const clock = new ManualClock();
  let stores: Stores | undefined;
  let store: Store | undefined;
  let tests = 0;
  before(async () => {
    stores = await factory({ ...roomy, ...options }, clock);
  });
  beforeEach(async () => {
    tests += 1;
    store = await stores?.open(`tenant-${tests}`, { create: true });
  });
  afterEach(async () => {
    await store?.close();
  });
  after(async () => {
    await stores?.close();
  });
  const opened = <T>(held: T | undefined): T => {
    if (held === undefined) throw new Error("the store is opened by a hook");
    return held;
  };
  return {
    clock,
    get store() {
      return opened(store);
    },
    get stores() {
      return opened(stores);
    },
  };
}

/** Commits units that must all succeed; gives their `seq`s. */
export async function commit(store: Store, units: readonly CommitUnit[], at = 1_000_000): Promise<readonly number[]> {
  const results = await store.commit(units, at);
  return results.map((result) => {
    if (!result.ok) throw result.error;
    return result.seq;
  });
}

export function sample(series: number, value: Sample["value"], more: Partial<Sample> = {}): Sample {
  return { series, value, quality: "good", at: 1_000, receivedAt: 1_001, live: true, record: true, ...more };
}

/** The code of the error that a promise ends with; fails where it does not. */
export async function errorCode(promise: Promise<unknown>): Promise<unknown> {
  try {
    await promise;
  } catch (error) {
    return error instanceof Error && "code" in error ? error.code : error;
  }
  throw new Error("expected an error");
}
