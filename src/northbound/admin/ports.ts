import type { Problem } from "../../core/errors.ts";
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
