import type { DatabaseSync, StatementSync } from "node:sqlite";
import { type Collection, collections } from "../../core/document.ts";
import { HubError } from "../../core/errors.ts";
import type { Counters } from "./counters.ts";
import { DocumentWriter, type PastKeeper } from "./document-writer.ts";
import type { FileWriter } from "./file-writer.ts";
import type { OutboxWriter } from "./outbox-writer.ts";
import type { SignalWriter } from "./signal-writer.ts";
import type { WireError, WireUnit, WriteArgs } from "./write-calls.ts";

/** Carries out the units of commits, in the transaction of their group; each whole or not at all. */
export class UnitWriter {
  readonly documents: Readonly<Record<Collection, DocumentWriter>>;
  readonly #savepoint: StatementSync;
  readonly #rollback: StatementSync;
  readonly #release: StatementSync;
  readonly #counters: Counters;
  readonly #signals: SignalWriter;
  readonly #outbox: OutboxWriter;
  /** The group's next sample that no unit has taken. */
  #sample = 0;
  #units = 0;

  constructor(
    database: DatabaseSync,
    counters: Counters,
    signals: SignalWriter,
    outbox: OutboxWriter,
    files: FileWriter,
    past: PastKeeper,
  ) {
    this.#savepoint = database.prepare("SAVEPOINT unit");
    this.#rollback = database.prepare("ROLLBACK TO unit");
    this.#release = database.prepare("RELEASE unit");
    this.#counters = counters;
    this.#signals = signals;
    this.#outbox = outbox;
    const writers = collections.map((name) => {
      return [name, new DocumentWriter(database, name, files, name === "entity" ? past : undefined)];
    });
    this.documents = Object.fromEntries(writers) as Record<Collection, DocumentWriter>;
  }

  get units(): number {
    return this.#units;
  }

  /** The next sample that no unit has taken. */
  get sample(): number {
    return this.#sample;
  }

  begin(sample: number): void {
    this.#sample = sample;
  }

  commit({ units, at }: WriteArgs<"commit">): readonly (number | WireError)[] {
    return units.map((unit) => this.#unit(unit, at));
  }

  /** Passes over the samples of a call that is refused whole. */
  skip(units: readonly WireUnit[]): void {
    for (const unit of units) this.#sample += unit.samples;
  }

  #unit(unit: WireUnit, at: number): number | WireError {
    const from = this.#sample;
    this.#sample += unit.samples;
    const failure = this.#changeDocuments(unit, at);
    if (failure !== undefined) return { code: failure.code, message: failure.message };
    this.#signals.write(from, this.#sample, at);
    if (unit.deliveries !== undefined) this.#outbox.add(unit.deliveries, at);
    this.#units += 1;
    this.#counters.now.seq += 1;
    return this.#counters.now.seq;
  }

  /** Only documents can refuse, and only they may have half a unit to take back: so a savepoint is needed for no other. */
  #changeDocuments({ preconditions = [], mutations = [] }: WireUnit, at: number): HubError | undefined {
    if (preconditions.length === 0 && mutations.length === 0) return undefined;
    const moment = { at, seq: this.#counters.now.seq + 1 };
    this.#savepoint.run();
    try {
      for (const precondition of preconditions) this.documents[precondition.collection].check(precondition, at);
      for (const mutation of mutations) this.documents[mutation.collection].apply(mutation, moment);
    } catch (error) {
      // What SQLite itself throws ends the whole group.
      if (!(error instanceof HubError)) throw error;
      this.#rollback.run();
      this.#release.run();
      return error;
    }
    this.#release.run();
    return undefined;
  }
}
