import { HubError } from "../core/errors.ts";
import type { Reading } from "../core/reading.ts";
import type { Timers } from "./timers.ts";

export interface IntakeSettings {
  /** Readings handed on at once. */
  readonly batch: number;
  /** How long a reading waits for company, ms. */
  readonly wait: number;
  /** Readings that may wait; a connector that goes on pushing past them is refused with `overloaded`. */
  readonly capacity: number;
  /** Batches handed on and not yet committed: what comes while a commit is under way shares the next one. */
  readonly inFlight: number;
}

export const defaultIntakeSettings: IntakeSettings = { batch: 500, wait: 10, capacity: 20_000, inFlight: 32 };

interface Push {
  /** Readings of it whose commit has not been reported. */
  open: number;
  readonly settle: PromiseWithResolvers<void>;
}

/** A run of readings of one push: batches are cut across pushes without copying any reading twice. */
interface Run {
  readonly readings: readonly Reading[];
  start: number;
  readonly push: Push;
}

/** Gathers a source's pushes into batches, in order, and settles each push once all of it is committed. */
export class Intake {
  readonly #settings: IntakeSettings;
  readonly #timers: Timers;
  readonly #ingest: (readings: readonly Reading[]) => Promise<void>;
  #runs: Run[] = [];
  #waiting = 0;
  #flying = 0;
  #flyingReadings = 0;
  #cancelWait: (() => void) | undefined;
  #idle: PromiseWithResolvers<void> | undefined;
  batches = 0;
  refused = 0;
  failed = 0;

  constructor(settings: IntakeSettings, timers: Timers, ingest: (readings: readonly Reading[]) => Promise<void>) {
    this.#settings = settings;
    this.#timers = timers;
    this.#ingest = ingest;
  }

  /** Readings that are not committed yet. */
  get depth(): number {
    return this.#waiting + this.#flyingReadings;
  }

  /**
   * Resolves after the commit. Rejects with what refused the commit; with `overloaded` past the capacity (one push
   * larger than the capacity is taken where nothing else waits).
   */
  push(readings: readonly Reading[]): Promise<void> {
    if (readings.length === 0) return Promise.resolve();
    if (this.#waiting > 0 && this.#waiting + readings.length > this.#settings.capacity) {
      this.refused += readings.length;
      return Promise.reject(
        new HubError("overloaded", `${this.#waiting} readings wait already; the connector must wait for its pushes`),
      );
    }
    const push: Push = { open: readings.length, settle: Promise.withResolvers<void>() };
    // A refused commit ends the session (see `ingest`), also where a connector does not look at its push.
    push.settle.promise.catch(() => undefined);
    this.#runs.push({ readings, start: 0, push });
    this.#waiting += readings.length;
    this.#send(false);
    return push.settle.promise;
  }

  /** Hands on what waits, without waiting for company; resolves when all of it is settled. */
  flush(): Promise<void> {
    this.#send(true);
    if (this.depth === 0) return Promise.resolve();
    this.#idle ??= Promise.withResolvers<void>();
    return this.#idle.promise;
  }

  /** Gives up what waits: its pushes reject with `reason`. What is on its way to the store goes on. */
  drop(reason: HubError): void {
    const dropped = new Set(this.#runs.map((run) => run.push));
    this.#runs = [];
    this.#waiting = 0;
    this.#cancelWait?.();
    this.#cancelWait = undefined;
    for (const push of dropped) push.settle.reject(reason);
    this.#tellIdle();
  }

  #send(evenPart: boolean): void {
    while (this.#flying < this.#settings.inFlight && this.#waiting >= (evenPart ? 1 : this.#settings.batch)) {
      this.#hand();
    }
    if (this.#waiting > 0 && this.#cancelWait === undefined && this.#flying < this.#settings.inFlight) {
      this.#cancelWait = this.#timers.after(this.#settings.wait, () => {
        this.#cancelWait = undefined;
        this.#send(true);
      });
    }
  }

  #hand(): void {
    const batch: Reading[] = [];
    const parts: { push: Push; count: number }[] = [];
    let first = 0;
    while (batch.length < this.#settings.batch) {
      const run = this.#runs[first];
      if (run === undefined) break;
      const end = Math.min(run.readings.length, run.start + this.#settings.batch - batch.length);
      for (let index = run.start; index < end; index += 1) {
        const reading = run.readings[index];
        if (reading !== undefined) batch.push(reading);
      }
      parts.push({ push: run.push, count: end - run.start });
      run.start = end;
      if (end < run.readings.length) break;
      first += 1;
    }
    this.#runs.splice(0, first);
    this.#waiting -= batch.length;
    this.#flying += 1;
    this.#flyingReadings += batch.length;
    this.batches += 1;
    this.#ingest(batch).then(
      () => this.#settled(batch.length, parts, undefined),
      (thrown: unknown) => this.#settled(batch.length, parts, HubError.from(thrown)),
    );
  }

  #settled(count: number, parts: readonly { push: Push; count: number }[], error: HubError | undefined): void {
    this.#flying -= 1;
    this.#flyingReadings -= count;
    if (error !== undefined) this.failed += count;
    for (const { push, count: done } of parts) {
      push.open -= done;
      if (error !== undefined) push.settle.reject(error);
      else if (push.open === 0) push.settle.resolve();
    }
    // While batches were on their way the rest has waited long enough.
    this.#send(this.#waiting > 0 && this.#cancelWait === undefined);
    this.#tellIdle();
  }

  #tellIdle(): void {
    if (this.depth > 0) return;
    this.#idle?.resolve();
    this.#idle = undefined;
  }
}
