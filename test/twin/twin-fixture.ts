import { mkdtemp, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import type { ArgumentValues } from "../../src/core/browse.ts";
import type { NewPart } from "../../src/core/document.ts";
import { HubError } from "../../src/core/errors.ts";
import type { Link } from "../../src/core/link.ts";
import { silentLogger } from "../../src/core/logger.ts";
import type { Plan, PlannedDocument } from "../../src/core/plan.ts";
import type { Reading } from "../../src/core/reading.ts";
import type { Scope } from "../../src/core/scope.ts";
import type { Value } from "../../src/core/value.ts";
import type { CommitUnit, NewDelivery, Store, Stores, UnitResult } from "../../src/store/contract.ts";
import { openSqliteStores } from "../../src/store/sqlite/sqlite-stores.ts";
import type { DevicePort, PendingChange } from "../../src/twin/contract.ts";
import { createTwin, type SweepableTwin } from "../../src/twin/twin.ts";

export const startTime = Date.parse("2026-11-22T12:00:00Z");

export class ManualClock {
  ms = startTime;
  now(): number {
    return this.ms;
  }
  advance(ms: number): void {
    this.ms += ms;
  }
}

/** A device whose answers the test writes. */
export class FakeDevice implements DevicePort {
  readonly written: { tag: string; value: Value }[] = [];
  readonly clock: ManualClock;
  refuse: HubError | undefined;
  refuseRead: HubError | undefined;
  /** What a read answers; `undefined`: what was written last. */
  answer: Value | undefined;

  constructor(clock: ManualClock) {
    this.clock = clock;
  }

  async write(_source: string, tag: string, value: Value): Promise<void> {
    if (this.refuse !== undefined) throw this.refuse;
    this.written.push({ tag, value });
  }

  async read(source: string, tag: string): Promise<Reading> {
    if (this.refuseRead !== undefined) throw this.refuseRead;
    const value = this.answer ?? this.written.at(-1)?.value ?? null;
    return { source, tag, value, quality: "good", sourceTime: this.clock.ms, receivedTime: this.clock.ms };
  }

  /** Gives back what it was given, and how long it was given. */
  async call(_source: string, method: string, inputs: ArgumentValues, timeout: number): Promise<ArgumentValues> {
    if (this.refuse !== undefined) throw this.refuse;
    return { ...inputs, method, timeout };
  }
}

export interface TwinFixture {
  readonly clock: ManualClock;
  readonly device: FakeDevice;
  readonly store: Store;
  readonly twin: SweepableTwin;
  /** What the matcher was shown, and what it answers. */
  readonly matched: PendingChange[];
  deliveries: readonly NewDelivery[];
  /** What the store says to every commit while it is set. */
  storeRefusal: HubError | undefined;
  /** A store that cannot carry out commits with such a unit, whatever it says about it. */
  faulty: ((unit: CommitUnit) => boolean) | undefined;
  /** Ends the twin and opens another one over the same files. */
  restart(): Promise<void>;
  close(): Promise<void>;
}

export async function twinFixture(): Promise<TwinFixture> {
  const directory = await mkdtemp(join(tmpdir(), "twinweave-twin-"));
  const clock = new ManualClock();
  const device = new FakeDevice(clock);
  const matched: PendingChange[] = [];
  const options = { budget: 1e9, retention: 30 * 86_400_000, outboxBound: 1000 };
  let stores: Stores;
  let inner: Store;
  let twin: SweepableTwin;

  const open = async (): Promise<void> => {
    stores = await openSqliteStores({ directory, options, clock, log: silentLogger });
    inner = await stores.open("default");
    const guarded = new Proxy(inner, {
      get(target, name) {
        if (name === "commit") return guardedCommit;
        const member: unknown = Reflect.get(target, name, target);
        return typeof member === "function" ? member.bind(target) : member;
      },
    });
    const matcher = {
      match: (change: PendingChange) => {
        matched.push(change);
        return fixture.deliveries;
      },
    };
    twin = createTwin({
      tenant: "default",
      store: guarded,
      devices: device,
      matcher,
      clock,
      log: silentLogger,
      sweepEvery: 0,
    });
  };
  const guardedCommit = async (units: readonly CommitUnit[], at: number): Promise<readonly UnitResult[]> => {
    if (fixture.storeRefusal !== undefined) throw fixture.storeRefusal;
    if (fixture.faulty !== undefined && units.some(fixture.faulty)) throw new HubError("internal", "SQLite says no");
    return inner.commit(units, at);
  };
  const shut = async (): Promise<void> => {
    await twin.close();
    await stores.close();
  };
  const fixture: TwinFixture = {
    clock,
    device,
    matched,
    deliveries: [],
    storeRefusal: undefined,
    faulty: undefined,
    get store() {
      return inner;
    },
    get twin() {
      return twin;
    },
    restart: async () => {
      await shut();
      await open();
    },
    close: async () => {
      await shut();
      await rm(directory, { recursive: true, force: true });
    },
  };
  await open();
  return fixture;
}

/** A link of the point `point` on source `plant`, shown at one element and one attribute. */
export function linkOf(point: string, changes: Partial<Link> = {}): Link {
  return {
    key: `default/pumps/P1/${point}`,
    point,
    asset: "P1",
    place: { file: "pumps.yaml", line: 10 },
    tag: { source: "plant", tag: `P1/${point}` },
    ends: [
      { collection: "submodel", document: "urn:sm:P1", part: point },
      { collection: "entity", document: "urn:ngsi-ld:Pump:P1", part: `https://example.org/${point}` },
    ],
    type: "double",
    decode: (value) => {
      if (typeof value !== "number") throw new HubError("invalid", `${String(value)} is no number`);
      return value;
    },
    quality: { bad: "hold", staleAfter: 30_000 },
    report: {},
    history: true,
    ...changes,
  };
}

export const writable: Partial<Link> = {
  write: { encode: (value) => value, min: 0, max: 110, confirm: "readback" },
};

export function planOf(links: readonly Link[], owner = "pumps.yaml", adopt = false): Plan {
  const documents = new Map<string, PlannedDocument>();
  for (const link of links) {
    for (const { collection, document, part } of link.ends) {
      const key = `${collection} ${document}`;
      const before = documents.get(key);
      documents.set(key, {
        collection,
        document: { id: document, body: `{"id":"${document}"}`, keys: {}, owner },
        parts: [...(before?.parts ?? []), partOf(part)],
        place: link.place,
        adopt,
      });
    }
  }
  return { tenant: "default", links, documents: [...documents.values()] };
}

export function partOf(key: string, body = `{"modelType":"Property","idShort":"${key}"}`): NewPart {
  return { key, name: key, kind: "Property", body };
}

export function reading(clock: ManualClock, point: string, value: Value, changes: Partial<Reading> = {}): Reading {
  const base = { source: "plant", tag: `P1/${point}`, value, quality: "good" } as const;
  return { ...base, sourceTime: clock.ms, receivedTime: clock.ms, ...changes };
}

export const scope: Scope = {
  tenant: "default",
  actor: { name: "test", rights: ["admin"] },
  requestId: "test",
  abort: new AbortController().signal,
};
