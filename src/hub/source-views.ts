import { hash } from "node:crypto";
import type { BrowseNode, MethodFacts, PointFacts } from "../core/browse.ts";
import { HubError } from "../core/errors.ts";
import type { Clock } from "../core/time.ts";
import type { SourceView } from "../mapping/environment.ts";
import type { SourceDefinition, Southbound } from "../southbound/runtime.ts";
import type { RecordPort } from "../store/contract.ts";

export interface SourceViewParts {
  readonly definitions: readonly SourceDefinition[];
  readonly southbound: Southbound;
  /** Where what was discovered is remembered, so that a hub whose source is down at start still knows its twins. */
  readonly memory: RecordPort;
  readonly clock: Clock;
  readonly abort: AbortSignal;
}

/** Sources that were asked for something that neither they nor memory could answer. */
export type Unanswered = Set<string>;

export function createSourceViews(parts: SourceViewParts, unanswered: Unanswered): ReadonlyMap<string, SourceView> {
  const { southbound, memory, clock, abort } = parts;

  /** Asks the live source and remembers; else remembers. */
  async function ask<T>(source: string, question: string, live: () => Promise<T>, form: Form<T>): Promise<T> {
    const key = `${source}\n${question}`;
    try {
      const answer = await live();
      await memory.put(key, JSON.stringify(form.plain(answer)), clock.now());
      return answer;
    } catch (thrown) {
      const error = HubError.from(thrown);
      if (error.code !== "unreachable" && error.code !== "device-timeout") throw error;
      const row = await memory.get(key);
      if (row !== undefined) return form.back(JSON.parse(row.body));
      unanswered.add(source);
      throw error;
    }
  }

  return new Map(
    parts.definitions.map(({ name, type, config }) => [
      name,
      {
        type: type.type,
        addresses: type.addresses(config),
        browse: (pattern, limit) =>
          ask(name, `browse ${limit} ${pattern}`, () => southbound.browse(name, pattern, limit, abort), nodes),
        facts: (tags) =>
          ask(name, `facts ${hash("sha1", tags.join("\n"))}`, () => southbound.facts(name, tags, abort), facts),
        methods: (tags) =>
          ask(name, `methods ${hash("sha1", tags.join("\n"))}`, () => southbound.methods(name, tags, abort), methods),
      } satisfies SourceView,
    ]),
  );
}

interface Form<T> {
  plain(answer: T): unknown;
  back(plain: unknown): T;
}

const nodes: Form<readonly BrowseNode[]> = {
  plain: (answer) => answer,
  back: (plain) => plain as readonly BrowseNode[],
};

const facts: Form<ReadonlyMap<string, PointFacts>> = {
  plain: (answer) => [...answer],
  back: (plain) => new Map(plain as readonly (readonly [string, PointFacts])[]),
};

const methods: Form<ReadonlyMap<string, MethodFacts>> = {
  plain: (answer) => [...answer],
  back: (plain) => new Map(plain as readonly (readonly [string, MethodFacts])[]),
};
