import type { HubError } from "../../core/errors.ts";
import type { Filter, PageRequest } from "../../core/filter.ts";
import type { Scope } from "../../core/scope.ts";
import type { AttributeBody, Entity, EntityFragment } from "../entity/entity.ts";
import type { EntityState } from "../entity/entity-state.ts";
import type { MergeOptions } from "../entity/merge-options.ts";

/** An attribute instance that could not be changed, beside others that could (CIM 009 5.2.18, 5.2.19). */
export interface PartError {
  /** Expanded. */
  readonly attribute: string;
  readonly datasetId: string | undefined;
  readonly error: HubError;
}

export interface WriteResult {
  /** Expanded names of what was changed. */
  readonly updated: readonly string[];
  readonly failed: readonly PartError[];
}

export interface EntityQuery {
  readonly filter: Filter;
  readonly page: PageRequest;
}

export interface EntityPage {
  readonly entities: readonly EntityState[];
  readonly more: boolean;
  /** The ordinal after which the next page begins; undefined on the last one. */
  readonly next: number | undefined;
  readonly total: number | undefined;
}

/** Which instances of an attribute a deletion means (5.6.5). */
export type InstanceChoice = { readonly datasetId: string | undefined } | "all";

/**
 * Entities of one tenant, names expanded. Federation wraps it; contexts, representations and paging links are its
 * callers'. Where nothing of a request could be done the error is thrown; where a part could, it is in `failed`.
 * `typed` gates by entity type: an entity that does not match it is not found.
 */
export interface EntityService {
  /** 5.6.1. `already-exists`. */
  create(scope: Scope, entity: Entity): Promise<void>;
  /** 5.7.1. `not-found`. */
  retrieve(scope: Scope, id: string, typed?: TypeTest): Promise<EntityState>;
  /** 5.7.2, in order of creation. */
  query(scope: Scope, query: EntityQuery): Promise<EntityPage>;
  /** 5.6.18. Never actuates (rule 5). */
  replace(scope: Scope, entity: Entity, typed?: TypeTest): Promise<WriteResult>;
  /** 5.6.17. A linked value goes to its device first (rule 4). */
  merge(
    scope: Scope,
    id: string,
    fragment: EntityFragment,
    typed?: TypeTest,
    options?: MergeOptions,
  ): Promise<WriteResult>;
  /** 5.6.2. Likewise. */
  update(scope: Scope, id: string, fragment: EntityFragment, typed?: TypeTest): Promise<WriteResult>;
  /** 5.6.3. Never actuates. */
  append(
    scope: Scope,
    id: string,
    fragment: EntityFragment,
    overwrite: boolean,
    typed?: TypeTest,
  ): Promise<WriteResult>;
  /** 5.6.4. A linked value goes to its device first. `not-found` for an instance that is not there. */
  updateAttribute(scope: Scope, id: string, attribute: PartialAttribute, typed?: TypeTest): Promise<WriteResult>;
  /** 5.6.19. Never actuates. */
  replaceAttribute(scope: Scope, id: string, attribute: PartialAttribute, typed?: TypeTest): Promise<WriteResult>;
  /** 5.6.5. Linked instances stay (rule 6). */
  deleteAttribute(
    scope: Scope,
    id: string,
    name: string,
    which: InstanceChoice,
    typed?: TypeTest,
  ): Promise<WriteResult>;
  /** 5.6.6. Linked attributes stay (rule 6). */
  delete(scope: Scope, id: string, typed?: TypeTest): Promise<WriteResult>;
}

export interface PartialAttribute {
  readonly name: string;
  readonly datasetId: string | undefined;
  /** Undefined: NGSI-LD Null. */
  readonly body: AttributeBody | undefined;
}

export type TypeTest = (types: readonly string[]) => boolean;
