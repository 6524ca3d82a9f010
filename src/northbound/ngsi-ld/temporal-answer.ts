import { HubError } from "../../core/errors.ts";
import type { Context } from "../../ngsi-ld/context/contexts.ts";
import { NEWEST_MINOR, olderForm, versionOf } from "../../ngsi-ld/entity/older-version.ts";
import { type JsonObject, stringifyJson } from "../../ngsi-ld/json/json.ts";
import type { TimeRange } from "../../ngsi-ld/temporal/evolution.ts";
import { shownTime } from "../../ngsi-ld/temporal/past-instance.ts";
import type { AggregatedEvolution } from "../../ngsi-ld/temporal/temporal-service.ts";
import type { ApiRequest, ApiResponse } from "../operation-types.ts";
import { answer, preferenceOf } from "./answer.ts";
import { type AnswerType, LD_TYPE } from "./media-type.ts";

interface TemporalAnswer {
  readonly type: AnswerType;
  readonly context: Context;
  readonly body: JsonObject | readonly JsonObject[];
  /** Absent: the answer is whole. */
  readonly range?: TimeRange | undefined;
  readonly lastN?: number | undefined;
  readonly links?: readonly string[];
  readonly headers?: Readonly<Record<string, string>>;
}

/** Before it, an attribute had one instance; an evolution has many all the same. */
const LISTS_SINCE = 3;

/** 200, or 206 with the time that the answer is about (6.3.10). */
export function temporalAnswer(request: ApiRequest, given: TemporalAnswer): ApiResponse {
  const { type, context, body, range, lastN, links, headers } = given;
  const extra = type === LD_TYPE ? { "@context": context.reference } : {};
  const isList = Array.isArray(body);
  const version = versionOf(preferenceOf(request.headers.prefer, "ngsi-ld"));
  const isOlder = version !== undefined && version < NEWEST_MINOR;
  const form = (one: JsonObject): JsonObject => ({
    ...(isOlder ? olderForm(one, Math.max(version, LISTS_SINCE)) : one),
    ...extra,
  });
  const shown = isList ? body.map(form) : form(body as JsonObject);
  const applied = version === undefined ? {} : { "Preference-Applied": `ngsi-ld=1.${version}` };
  const partial =
    range === undefined
      ? {}
      : { "Content-Range": `date-time ${shownTime(range.start)}-${shownTime(range.end)}/${lastN ?? "*"}` };
  const whole = answer(request, type, context, stringifyJson(shown), {
    ...(links === undefined ? {} : { links }),
    headers: { ...headers, ...applied, ...partial },
  });
  if (range !== undefined) return { ...whole, status: 206 };
  // 4.3.6.8: what an older version cannot say was changed.
  return isOlder ? { ...whole, status: 203 } : whole;
}

/** 5.7.4.4: what was asked for by name must have a value that each method has a meaning for. */
export function requireEligible(evolutions: readonly AggregatedEvolution[], isNamed: boolean): void {
  const wrong = isNamed ? evolutions.flatMap(({ ineligible }) => ineligible)[0] : undefined;
  if (wrong === undefined) return;
  throw new HubError("malformed", `there is no ${wrong}: aggrMethods has no meaning for its values (CIM 009 4.5.19.1)`);
}
