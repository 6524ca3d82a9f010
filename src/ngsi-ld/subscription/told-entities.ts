import type { EntityState } from "../entity/entity-state.ts";
import type { QualityNames } from "../entity/live-attribute.ts";
import { type JudgedEntity, judged } from "../query/entity-predicate.ts";
import type { EntityReader } from "../service/entity-reader.ts";
import { type ActiveSubscription, selects } from "./active-subscription.ts";
import type { ChangeNote, NotedDelta } from "./change-note.ts";
import { notedState } from "./entity-change.ts";
import { asNoted } from "./noted-signals.ts";

/** An entity that a notification tells of: as it stands, or that it is gone. */
export interface ToldEntity {
  readonly note: ChangeNote;
  /** Of all that is told, per instance: what it was first, what became of it last. */
  readonly deltas: readonly NotedDelta[];
  /** Undefined for a deleted entity. */
  readonly state: EntityState | undefined;
}

export interface ToldEntitiesParts {
  readonly reader: EntityReader;
  readonly names: QualityNames;
}

const MAX_HOPS = 10;

/** What notes of one subscription tell, an entity once: the last that is true of it (CIM 009 5.8.6). */
export async function toldEntities(
  notes: readonly ChangeNote[],
  active: ActiveSubscription,
  parts: ToldEntitiesParts,
): Promise<readonly ToldEntity[]> {
  const told: ToldEntity[] = [];
  for (const [, own] of Map.groupBy(notes, ({ entity }) => entity)) {
    const one = await toldEntity(own, active, parts);
    if (one !== undefined) told.push(one);
  }
  return told;
}

async function toldEntity(
  notes: readonly ChangeNote[],
  active: ActiveSubscription,
  parts: ToldEntitiesParts,
): Promise<ToldEntity | undefined> {
  const note = notes.at(-1);
  if (note === undefined) return undefined;
  const deltas = mergedDeltas(notes);
  if (note.deleted) {
    return note.open && !selects(active, note.entity, note.types) ? undefined : { note, deltas, state: undefined };
  }
  // A throttled notification shows the newest state that meets the conditions: it tells of changes that came after its note.
  const fresh =
    active.throttle === undefined && note.state !== undefined ? undefined : await parts.reader.find(note.entity);
  if (active.throttle !== undefined && fresh !== undefined && (await isWanted(fresh, active, parts))) {
    return { note, deltas, state: fresh };
  }
  const { state } = note;
  if (state !== undefined) {
    const was = notedState(note.entity, state, note.at);
    return note.open && !(await isWanted(was, active, parts)) ? undefined : { note, deltas, state: was };
  }
  if (fresh === undefined) return undefined;
  const was = asNoted(fresh, note);
  return note.open && !(await isWanted(was, active, parts)) ? undefined : { note, deltas, state: was };
}

/** Whether the subscription is about the entity as it stands, and its conditions hold. */
async function isWanted(state: EntityState, active: ActiveSubscription, parts: ToldEntitiesParts): Promise<boolean> {
  if (!selects(active, state.entity.id, state.entity.types)) return false;
  const { conditions } = active;
  if (conditions === undefined) return true;
  const entity = judged(state, parts.names);
  if (!conditions.looksAround) return conditions.passes(entity);
  // What linked entities say is read as far as it is asked for.
  const known = new Map<string, JudgedEntity | undefined>();
  for (let hops = 0; ; hops += 1) {
    const missing = new Set<string>();
    const holds = conditions.passes(entity, (id) => {
      if (!known.has(id)) missing.add(id);
      return known.get(id);
    });
    if (missing.size === 0 || hops >= MAX_HOPS) return holds;
    for (const id of missing) {
      const linked = await parts.reader.find(id);
      known.set(id, linked === undefined ? undefined : judged(linked, parts.names));
    }
  }
}

function mergedDeltas(notes: readonly ChangeNote[]): readonly NotedDelta[] {
  const byPart = new Map<string, NotedDelta>();
  for (const delta of notes.flatMap(({ deltas }) => deltas)) {
    const first = byPart.get(delta.part);
    const { previous: _later, ...rest } = delta;
    const before = first === undefined ? delta.previous : first.previous;
    const how = first?.how === "created" && delta.how === "updated" ? "created" : delta.how;
    byPart.set(delta.part, { ...rest, how, ...(before === undefined ? {} : { previous: before }) });
  }
  return [...byPart.values()];
}
