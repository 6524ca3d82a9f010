import { RE2JS } from "re2js";
import { HubError } from "../../core/errors.ts";
import type { Filter } from "../../core/filter.ts";
import { compileOwnTest, compilePartTest, type Said, valuesIn } from "../../core/part-test.ts";
import { isoTime } from "../../core/time.ts";
import type { TestPorts } from "../../core/value-test.ts";
import { geometries } from "../../geometry/geometries.ts";
import { headKeys } from "../entity/entity-document.ts";
import { type EntityState, shownAttribute } from "../entity/entity-state.ts";
import type { QualityNames } from "../entity/live-attribute.ts";

/** One entity as a filter sees it: as it is shown, its signals laid over it. */
export interface JudgedEntity {
  readonly id: string;
  readonly types: readonly string[];
  readonly scope: readonly string[];
  readonly expiresAt: string | undefined;
  readonly createdAt: number;
  readonly modifiedAt: number;
  readonly attributes: readonly JudgedAttribute[];
}

export interface JudgedAttribute {
  readonly name: string;
  /** In the hub's normal form (`AttributeBody`), with its value. */
  readonly body: Said;
  readonly createdAt: number;
  readonly modifiedAt: number;
}

/** What an entity links to, by its id; undefined where there is none. */
export type LinkedEntities = (id: string) => JudgedEntity | undefined;

export type EntityPredicate = (entity: JudgedEntity, linked?: LinkedEntities) => boolean;

const ports: TestPorts = {
  pattern: (text) => {
    const expression = patternOf(text);
    return (other) => expression.test(other);
  },
  geometries,
};

/** An entity with its signals as queries judge it. */
export function judged(state: EntityState, names: QualityNames): JudgedEntity {
  const { id, types, scope, expiresAt, createdAt } = state.entity;
  const shown = state.entity.attributes.flatMap((stored) => shownAttribute(stored, state, names) ?? []);
  const attributes = shown.map(({ stored, body, createdAt: made, modifiedAt }) => ({
    name: stored.name,
    body,
    createdAt: made,
    modifiedAt,
  }));
  return { id, types, scope, expiresAt, createdAt, modifiedAt: state.modifiedAt, attributes };
}

/**
 * The filter of a query as a test of one entity: what it says is what the store's SQL says (CIM 009 4.9, 4.10, 4.17, 4.19).
 * Throws HubError `invalid` for a pattern that RE2 does not know.
 */
export function compileEntityFilter(filter: Filter): EntityPredicate {
  switch (filter.kind) {
    case "all": {
      const all = filter.of.map(compileEntityFilter);
      return (entity, linked) => all.every((passes) => passes(entity, linked));
    }
    case "any": {
      const any = filter.of.map(compileEntityFilter);
      return (entity, linked) => any.some((passes) => passes(entity, linked));
    }
    case "not": {
      const passes = compileEntityFilter(filter.of);
      return (entity, linked) => !passes(entity, linked);
    }
    case "id": {
      const ids = new Set(filter.in);
      return ({ id }) => ids.has(id);
    }
    case "id-pattern": {
      const expression = patternOf(filter.pattern);
      return ({ id }) => expression.test(id);
    }
    case "key": {
      const values = new Set(filter.in);
      return (entity) => keysOf(entity, filter.name).some((key) => values.has(key));
    }
    case "key-pattern": {
      const expression = patternOf(filter.pattern);
      return (entity) =>
        keysOf(entity, filter.name).some((key) => key.startsWith(filter.prefix) && expression.test(key));
    }
    case "part": {
      const names = new Set(filter.names);
      return ({ attributes }) => attributes.some(({ name }) => names.has(name));
    }
    case "said": {
      const passes = compilePartTest(filter, ports);
      const isTimed = filter.overlay.times !== undefined;
      return ({ attributes }) =>
        attributes.some((one) => one.name === filter.name && passes(isTimed ? timed(one.body, one) : one.body));
    }
    case "own": {
      const passes = compileOwnTest(filter, ports);
      return (entity) => passes(timed(headOf(entity), entity));
    }
    case "linked": {
      const passes = compileEntityFilter(filter.of);
      const { part } = filter;
      return ({ attributes }, linked) =>
        attributes.some(
          ({ name, body }) =>
            name === part.name && namesIn(body, part).some((id) => isMet(linked?.(id), passes, linked)),
        );
    }
    default:
      throw new HubError("internal", `no query of entities has a condition "${filter.kind}"`);
  }
}

const isMet = (entity: JudgedEntity | undefined, passes: EntityPredicate, linked?: LinkedEntities): boolean =>
  entity !== undefined && passes(entity, linked);

const namesIn = (body: Said, place: Parameters<typeof valuesIn>[1]): readonly string[] =>
  valuesIn(body, place)
    .flat()
    .filter((one): one is string => typeof one === "string");

const keysOf = ({ types, scope, expiresAt }: JudgedEntity, name: string): readonly string[] =>
  headKeys({ types, scope, expiresAt })[name] ?? [];

function headOf({ types, scope, expiresAt }: JudgedEntity): Said {
  return {
    type: types,
    ...(scope.length === 0 ? {} : { scope }),
    ...(expiresAt === undefined ? {} : { expiresAt }),
  };
}

const timed = (body: Said, { createdAt, modifiedAt }: { createdAt: number; modifiedAt: number }): Said => ({
  ...body,
  createdAt: isoTime(createdAt),
  modifiedAt: isoTime(modifiedAt),
});

function patternOf(text: string): RE2JS {
  try {
    return RE2JS.compile(text);
  } catch (cause) {
    throw new HubError("invalid", `${JSON.stringify(text)} is not a regular expression of RE2`, { cause });
  }
}
