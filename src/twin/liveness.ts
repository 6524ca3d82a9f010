import type { LinkIndex } from "./link-index.ts";
import type { LinkState, Staleness } from "./link-state.ts";
import { type Draft, drafted, type PendingState, supersede } from "./pending-state.ts";

/** What the hub knows of each source's life (rule 8). */
export interface Liveness {
  /** A sign of life of the source as a whole. */
  alive(source: string, at: number): void;
  lost(source: string, at: number): void;
  /** What has aged, or turned out to be alive after all, since the last look. Marks it. */
  sweep(index: LinkIndex, now: number): readonly PendingState[];
  /** Links that are stale now. */
  readonly stale: number;
}

interface SourceLife {
  aliveAt: number;
  lost: boolean;
  /** When it was last lost; the start counts as a loss. */
  lostAt: number;
  /** Some link is not fresh, or might not be: look at each. */
  suspect: boolean;
  /** Links that were stale at the last look. */
  stale: number;
}

/** @param startedAt the start counts as a loss: what was good before a restart may not be now */
export function createLiveness(startedAt: number): Liveness {
  const sources = new Map<string, SourceLife>();
  let looked: { readonly index: LinkIndex; readonly at: number } | undefined;

  function lifeOf(source: string): SourceLife {
    let life = sources.get(source);
    if (life === undefined) {
      life = { aliveAt: 0, lost: true, lostAt: startedAt, suspect: true, stale: 0 };
      sources.set(source, life);
    }
    return life;
  }

  return {
    alive(source, at) {
      const life = lifeOf(source);
      if (life.lost) life.suspect = true;
      life.lost = false;
      life.aliveAt = Math.max(life.aliveAt, at);
    },
    lost(source, at) {
      const life = lifeOf(source);
      life.lost = true;
      life.lostAt = at;
      life.suspect = true;
    },
    sweep(index, now) {
      // Another plan, or a clock that was set back: nothing is taken for granted.
      const anew = looked?.index !== index || now < looked.at;
      looked = { index, at: now };
      for (const [source, life] of sources) {
        life.aliveAt = Math.min(life.aliveAt, now);
        life.lostAt = Math.min(life.lostAt, now);
        if (!index.bySource.has(source)) life.stale = 0;
      }
      const flips: PendingState[] = [];
      for (const [source, { states, soonestStale }] of index.bySource) {
        const life = lifeOf(source);
        if (!anew && !life.suspect && now - life.aliveAt < soonestStale) continue;
        flips.push(...look(states, life, now));
      }
      return flips;
    },
    get stale() {
      let sum = 0;
      for (const life of sources.values()) sum += life.stale;
      return sum;
    },
  };
}

function look(states: readonly LinkState[], life: SourceLife, now: number): readonly PendingState[] {
  const flips: PendingState[] = [];
  let stale = 0;
  for (const state of states) {
    // Seen in the future is seen before the clock was set back: silence counts from here.
    state.seenAt = Math.min(state.seenAt, now);
    const judged = judge(state, life, now);
    if (judged !== state.staleness) {
      const draft = flip(state, judged, now);
      if (draft !== undefined) flips.push(supersede(state, draft, now));
    }
    if (state.staleness !== "fresh") stale += 1;
  }
  life.stale = stale;
  life.suspect = life.lost || stale > 0;
  return flips;
}

function judge(state: LinkState, life: SourceLife, now: number): Staleness {
  // After a loss the source's sign of life says nothing of a link until the link itself was heard again.
  const heard = !life.lost && state.seenAt > life.lostAt;
  // What was not heard since it was joined is as old as the signal that it brought along.
  const lastHeard = state.seenAt > 0 ? state.seenAt : (state.accepted?.receivedAt ?? 0);
  const silent = now - (heard ? Math.max(state.seenAt, life.aliveAt) : lastHeard);
  if (silent >= state.link.quality.staleAfter) return "bad";
  if (heard) return "fresh";
  return state.staleness === "bad" ? "bad" : "uncertain";
}

/** Quality changes, value and its time do not (rule 8). */
function flip(state: LinkState, judged: Staleness, now: number): Draft | undefined {
  state.staleness = judged;
  const last = state.accepted;
  if (last === undefined) return undefined;
  if (judged === "fresh") return drafted(last.value, state.device.quality, state.device.code, last.at, now);
  if (state.device.quality === "bad") return undefined;
  const code = judged === "bad" ? "Stale" : "SourceLost";
  if (last.quality === judged && last.code === code) return undefined;
  return drafted(last.value, judged, code, last.at, last.receivedAt);
}
