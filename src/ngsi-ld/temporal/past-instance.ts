import { isoTime } from "../../core/time.ts";
import type { Value } from "../../core/value.ts";
import type { HistoryRow } from "../../store/series-contract.ts";
import type { AttributeBody } from "../entity/entity.ts";
import { kindOfBody } from "../entity/entity-document.ts";
import { liveBody, type QualityNames } from "../entity/live-attribute.ts";
import { isObject, type Json } from "../json/json.ts";
import { jsonOfValue } from "../json/value-json.ts";
import { type AttributeKind, isAttributeKind, NGSI_LD_NULL, valueMembers } from "../vocabulary.ts";
import type { Instance } from "./evolution.ts";
import { instanceIdOf } from "./instance-id.ts";
import type { TimeWindow } from "./temporal-query.ts";

/** Where a row comes from, and what its instances have from there. */
export interface InstanceSource {
  readonly series: number;
  readonly datasetId: string | undefined;
  /** Of a link's series: what the attribute is, beside its signal. */
  readonly linked: AttributeBody | undefined;
}

/** A row of history as the instance that it was (CIM 009 4.5.7); undefined where there was no value. */
export function instanceOf(
  row: HistoryRow,
  { series, datasetId, linked }: InstanceSource,
  by: TimeWindow["by"],
  names: QualityNames,
): Instance | undefined {
  const deleted = row.deleted === true;
  const createdAt = row.createdAt ?? row.modifiedAt;
  const body = deleted ? tombstone(row.value, linked, datasetId) : bodyOf(row, linked, names);
  if (body === undefined) return undefined;
  return {
    body,
    time: by === "at" || by === "observed" ? row.at : by === "created" ? createdAt : row.modifiedAt,
    observedAt: row.unobserved === true || deleted ? undefined : row.at,
    createdAt,
    modifiedAt: row.modifiedAt,
    deleted,
    instanceId: instanceIdOf({ series, instance: row.instance, createdAt }),
    datasetId,
  };
}

function bodyOf(row: HistoryRow, linked: AttributeBody | undefined, names: QualityNames): AttributeBody | undefined {
  const { value } = row;
  if (value === undefined) return undefined;
  if (linked !== undefined) return liveBody(linked, { ...row, value, createdAt: row.modifiedAt }, names);
  const body = jsonOfValue(value);
  return isObject(body) ? body : undefined;
}

/** 4.5.7: an instance that says that the attribute was deleted. */
function tombstone(value: Value | undefined, linked: AttributeBody | undefined, datasetId: string | undefined) {
  const said = value === undefined ? undefined : jsonOfValue(value);
  const body = isObject(said) ? said : (linked ?? {});
  const kind: AttributeKind = isAttributeKind(body.type) ? body.type : kindOfBody(body);
  const nothing: Json = kind === "LanguageProperty" ? { "@none": NGSI_LD_NULL } : NGSI_LD_NULL;
  return { type: kind, [valueMembers[kind]]: nothing, ...(datasetId === undefined ? {} : { datasetId }) };
}

/** Times in answers: without a fraction of nothing. */
export const shownTime = (ms: number): string => isoTime(ms).replace(/\.000Z$/, "Z");
