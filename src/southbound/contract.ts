import type { Static, TSchema } from "typebox";
import type { AddressSyntax } from "../core/address-syntax.ts";
import type { ArgumentValues, BrowseNode, MethodFacts, PointFacts } from "../core/browse.ts";
import type { HubError } from "../core/errors.ts";
import type { Logger } from "../core/logger.ts";
import type { Reading } from "../core/reading.ts";
import type { Clock } from "../core/time.ts";
import type { Value } from "../core/value.ts";

/** What a connector may use of the hub. */
export interface ConnectorContext {
  /** The connection's name in `twinweave.yaml`. */
  readonly source: string;
  readonly log: Logger;
  readonly clock: Clock;
  /** A folder of its own that lives on: certificates, trust lists. Made when it is first written to. */
  readonly dataDir: string;
}

/** One kind of connector: a folder beside this file and one line in `registry.ts`. Its schemas give docs and editor schema. */
export interface ConnectorType<Config extends TSchema = TSchema> {
  /** `type:` in `twinweave.yaml`. */
  readonly type: string;
  readonly title: string;
  readonly description: string;
  /**
   * What keeps a point alive (rule 8): the session or an answered poll of its source, or only readings of its own
   * (topics: one that falls silent is stale however much the others say).
   */
  readonly liveness: "source" | "point";
  /** Schema of the source's section, without `type`. Secrets are marked `{ secret: true }`. */
  readonly config: Config;
  /** Schema of the object form of `from:` in mapping files (the string form is described in it). */
  readonly addressSchema: TSchema;
  /** Examples for the docs: YAML of a source, and addresses. */
  readonly examples: { readonly source: string; readonly addresses: readonly string[] };
  /** The syntax may depend on the connection's settings. */
  addresses(config: Static<Config>): AddressSyntax;
  /** Loads a heavy library before the hub says that it is ready; `connect` must work without it all the same. */
  prepare?(): Promise<void>;
  /** No I/O yet. `config` has been checked against the schema; secrets are revealed. */
  create(config: Static<Config>, context: ConnectorContext): Connector;
}

export interface Connector {
  /** One session with the source. The supervisor calls it again, with back-off and for ever, after a failure or a loss. */
  connect(sink: Sink, abort: AbortSignal): Promise<Connection>;
  /** Certificates that the peer showed and nobody has trusted yet; only connectors that have such a thing. */
  readonly trust?: TrustInbox;
}

/** Where readings go. */
export interface Sink {
  /**
   * Resolves after the commit that carries the readings: acknowledge to the protocol then, not before. It is held back
   * while the hub is behind: take no more until it resolves, or bound what waits. Rejects where the session is over
   * or the commit was refused (the supervisor ends the session then: do not acknowledge, so that the protocol delivers
   * anew), and with `overloaded` for a connector that goes on pushing past the hub's bound.
   */
  push(readings: readonly Reading[]): Promise<void>;
  /** A sign of life of the whole source without a reading: a keep-alive, an answered poll. */
  alive(): void;
}

export interface TagRequest {
  readonly tag: string;
  /** How often the source should look, in ms, where the protocol can be told; 0: as fast as it can. */
  readonly interval?: number;
}

/** A point that cannot be had; the others go on. */
export interface TagProblem {
  readonly tag: string;
  readonly error: HubError;
}

export interface Connection {
  /** Settles when the session is over: with the reason where it was lost, with `undefined` after `close`. Never rejects. */
  readonly lost: Promise<HubError | undefined>;
  /** Adds points; their first readings follow through the sink. Bad ones are told and isolated, never thrown. */
  subscribe(tags: readonly TagRequest[], abort: AbortSignal): Promise<readonly TagProblem[]>;
  unsubscribe(tags: readonly string[]): Promise<void>;
  /** Asks the source now; a bad point gives a reading of bad quality. */
  read(tags: readonly string[], abort: AbortSignal): Promise<readonly Reading[]>;
  /**
   * `device-refused` with the protocol's own code, `device-timeout` where nothing came in time. Resolves once the device took it.
   */
  write(tag: string, value: Value, abort: AbortSignal): Promise<void>;
  /** What lies at a path pattern (`Objects/Line1/*`, `plant/+/telemetry`); bounded by `limit`. `unsupported` where there is nothing to browse. */
  browse(pattern: string, limit: number, abort: AbortSignal): Promise<readonly BrowseNode[]>;
  /** What the source knows of these points; those it knows nothing of are left out. */
  facts(tags: readonly string[], abort: AbortSignal): Promise<ReadonlyMap<string, PointFacts>>;
  /** The arguments of these methods; what is not there, or is no method, is left out. Goes with `call`. */
  methods?(methods: readonly string[], abort: AbortSignal): Promise<ReadonlyMap<string, MethodFacts>>;
  /**
   * Calls a method of the device, for protocols that have such a thing; its address is written as those of points are.
   * Resolves once the device has finished, with its output arguments by name. `invalid` for arguments that the method
   * does not have or that do not fit (all at once); `device-refused` with the protocol's own code, and with a problem
   * for each argument that the device itself refused; `device-timeout` where nothing came within `timeout` ms. After an
   * abort nobody waits any longer: whether the device still acts, nobody knows.
   */
  call?(method: string, inputs: ArgumentValues, timeout: number, abort: AbortSignal): Promise<ArgumentValues>;
  /** What the protocol itself counts in this session, by name, for operators: values lost in a device's queue, … */
  counters?(): Readonly<Record<string, number>>;
  /** Ends the session, acknowledges what was committed. Idempotent. */
  close(): Promise<void>;
}

export interface OfferedCertificate {
  /** SHA-1 thumbprint in lower-case hex, as OPC UA names certificates. */
  readonly thumbprint: string;
  readonly subject: string;
  readonly issuer: string;
  readonly validFrom: string;
  readonly validTo: string;
  readonly state: "rejected" | "trusted";
}

export interface TrustInbox {
  list(): Promise<readonly OfferedCertificate[]>;
  /** `not-found` where no such certificate was offered. */
  trust(thumbprint: string): Promise<void>;
  /** `not-found` where no such certificate is known. */
  reject(thumbprint: string): Promise<void>;
}
