import { type OutsideEntry, touchedBy } from "../aas/registry/outside-entries.ts";
import type { Change } from "../core/change.ts";

/** What a registry was not told yet. */
export interface PendingEntries {
  readonly size: number;
  /** More changed than is remembered: everything has to be looked at. Reading it forgets it. */
  takeOverflow(): boolean;
  readonly overflowed: boolean;
  /** Remembers what a change touches; false: it touches nothing. */
  add(change: Change): boolean;
  /** Removes up to `limit` entries, or submodels whose shells show them. */
  take(limit: number): { readonly entries: readonly OutsideEntry[]; readonly submodels: readonly string[] };
  clear(): void;
}

/** @param bound changes remembered one by one */
export function createPendingEntries(bound: number): PendingEntries {
  const entries = new Map<string, OutsideEntry>();
  const submodels = new Set<string>();
  let overflowed = false;

  const full = (): boolean => entries.size + submodels.size >= bound;

  return {
    get size() {
      return entries.size + submodels.size;
    },
    get overflowed() {
      return overflowed;
    },
    takeOverflow() {
      const was = overflowed;
      overflowed = false;
      return was;
    },
    add({ mutations }) {
      let touches = false;
      for (const mutation of mutations) {
        const touched = touchedBy(mutation);
        for (const entry of touched.entries) entries.set(`${entry.kind}\n${entry.id}`, entry);
        if (touched.submodel !== undefined) submodels.add(touched.submodel);
        touches ||= touched.entries.length > 0 || touched.submodel !== undefined;
        if (!full()) continue;
        entries.clear();
        submodels.clear();
        overflowed = true;
      }
      return touches;
    },
    take(limit) {
      const some = [...entries].slice(0, limit);
      for (const [key] of some) entries.delete(key);
      const named = [...submodels].slice(0, limit);
      for (const id of named) submodels.delete(id);
      return { entries: some.map(([, entry]) => entry), submodels: named };
    },
    clear() {
      entries.clear();
      submodels.clear();
      overflowed = false;
    },
  };
}
