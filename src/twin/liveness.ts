import type { Draft } from "./accept-reading.ts";
import { drafted } from "./accept-reading.ts";
import type { LinkIndex } from "./link-index.ts";
import type { LinkState, Staleness } from "./link-state.ts";
import type { AcceptedDraft } from "./signal-writer.ts";

/** What the hub knows of each source's life (rule 8). */
export interface Liveness {
  /** A sign of life of the source as a whole. */
  alive(source: string, at: number): void;
  lost(source: string, at: number): void;
  /** What has aged, or turned out to be alive after all, since the last look. Marks it. */
  sweep(index: LinkIndex, now: number): readonly AcceptedDraft[];
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
}

/** @param startedAt the start counts as a loss: what was good before a restart may not be now */
export function createLiveness(startedAt: number): Liveness {
  const sources = new Map<string, SourceLife>();
  const counts = new Map<string, number>();

  function lifeOf(source: string): SourceLife {
    let life = sources.get(source);
    if (life === undefined) {
      life = { aliveAt: 0, lost: true, lostAt: startedAt, suspect: true };
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
      const drafts: AcceptedDraft[] = [];
      for (const [source, { states, soonestStale }] of index.bySource) {
        const life = lifeOf(source);
        if (!life.suspect && now - life.aliveAt < soonestStale) continue;
        let stale = 0;
        for (const state of states) {
          const judged = judge(state, life, now);
          if (judged !== state.staleness) {
            const before = state.accepted;
            const draft = flip(state, judged, now);
            if (draft !== undefined) drafts.push({ state, draft, live: true, before });
          }
          if (state.staleness !== "fresh") stale += 1;
        }
        life.suspect = life.lost || stale > 0;
        counts.set(source, stale);
      }
      return drafts;
    },
    get stale() {
      let sum = 0;
      for (const count of counts.values()) sum += count;
      return sum;
    },
  };
}

function judge(state: LinkState, life: SourceLife, now: number): Staleness {
  // After a loss the source's sign of life says nothing of a link until the link itself was heard again.
  const heard = !life.lost && state.seenAt > life.lostAt;
  const silent = now - (heard ? Math.max(state.seenAt, life.aliveAt) : state.seenAt);
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
  return drafted(last.value, judged, judged === "bad" ? "Stale" : "SourceLost", last.at, last.receivedAt);
}
