import type { Readable } from "node:stream";
import type { Problem } from "../../core/errors.ts";
import type { Scope } from "../../core/scope.ts";
import type { TrustInbox } from "../../southbound/contract.ts";
import type { SourceStatus, TagPage } from "../../southbound/source-status.ts";
import type { OutboxStats, StoreStats } from "../../store/contract.ts";
import type { TwinStats } from "../../twin/contract.ts";

/** What the admin surface shows and does; the hub stands behind it. */
export interface AdminPorts {
  readonly sources: {
    all(): readonly SourceStatus[];
    /** `not-found` for a name that is none. */
    status(source: string): SourceStatus;
    tags(source: string, offset: number, limit: number): TagPage;
    trust(source: string): TrustInbox | undefined;
  };
  readonly mappings: {
    report(): MappingsReport;
    /** Reads the mapping files again and applies what changed. */
    reload(): Promise<MappingsReport>;
  };
  readonly tenants: {
    all(): Promise<readonly TenantReport[]>;
  };
  readonly imports: {
    /**
     * Takes the AAS documents of a file into the repositories of the scope's tenant. Resolves once it has arrived and is
     * not refused as a whole.
     */
    begin(scope: Scope, content: Readable, wish: ImportWish): Promise<RunningImport>;
  };
  /** Outside registries where the hub registers what it holds. */
  readonly registries: {
    /** One for each tenant of each registry. */
    all(): readonly RegistryStatus[];
    /** Tells everything anew. `not-found` for a name that is none. */
    register(registry: string): void;
    /** Takes everything back. `not-found`, `unreachable`. */
    withdraw(registry: string, abort: AbortSignal): Promise<void>;
  };
}

export interface RegistryStatus {
  readonly registry: string;
  readonly tenant: string;
  /** `waiting`: the registry failed, another try follows. */
  readonly state: "starting" | "registering" | "idle" | "waiting" | "withdrawn" | "stopped";
  /** Entries that the registry has of this hub. */
  readonly registered: number;
  /** Changes that it was not told yet. */
  readonly pending: number;
  /** Everything is still to be compared. */
  readonly everything: boolean;
  /** Entries that it does not take as they are. */
  readonly refused: number;
  readonly requests: number;
  readonly failures: number;
  readonly lastError?: { readonly message: string; readonly at: number };
}

export interface RunningImport {
  /** Tells what became of it. Rejects where it ended before all was taken. */
  readonly done: Promise<object>;
  /** What was taken until now, in the same form. */
  soFar(): object;
}

export interface ImportWish {
  readonly mode: "strict" | "mend";
  readonly conflict: "skip" | "replace" | "fail";
}

export interface MappingsReport {
  readonly at: number;
  readonly files: readonly MappingFileReport[];
  readonly problems: readonly (Problem & { readonly file: string; readonly severity: "error" | "warning" })[];
}

export interface MappingFileReport {
  readonly file: string;
  readonly state: "running" | "running-as-before" | "waiting-for-source" | "refused";
  readonly source?: string;
  readonly assets: number;
  readonly points: number;
}

export interface TenantReport {
  readonly tenant: string;
  readonly twin: TwinStats;
  readonly store: StoreStats;
  readonly outbox: OutboxStats;
}
