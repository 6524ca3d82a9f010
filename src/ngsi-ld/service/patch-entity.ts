import { HubError } from "../../core/errors.ts";
import type { Mutation } from "../../core/mutation.ts";
import type { EntityFragment } from "../entity/entity.ts";
import { type EntityHead, headBody, headKeys } from "../entity/entity-document.ts";
import type { EntityState } from "../entity/entity-state.ts";
import type { ChangeSet } from "./change-set.ts";

export function headPatch(id: string, head: EntityHead): Mutation {
  const expiresAt = head.expiresAt === undefined ? null : Date.parse(head.expiresAt);
  return { kind: "document.patch", collection: "entity", id, body: headBody(head), keys: headKeys(head), expiresAt };
}

/** 4.16, 5.5.8, 5.6.2.4, 5.6.3.4: types are added, the scope is replaced where there is one, or appended to. */
export function patchHead(
  changes: ChangeSet,
  state: EntityState,
  fragment: EntityFragment,
  how: "merge" | "update" | "append",
): void {
  const { entity } = state;
  if (fragment.types === undefined && fragment.scope === undefined && fragment.expiresAt === undefined) return;
  const types = [...new Set([...entity.types, ...(fragment.types ?? [])])];
  const given = fragment.scope;
  if (how === "update" && given !== undefined && entity.scope.length === 0) {
    // 5.6.2.4: an update replaces a scope, it does not make one.
    changes.fail("scope", undefined, new HubError("not-found", "the entity has no scope to update"));
  }
  const scope =
    given === undefined
      ? entity.scope
      : how === "update" && entity.scope.length === 0
        ? entity.scope
        : how === "append"
          ? [...new Set([...entity.scope, ...given])]
          : given;
  const expiresAt = fragment.expiresAt === undefined ? entity.expiresAt : (fragment.expiresAt ?? undefined);
  const head: EntityHead = { types, scope, expiresAt };
  if (headBody(head) !== headBody(entity)) changes.mutations.push(headPatch(entity.id, head));
}

/** A fragment that becomes a new attribute needs its value. */
export function requireWhole(name: string, body: EntityFragment["attributes"][number]["body"] & object): typeof body {
  if (body.type !== undefined) return body;
  throw new HubError("invalid", `the attribute ${name} has no value`);
}

/** An update does not change the kind of an attribute. */
export function checkKind(name: string, stored: { readonly type?: unknown }, given: { readonly type?: unknown }): void {
  if (given.type === undefined || given.type === stored.type) return;
  throw new HubError(
    "invalid",
    `the attribute ${name} is a ${stored.type} and cannot become a ${given.type} (CIM 009 5.6.4)`,
  );
}
