import { join } from "node:path";
import type { TSchema } from "typebox";
import type { ArgumentValues, BrowseNode, MethodFacts, PointFacts } from "../core/browse.ts";
import { HubError } from "../core/errors.ts";
import type { Logger } from "../core/logger.ts";
import type { Reading } from "../core/reading.ts";
import type { Clock } from "../core/time.ts";
import type { Value } from "../core/value.ts";
import type { Connection, ConnectorType, TagRequest, TrustInbox } from "./contract.ts";
import { defaultRuntimeSettings, type RuntimeSettings } from "./runtime-settings.ts";
import type { SourceStatus, TagPage } from "./source-status.ts";
import { type SourceEvent, type SourceSink, SupervisedSource } from "./supervised-source.ts";
import { systemTimers, type Timers } from "./timers.ts";

export interface SourceDefinition {
  /** The connection's name in `twinweave.yaml`. */
  readonly name: string;
  readonly type: ConnectorType<TSchema>;
  /** Checked against `type.config`; secrets are revealed. */
  readonly config: unknown;
}

export interface SouthboundOptions {
  readonly sources: readonly SourceDefinition[];
  readonly sinkFor: (source: string) => SourceSink;
  readonly clock: Clock;
  readonly log: Logger;
  /** Each source has a folder of its own name in it. */
  readonly dataDir: string;
  readonly settings?: Partial<RuntimeSettings>;
  readonly timers?: Timers;
  /** In [0, 1): the jitter. */
  readonly random?: () => number;
}

/** All sources of the hub, each supervised on its own: what happens to one does not touch the others. */
export interface Southbound {
  /** Loads the libraries of the connectors that have sources: awaited before the hub says that it is ready. */
  prepare(): Promise<void>;
  /** Returns at once: a source that is down is tried again, with back-off and for ever. */
  start(): void;
  /** Commits what was received, ends all sessions; within five seconds. */
  stop(): Promise<void>;
  /** Makes `tags` the points of the source, now and after each reconnect. `not-found` for an unknown source. */
  setTags(source: string, tags: readonly TagRequest[]): void;
  /** `unreachable` without a session; `device-refused`, `device-timeout`. */
  write(source: string, tag: string, value: Value, abort: AbortSignal): Promise<void>;
  read(source: string, tag: string, abort: AbortSignal): Promise<Reading>;
  /** `unreachable` without a session: the hub then answers from its last snapshot. */
  browse(source: string, pattern: string, limit: number, abort: AbortSignal): Promise<readonly BrowseNode[]>;
  facts(source: string, tags: readonly string[], abort: AbortSignal): Promise<ReadonlyMap<string, PointFacts>>;
  /** `unsupported` where the protocol knows no methods. */
  methods(source: string, methods: readonly string[], abort: AbortSignal): Promise<ReadonlyMap<string, MethodFacts>>;
  /** As a connection calls; `device-timeout` after `timeout` ms, `unsupported` where the protocol knows no methods. */
  call(
    source: string,
    method: string,
    inputs: ArgumentValues,
    timeout: number,
    abort: AbortSignal,
  ): Promise<ArgumentValues>;
  /** Tries at once what would be tried after the pause. */
  retry(source: string): void;
  /** A decision takes effect at once. `undefined` where the connector knows no certificates. */
  trust(source: string): TrustInbox | undefined;
  /** Told at each connect and each loss. The returned function ends it. */
  onState(listener: (event: SourceEvent) => void): () => void;
  all(): readonly SourceStatus[];
  status(source: string): SourceStatus;
  /** Last value, quality and age of the wanted points, in the mapping's order. */
  tags(source: string, offset: number, limit: number): TagPage;
}

export function createSouthbound(options: SouthboundOptions): Southbound {
  const listeners = new Set<(event: SourceEvent) => void>();
  const sources = new Map(options.sources.map((definition) => [definition.name, supervise(definition)]));

  function tell(event: SourceEvent): void {
    for (const listener of listeners) {
      try {
        listener(event);
      } catch (thrown) {
        options.log.error("a listener of source states failed", { error: HubError.from(thrown).message });
      }
    }
  }

  function supervise({ name, type, config }: SourceDefinition): SupervisedSource {
    const { clock, log } = options;
    const context = { source: name, log, clock, dataDir: join(options.dataDir, name) };
    return new SupervisedSource({
      source: name,
      type: type.type,
      liveness: type.liveness,
      connector: type.create(config, context),
      sink: options.sinkFor(name),
      clock,
      log,
      timers: options.timers ?? systemTimers,
      random: options.random ?? Math.random,
      settings: { ...defaultRuntimeSettings, ...options.settings },
      tell,
    });
  }

  function find(source: string): SupervisedSource {
    const found = sources.get(source);
    if (found !== undefined) return found;
    const known = sources.size === 0 ? "there are none" : `there are ${[...sources.keys()].join(", ")}`;
    throw new HubError("not-found", `no source is called ${source}; ${known}`);
  }

  /** A decision about a certificate takes effect at once: a trusted server is dialled, a rejected one is left. */
  function trustOf(source: SupervisedSource): TrustInbox | undefined {
    const inbox = source.connector.trust;
    return (
      inbox && {
        list: () => inbox.list(),
        trust: async (thumbprint) => {
          await inbox.trust(thumbprint);
          source.retry();
        },
        reject: async (thumbprint) => {
          await inbox.reject(thumbprint);
          source.drop(new HubError("untrusted", `the certificate ${thumbprint} was rejected`));
        },
      }
    );
  }

  return {
    prepare: async () => {
      const types = new Set(options.sources.map(({ type }) => type));
      await Promise.all([...types].map((type) => type.prepare?.()));
    },
    start: () => {
      for (const source of sources.values()) source.start();
    },
    stop: async () => {
      await Promise.all([...sources.values()].map((source) => source.stop()));
    },
    setTags: (source, tags) => find(source).setTags(tags),
    write: async (source, tag, value, abort) =>
      find(source).ask(`take ${tag}`, abort, (connection, signal) => connection.write(tag, value, signal)),
    read: async (source, tag, abort) => {
      const readings = await find(source).ask(`say ${tag}`, abort, (connection, signal) =>
        connection.read([tag], signal),
      );
      const reading = readings[0];
      if (reading === undefined) throw new HubError("device-refused", `${source} gave no reading of ${tag}`);
      return reading;
    },
    browse: async (source, pattern, limit, abort) =>
      find(source).ask(`answer a browse of ${pattern}`, abort, (connection, signal) =>
        connection.browse(pattern, limit, signal),
      ),
    facts: async (source, tags, abort) =>
      find(source).ask("tell of its points", abort, (connection, signal) => connection.facts(tags, signal)),
    methods: async (source, methods, abort) =>
      find(source).ask("tell of its methods", abort, async (connection, signal) => {
        if (connection.methods === undefined) throw withoutMethods(source);
        return connection.methods(methods, signal);
      }),
    call: async (source, method, inputs, timeout, abort) => {
      const work = async (connection: Connection, signal: AbortSignal): Promise<ArgumentValues> => {
        if (connection.call === undefined) throw withoutMethods(source);
        return connection.call(method, inputs, timeout, signal);
      };
      return find(source).ask(`finish ${method}`, abort, work, timeout);
    },
    retry: (source) => find(source).retry(),
    trust: (source) => trustOf(find(source)),
    onState: (listener) => {
      listeners.add(listener);
      return () => listeners.delete(listener);
    },
    all: () => [...sources.values()].map((source) => source.status()),
    status: (source) => find(source).status(),
    tags: (source, offset, limit) => find(source).tags(offset, limit),
  };
}

function withoutMethods(source: string): HubError {
  return new HubError("unsupported", `${source} has no methods: its protocol knows readings and writes alone`);
}
