import { isoTime } from "../../core/time.ts";
import type { TermTable } from "../context/term-table.ts";
import { type Json, type JsonObject, stringifyJson } from "../json/json.ts";
import type { StoredAttribute, StoredEntity } from "./entity-document.ts";
import { type EntityState, type ShownAttribute, shownAttribute } from "./entity-state.ts";
import type { LanguageFilter } from "./language-filter.ts";
import type { QualityNames } from "./live-attribute.ts";
import type { Projection } from "./projection.ts";
import { type Format, renderAttribute } from "./render-attribute.ts";

/** Which part of an entity is asked for, and how it is to look. Names are expanded. */
export interface EntityView {
  readonly format: Format;
  readonly sysAttrs: boolean;
  /** Attributes to be shown; undefined: all. `id`, `type` and `scope` may stand in `pick` and `omit`. */
  readonly pick: ReadonlySet<string> | undefined;
  readonly omit: ReadonlySet<string> | undefined;
  /** `@none` is the default instance; undefined: all instances (4.5.5). */
  readonly datasetIds: ReadonlySet<string> | undefined;
  /** Which language of LanguageProperties; undefined: all (4.15). */
  readonly language?: LanguageFilter | undefined;
  /** What is picked and omitted of linked entities, by the Relationship that leads there (4.21). */
  readonly pickLinked?: ReadonlyMap<string, Projection> | undefined;
  readonly omitLinked?: ReadonlyMap<string, Projection> | undefined;
}

export const keeps = ({ pick, omit }: EntityView, member: string): boolean =>
  (pick?.has(member) ?? true) && !(omit?.has(member) ?? false);

/** How entities are shown that this Relationship leads to: what is not said of them is shown whole. */
export function viewBelow(view: EntityView, relationship: string): EntityView {
  const pick = view.pickLinked?.get(relationship);
  const omit = view.omitLinked?.get(relationship);
  return { ...view, pick: pick?.names, omit: omit?.names, pickLinked: pick?.linked, omitLinked: omit?.linked };
}

export const plainView = (format: Format = "normalized"): EntityView => ({
  format,
  sysAttrs: false,
  pick: undefined,
  omit: undefined,
  datasetIds: undefined,
});

interface Group {
  readonly name: string;
  readonly instances: readonly StoredAttribute[];
}

/** What does not change with signals, already written; groups that do are rendered at each reading. */
interface PreparedText {
  readonly table: TermTable;
  readonly format: Format;
  readonly linked: number;
  readonly segments: readonly (string | Group)[];
}

/** Renders entities for one set of quality names; remembers per stored version what does not change with signals. */
export class EntityRenderer {
  readonly #names: QualityNames;
  readonly #groups = new WeakMap<StoredEntity, readonly Group[]>();
  readonly #texts = new WeakMap<StoredEntity, readonly PreparedText[]>();

  constructor(names: QualityNames) {
    this.#names = names;
  }

  /** As JSON members in their order: id, type, scope, system attributes, attributes. */
  render(state: EntityState, view: EntityView, table: TermTable): JsonObject {
    const { entity } = state;
    const shown: Record<string, Json> = {};
    if (keeps(view, "id")) shown.id = entity.id;
    if (keeps(view, "type")) shown.type = compactOne(entity.types.map((type) => table.compact(type)));
    if (keeps(view, "scope") && entity.scope.length > 0) shown.scope = compactOne(entity.scope);
    if (view.sysAttrs) {
      if (entity.expiresAt !== undefined) shown.expiresAt = entity.expiresAt;
      shown.createdAt = isoTime(entity.createdAt);
      shown.modifiedAt = isoTime(state.modifiedAt);
    }
    for (const group of this.#groupsOf(entity)) {
      if (!keeps(view, group.name)) continue;
      const value = this.#renderGroup(group, state, view, table);
      if (value !== undefined) shown[table.compact(group.name)] = value;
    }
    return shown;
  }

  /** The JSON text of `render`, fast for whole entities without system attributes. `extra` are members behind the last. */
  text(state: EntityState, view: EntityView, table: TermTable, extra?: JsonObject): string {
    if (!isPlain(view)) return stringifyJson({ ...this.render(state, view, table), ...extra });
    let text = "";
    for (const segment of this.#segments(state, view, table)) {
      if (typeof segment === "string") {
        text += text === "" ? segment : `,${segment}`;
      } else {
        const value = this.#renderGroup(segment, state, view, table);
        if (value !== undefined) text += `,${member(table.compact(segment.name), value)}`;
      }
    }
    for (const [key, value] of Object.entries(extra ?? {})) text += `,${member(key, value)}`;
    return `{${text}}`;
  }

  #segments(state: EntityState, view: EntityView, table: TermTable): readonly (string | Group)[] {
    const known = this.#texts.get(state.entity) ?? [];
    const { format } = view;
    const found = known.find(
      (text) => text.table === table && text.format === format && text.linked === state.live.size,
    );
    if (found !== undefined) return found.segments;
    const segments = this.#prepare(state, view, table);
    // A client may name any number of contexts; an entity's text is remembered for the last few.
    this.#texts.set(state.entity, [{ table, format, linked: state.live.size, segments }, ...known.slice(0, 5)]);
    return segments;
  }

  #prepare(state: EntityState, view: EntityView, table: TermTable): readonly (string | Group)[] {
    const head = this.render({ ...state, entity: { ...state.entity, attributes: [] } }, view, table);
    const segments: (string | Group)[] = [stringifyJson(head).slice(1, -1)];
    for (const group of this.#groupsOf(state.entity)) {
      const changes = group.instances.some((item) => item.expiresAt !== undefined || state.live.has(item.key));
      const value = changes ? undefined : this.#renderGroup(group, state, view, table);
      segments.push(value === undefined ? group : member(table.compact(group.name), value));
    }
    return segments;
  }

  #renderGroup(group: Group, state: EntityState, view: EntityView, table: TermTable): Json | undefined {
    const shown: ShownAttribute[] = [];
    for (const stored of group.instances) {
      if (view.datasetIds !== undefined && !view.datasetIds.has(stored.datasetId ?? "@none")) continue;
      const attribute = shownAttribute(stored, state, this.#names);
      if (attribute !== undefined) shown.push(attribute);
    }
    const render = ({ body, createdAt, modifiedAt }: ShownAttribute): Json => {
      const system = view.sysAttrs ? { createdAt: isoTime(createdAt), modifiedAt: isoTime(modifiedAt) } : undefined;
      return renderAttribute(body, view.format, table, system, view.language);
    };
    const [first] = shown;
    if (first === undefined) return undefined;
    if (view.format === "simplified" && (shown.length > 1 || first.stored.datasetId !== undefined)) {
      return { dataset: Object.fromEntries(shown.map((one) => [one.stored.datasetId ?? "@none", render(one)])) };
    }
    return shown.length === 1 ? render(first) : shown.map(render);
  }

  #groupsOf(entity: StoredEntity): readonly Group[] {
    let groups = this.#groups.get(entity);
    if (groups === undefined) {
      const byName = Map.groupBy(entity.attributes, (attribute) => attribute.name);
      groups = [...byName].map(([name, instances]) => ({ name, instances }));
      this.#groups.set(entity, groups);
    }
    return groups;
  }
}

/** Nothing is left out, and nothing depends on more than the version: its text may be remembered. */
const isPlain = ({ sysAttrs, pick, omit, datasetIds, language }: EntityView): boolean =>
  !sysAttrs && (pick ?? omit ?? datasetIds ?? language) === undefined;

const member = (name: string, value: Json): string => `${JSON.stringify(name)}:${stringifyJson(value)}`;
const compactOne = (items: readonly string[]): Json => (items.length === 1 ? (items[0] as string) : items);
