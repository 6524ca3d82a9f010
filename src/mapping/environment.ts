import type { AddressSyntax } from "../core/address-syntax.ts";
import type { BrowseNode, MethodFacts, PointFacts } from "../core/browse.ts";
import type { EndCodec } from "../core/end-codec.ts";

/** One source as mappings see it; the hub answers from the live connection, or from the last snapshot. */
export interface SourceView {
  /** Kind of connector, for messages. */
  readonly type: string;
  readonly addresses: AddressSyntax;
  /** At most `limit` matches. Rejects with HubError where the source cannot be asked (`unreachable`, `unsupported`). */
  browse(pattern: string, limit: number): Promise<readonly BrowseNode[]>;
  /** What the source knows of these tags; those it does not have are left out. Rejects where it cannot be asked. */
  facts(tags: readonly string[]): Promise<ReadonlyMap<string, PointFacts>>;
  /** The same for methods. Left out, or `unsupported`: its protocol knows none. */
  methods?(methods: readonly string[]): Promise<ReadonlyMap<string, MethodFacts>>;
}

/** What the compiler is given from outside: connections and the two standards. */
export interface MappingEnvironment {
  readonly sources: ReadonlyMap<string, SourceView>;
  /** `aas:` belongs to the end with the member `submodels`, `ngsi:` to the one with `entity`. */
  readonly ends: readonly EndCodec[];
}
