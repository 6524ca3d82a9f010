import type { DocumentRow } from "../../core/document.ts";
import { HubError } from "../../core/errors.ts";
import type { Filter } from "../../core/filter.ts";
import type { Clock } from "../../core/time.ts";
import type { Store } from "../../store/contract.ts";
import type { EvolutionHead } from "./evolution.ts";

const PAGE = 50;
/** Entities that one query looks at. */
const MOST_HEADS = 200_000;
/** What the body of a head says that never was more than a past; the store's own say nothing. */
export const ONLY_PAST = '{"only":"past"}';

/** Finds entities that have, or had, a temporal evolution: those that are there, and those that were. */
export class TemporalHeads {
  readonly #store: Store;
  readonly #clock: Clock;

  constructor(store: Store, clock: Clock) {
    this.#store = store;
    this.#clock = clock;
  }

  /** `present`: the core has it too. */
  async find(id: string): Promise<{ readonly head: EvolutionHead; readonly present: boolean } | undefined> {
    const entity = await this.#store.documents.get("entity", id);
    if (entity !== undefined && !this.#isOver(entity)) return { head: headOf(entity, true), present: true };
    const past = await this.#store.documents.get("evolution", id);
    if (past !== undefined) return { head: headOf(past, false), present: false };
    // Past its time, and not swept yet.
    return entity === undefined ? undefined : { head: headOf(entity, false), present: false };
  }

  /** A few at a time: those that are there first, each in the order in which they were made. Throws HubError `too-complex`. */
  async *list(filter: Filter | undefined, abort: AbortSignal): AsyncGenerator<readonly EvolutionHead[]> {
    let seen = 0;
    for (const collection of ["entity", "evolution"] as const) {
      let after: number | undefined;
      do {
        abort.throwIfAborted();
        const page = await this.#store.documents.list(collection, filter, {
          limit: PAGE,
          ...(after === undefined ? {} : { after }),
        });
        seen += page.items.length;
        if (seen > MOST_HEADS) throw new HubError("too-complex", `the query is about more than ${MOST_HEADS} entities`);
        if (page.items.length > 0) yield page.items.map((row) => headOf(row, collection === "entity"));
        after = page.next;
      } while (after !== undefined);
    }
  }

  #isOver({ expiresAt }: DocumentRow): boolean {
    return expiresAt !== undefined && expiresAt <= this.#clock.now();
  }
}

function headOf({ id, body, keys, createdAt, modifiedAt, expiresAt }: DocumentRow, present: boolean): EvolutionHead {
  const isGone = !present && body !== ONLY_PAST;
  return {
    id,
    types: keys.type ?? [],
    createdAt,
    modifiedAt,
    deletedAt: isGone ? (expiresAt ?? modifiedAt) : undefined,
    expiresAt: present && expiresAt !== undefined ? new Date(expiresAt).toISOString() : undefined,
  };
}
