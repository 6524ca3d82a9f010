import type { JsonObject } from "../json/json.ts";

/**
 * One attribute instance in the hub's normal form: normalized representation (CIM 009 4.5.1), the standard's members by
 * their short names, sub-attributes by their expanded names (which hold a colon, so that the two never meet), types of
 * vocabulary values and of related entities expanded. `type` is absent only in fragments.
 */
export type AttributeBody = JsonObject;

export interface Attribute {
  /** Expanded. */
  readonly name: string;
  /** Undefined: the default instance (4.5.5). */
  readonly datasetId: string | undefined;
  readonly body: AttributeBody;
}

export interface Entity {
  readonly id: string;
  /** Expanded. */
  readonly types: readonly string[];
  readonly scope: readonly string[];
  readonly expiresAt: string | undefined;
  readonly attributes: readonly Attribute[];
}

/** What a client sends to change an entity: `undefined` members are left as they are. */
export interface EntityFragment {
  readonly id: string | undefined;
  readonly types: readonly string[] | undefined;
  /** Empty: the scope is removed. */
  readonly scope: readonly string[] | undefined;
  /** Null: it no longer expires. */
  readonly expiresAt: string | null | undefined;
  readonly attributes: readonly FragmentAttribute[];
}

export interface FragmentAttribute {
  readonly name: string;
  readonly datasetId: string | undefined;
  /** Undefined: NGSI-LD Null, the instance is to be deleted. */
  readonly body: AttributeBody | undefined;
}
