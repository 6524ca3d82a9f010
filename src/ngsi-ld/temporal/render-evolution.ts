import type { TermTable } from "../context/term-table.ts";
import { kindOfBody, valueOfBody } from "../entity/entity-document.ts";
import type { LanguageFilter } from "../entity/language-filter.ts";
import { inLanguage, renderAttribute } from "../entity/render-attribute.ts";
import type { Json, JsonObject } from "../json/json.ts";
import { jsonOfValue } from "../json/value-json.ts";
import { type AttributeKind, isAttributeKind, valueMembers } from "../vocabulary.ts";
import type { AggregatedAttribute, Evolution, EvolutionHead, Instance } from "./evolution.ts";
import { SCOPE } from "./evolution-source.ts";
import { shownTime } from "./past-instance.ts";
import { scopeOf } from "./scope-validity.ts";
import { isWrapped, pairMembers } from "./temporal-entity.ts";
import type { Aggregated, TimeProperty } from "./temporal-query.ts";
import type { AggregatedEvolution } from "./temporal-service.ts";

/** What of an evolution is shown, and how. Names expanded; `id`, `type` and `scope` stand for themselves. */
export interface EvolutionView {
  readonly table: TermTable;
  readonly simplified: boolean;
  readonly sysAttrs: boolean;
  readonly property: TimeProperty;
  readonly language: LanguageFilter | undefined;
  readonly pick: ReadonlySet<string> | undefined;
  readonly omit: ReadonlySet<string> | undefined;
}

/** The temporal representation (CIM 009 4.5.6), or the simplified one (4.5.9). */
export function renderEvolution({ head, attributes, scopes }: Evolution, view: EvolutionView): JsonObject {
  const shown = renderHead(head, view);
  if (keeps(view, SCOPE) && scopes.length > 0) {
    shown.scope = view.simplified ? scopePairs(scopes, view) : scopes.map((one) => renderScope(one, view));
  }
  for (const [name, instances] of attributes) {
    if (!keeps(view, name)) continue;
    shown[view.table.compact(name)] = view.simplified
      ? byDataset(instances, (of, dataset) => pairsOf(of, dataset, view))
      : instances.map((one) => renderInstance(one, view));
  }
  return shown;
}

/** The aggregated representation (4.5.19). */
export function renderAggregated(
  { head, attributes }: AggregatedEvolution,
  { methods }: Aggregated,
  view: EvolutionView,
): JsonObject {
  const shown = renderHead(head, view);
  for (const [name, datasets] of Map.groupBy(attributes, (one) => one.name)) {
    if (!keeps(view, name)) continue;
    const rendered = datasets.map((one) => renderPeriods(one, methods));
    shown[view.table.compact(name)] = rendered.length === 1 ? (rendered[0] as Json) : rendered;
  }
  return shown;
}

const keeps = ({ pick, omit }: EvolutionView, member: string): boolean =>
  (pick?.has(member) ?? true) && !(omit?.has(member) ?? false);

function renderHead(head: EvolutionHead, view: EvolutionView): Record<string, Json> {
  const shown: Record<string, Json> = {};
  if (keeps(view, "id")) shown.id = head.id;
  if (keeps(view, "type")) shown.type = compactOne(head.types.map((type) => view.table.compact(type)));
  if (!view.sysAttrs) return shown;
  if (head.expiresAt !== undefined) shown.expiresAt = head.expiresAt;
  shown.createdAt = shownTime(head.createdAt);
  shown.modifiedAt = shownTime(head.modifiedAt);
  if (head.deletedAt !== undefined) shown.deletedAt = shownTime(head.deletedAt);
  return shown;
}

function renderInstance(instance: Instance, view: EvolutionView): Json {
  const { body, instanceId, deleted, modifiedAt } = instance;
  const system = systemTimes(instance, view);
  const rendered = renderAttribute(body, "normalized", view.table, undefined, view.language) as JsonObject;
  return { ...rendered, instanceId, ...system, ...(deleted ? { deletedAt: shownTime(modifiedAt) } : {}) };
}

function systemTimes({ createdAt, modifiedAt }: Instance, { sysAttrs }: EvolutionView): JsonObject {
  return sysAttrs ? { createdAt: shownTime(createdAt), modifiedAt: shownTime(modifiedAt) } : {};
}

/** 4.5.6: the scope as a Property that has times alone. */
function renderScope(instance: Instance, view: EvolutionView): Json {
  const { body, observedAt, deleted, modifiedAt } = instance;
  const times = {
    ...(observedAt === undefined ? {} : { observedAt: String(body.observedAt ?? shownTime(observedAt)) }),
    ...systemTimes(instance, view),
    ...(deleted ? { deletedAt: shownTime(modifiedAt) } : {}),
  };
  return { type: "Property", value: deleted ? [] : compactOne(scopeOf(instance)), ...times };
}

const scopePairs = (scopes: readonly Instance[], view: EvolutionView): Json => ({
  type: "Property",
  values: scopes.map((one) => [one.deleted ? [] : compactOne(scopeOf(one)), timeOf(one, view)]),
});

/** One for each dataset: alone where there is one. */
function byDataset(
  instances: readonly Instance[],
  render: (of: readonly Instance[], datasetId: string | undefined) => JsonObject,
): Json {
  const all = [...Map.groupBy(instances, ({ datasetId }) => datasetId)].map(([datasetId, of]) => render(of, datasetId));
  return all.length === 1 ? (all[0] as Json) : all;
}

function pairsOf(instances: readonly Instance[], datasetId: string | undefined, view: EvolutionView): JsonObject {
  const said = instances.findLast(({ deleted }) => !deleted) ?? instances.at(-1);
  const kind: AttributeKind = said === undefined ? "Property" : kindOfBody(inView(said.body, view));
  const pairs = instances.map((one): Json => {
    const body = inView(one.body, view);
    const value = renderValue(kindOfBody(body), body, view);
    return [isWrapped(kind) ? { [valueMembers[kind]]: value } : value, timeOf(one, view)];
  });
  return { type: kind, ...(datasetId === undefined ? {} : { datasetId }), [pairMembers[kind]]: pairs };
}

const inView = (body: Instance["body"], { language }: EvolutionView): Instance["body"] =>
  language === undefined ? body : inLanguage(body, language);

function renderValue(kind: AttributeKind, body: Instance["body"], { table }: EvolutionView): Json {
  const value = valueOfBody(body) ?? null;
  if (kind !== "VocabProperty") return value;
  const compact = (one: Json): Json => (typeof one === "string" ? table.compact(one) : one);
  return Array.isArray(value) ? (value as readonly Json[]).map(compact) : compact(value);
}

/** The time that the query goes by, or the best that is known. */
function timeOf({ body, observedAt, createdAt, modifiedAt, deleted }: Instance, { property }: EvolutionView): string {
  if (deleted || property === "deletedAt" || property === "modifiedAt") return shownTime(modifiedAt);
  if (property === "createdAt" || observedAt === undefined) return shownTime(createdAt);
  return typeof body.observedAt === "string" ? body.observedAt : shownTime(observedAt);
}

function renderPeriods({ kind, datasetId, periods }: AggregatedAttribute, methods: Aggregated["methods"]): JsonObject {
  const shown: Record<string, Json> = { type: isAttributeKind(kind) ? kind : "Property" };
  if (datasetId !== undefined) shown.datasetId = datasetId;
  for (const method of methods) {
    const found = periods.flatMap(({ start, end, results }): Json[] => {
      const result = results[method];
      return result === undefined ? [] : [[jsonOfValue(result), shownTime(start), shownTime(end)]];
    });
    if (found.length > 0) shown[method] = found;
  }
  return shown;
}

const compactOne = (items: readonly string[]): Json => (items.length === 1 ? (items[0] as string) : items);
