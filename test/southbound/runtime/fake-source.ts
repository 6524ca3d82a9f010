import { Type } from "typebox";
import type { HubError } from "../../../src/core/errors.ts";
import type { Reading } from "../../../src/core/reading.ts";
import type { Value } from "../../../src/core/value.ts";
import type {
  Connection,
  ConnectorType,
  Sink,
  TagProblem,
  TagRequest,
  TrustInbox,
} from "../../../src/southbound/contract.ts";

/** One session of the fake source, as the test sees it. */
export class FakeSession implements Connection {
  readonly sink: Sink;
  readonly points = new Map<string, TagRequest>();
  readonly written: { readonly tag: string; readonly value: Value }[] = [];
  readonly #end = Promise.withResolvers<HubError | undefined>();
  readonly lost = this.#end.promise;
  readonly #source: FakeSource;
  closed = 0;

  constructor(source: FakeSource, sink: Sink) {
    this.#source = source;
    this.sink = sink;
    if (!source.hasMethods) return;
    this.methods = async (methods) => new Map(methods.map((method) => [method, { inputs: [], outputs: [] }]));
    this.call = async (_method, inputs) => (source.silent ? Promise.withResolvers<never>().promise : inputs);
  }

  lose(error: HubError): void {
    this.#end.resolve(error);
  }

  async subscribe(tags: readonly TagRequest[]): Promise<readonly TagProblem[]> {
    this.#source.subscribeCalls += 1;
    if (this.#source.subscribing !== undefined) await this.#source.subscribing;
    const problems: TagProblem[] = [];
    for (const request of tags) {
      const error = this.#source.refuses.get(request.tag);
      if (error === undefined) this.points.set(request.tag, request);
      else problems.push({ tag: request.tag, error });
    }
    return problems;
  }

  async unsubscribe(tags: readonly string[]): Promise<void> {
    for (const tag of tags) this.points.delete(tag);
  }

  async read(tags: readonly string[]): Promise<readonly Reading[]> {
    return tags.map((tag) => reading(tag, 1));
  }

  async write(tag: string, value: Value): Promise<void> {
    // A device that says nothing: the promise stays open.
    if (this.#source.silent) return Promise.withResolvers<void>().promise;
    this.written.push({ tag, value });
  }

  async browse(pattern: string) {
    return [{ address: pattern, name: pattern, path: pattern, kind: "folder" as const }];
  }

  async facts() {
    return new Map();
  }

  /** Only where the source has methods; the values come back as they were given. */
  call?: NonNullable<Connection["call"]>;
  methods?: NonNullable<Connection["methods"]>;

  async close(): Promise<void> {
    this.closed += 1;
    this.#end.resolve(undefined);
    if (this.#source.silent) await Promise.withResolvers<void>().promise;
  }
}

export class FakeSource {
  readonly sessions: FakeSession[] = [];
  readonly refuses = new Map<string, HubError>();
  connects = 0;
  subscribeCalls = 0;
  /** Refuses connections with this. */
  down: HubError | undefined;
  /** Answers nothing. */
  silent = false;
  /** Subscriptions wait for it. */
  subscribing: Promise<void> | undefined;
  hasMethods = false;
  inbox: TrustInbox | undefined;
  liveness: ConnectorType["liveness"] = "source";

  get session(): FakeSession {
    const last = this.sessions.at(-1);
    if (last === undefined) throw new Error("there was no session");
    return last;
  }

  type(): ConnectorType {
    return {
      type: "fake",
      title: "Fake",
      description: "For tests",
      liveness: this.liveness,
      config: Type.Unknown(),
      addressSchema: Type.String(),
      examples: { source: "", addresses: [] },
      addresses: () => ({ parse: (from) => ({ tag: String(from) }) }),
      create: () => ({
        ...(this.inbox && { trust: this.inbox }),
        connect: async (sink) => {
          this.connects += 1;
          if (this.silent) return Promise.withResolvers<Connection>().promise;
          if (this.down !== undefined) throw this.down;
          const session = new FakeSession(this, sink);
          this.sessions.push(session);
          return session;
        },
      }),
    };
  }
}

export function reading(tag: string, value: Value): Reading {
  return { source: "fake", tag, value, quality: "good", receivedTime: 1_800_000_000_000 };
}
