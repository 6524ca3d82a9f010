import type { Reading } from "../core/reading.ts";
import type { SourceSink } from "../southbound/supervised-source.ts";
import type { Twin } from "../twin/contract.ts";

export interface ReadingRouter {
  /** Which tenants' twins want the readings of a source; told anew when plans are applied. */
  route(source: string, twins: readonly Twin[]): void;
  sinkFor(source: string): SourceSink;
}

/** Shares the readings of a source out to the twins of the tenants that map it. */
export function createReadingRouter(): ReadingRouter {
  const routes = new Map<string, readonly Twin[]>();
  /** The last sign of life of each source that is there: a twin that joins later hears of it too. */
  const alive = new Map<string, number>();
  const twinsOf = (source: string): readonly Twin[] => routes.get(source) ?? [];
  return {
    route(source, twins) {
      const before = new Set(twinsOf(source));
      routes.set(source, twins);
      const at = alive.get(source);
      if (at === undefined) return;
      for (const twin of twins) if (!before.has(twin)) twin.alive(source, at);
    },
    sinkFor: (name) => ({
      ingest: async (readings: readonly Reading[]) => {
        const twins = twinsOf(name);
        const [only] = twins;
        // What nobody maps is done with: it may be acknowledged.
        if (twins.length === 1 && only !== undefined) await only.ingest(readings);
        else await Promise.all(twins.map((twin) => twin.ingest(readings)));
      },
      alive: (source, at) => {
        alive.set(source, at);
        for (const twin of twinsOf(source)) twin.alive(source, at);
      },
      lost: (source) => {
        alive.delete(source);
        for (const twin of twinsOf(source)) twin.lost(source);
      },
    }),
  };
}
