import type { Static, TSchema } from "typebox";
import type { Problem } from "../core/errors.ts";
import { checkValue } from "./checked-value.ts";
import { type Draft, pointerStep } from "./draft.ts";

/**
 * One connection of `sources:`. Which keys it may have is for its kind of connector to say, by its schema. Its settings
 * are reached through `check` alone, so that a printed section shows no secret.
 */
export interface SourceSection {
  readonly name: string;
  /** The kind of connector. */
  readonly type: string;
  /** `file:line:column` of its name. */
  readonly place: string;
  /**
   * Its settings without `type`, checked against the connector's schema, secrets revealed, `path` fields absolute; or
   * every problem with its line.
   */
  check<Schema extends TSchema>(schema: Schema): { settings: Static<Schema> } | { problems: readonly Problem[] };
}

export function sourceSection(name: string, section: { readonly type: string }, draft: Draft): SourceSection {
  const at = `/sources${pointerStep(name)}`;
  const { type, ...settings } = section;
  return {
    name,
    type,
    place: draft.markOf(at).place,
    check<Schema extends TSchema>(schema: Schema) {
      const checked = checkValue(schema, settings, { draft, at, wrapSecrets: false });
      return "problems" in checked ? checked : { settings: checked.value as Static<Schema> };
    },
  };
}
