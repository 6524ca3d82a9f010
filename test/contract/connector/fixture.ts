import type { Context } from "mocha";
import type { ArgumentValues } from "../../../src/core/browse.ts";
import type { Value } from "../../../src/core/value.ts";
import type { ConnectorType } from "../../../src/southbound/contract.ts";

/** A server that is not ours, with the few points that the contract suite needs. */
export interface ForeignSource {
  /** The source's section in `twinweave.yaml`. */
  readonly config: Readonly<Record<string, unknown>>;
  /** Two points that have a value from the start. */
  readonly tags: readonly [string, string];
  /** Changes one of `tags` at the source. */
  set(tag: string, value: number): Promise<void>;
  /** Well-formed, but the source does not have it, or has nothing good for it. */
  readonly badTag: string;
  /** No address at all. */
  readonly malformedTag: string;
  /** A point that may be written, and what the source got last. */
  readonly writable: { readonly tag: string; readonly value: Value; got(): Promise<Value> };
  /** A write that must be refused, and how. */
  readonly refused: { readonly tag: string; readonly value: Value; readonly codes: readonly string[] };
  /** A pattern that finds something, for connectors that can browse. */
  readonly browsable?: { readonly pattern: string; readonly atLeast: number };
  /** Methods of the device, for connectors that can call. */
  readonly callable?: {
    readonly method: string;
    readonly inputs: ArgumentValues;
    readonly outputs: ArgumentValues;
    /** One that the device refuses. */
    readonly refused: string;
    /** One that takes longer than a second. */
    readonly slow: { readonly method: string; readonly inputs: ArgumentValues };
  };
  /** As a power cut would. */
  kill(): Promise<void>;
  /** At the same address; the values may be the first ones again. */
  restart(): Promise<void>;
}

export interface ConnectorFixture {
  readonly type: ConnectorType;
  /** Skips aloud, through `context`, where the foreign server is not installed. */
  start(context: Context): Promise<ForeignSource>;
  /** A configuration under which nobody answers. */
  readonly unreachable: Readonly<Record<string, unknown>>;
}
