import type { Context } from "../context/contexts.ts";
import { type JsonObject, stringifyJson } from "../json/json.ts";
import { CONTEXT_RELATION, CORE_CONTEXT_URL } from "../vocabulary.ts";
import { valueOfKey } from "./key-values.ts";
import { type MqttParameters, mqttParameters } from "./mqtt-endpoint.ts";
import type { Endpoint } from "./subscription.ts";

/** A notification on its way to an endpoint. */
export interface NotificationMessage {
  readonly url: string;
  readonly headers: Readonly<Record<string, string>>;
  readonly body: string;
  /** Milliseconds. */
  readonly timeout?: number;
  readonly cooldown?: number;
  readonly mqtt?: MqttParameters;
  /** Further deliveries that it tells of. */
  readonly covers?: readonly number[];
}

const DEFAULT_TENANT = "default";

/** Whether the context stands in the notification itself, or is linked to (CIM 009 6.3.8). */
export function embedsContext({ accept, receiverInfo }: Endpoint): boolean {
  if (accept === "application/geo+json") return !/\bbody=json\b/.test(valueOfKey(receiverInfo, "Prefer") ?? "");
  return accept === "application/ld+json";
}

/** The message of a notification: an HTTP request (6.3.8), or an MQTT message of `metadata` and `body` (7.2). */
export function messageOf(
  endpoint: Endpoint,
  notification: JsonObject,
  context: Context,
  tenant: string,
): NotificationMessage {
  const { uri, accept = "application/json", timeout, cooldown } = endpoint;
  const link = `<${context.url ?? CORE_CONTEXT_URL}>; rel="${CONTEXT_RELATION}"; type="application/ld+json"`;
  const metadata: Record<string, string> = {
    ...Object.fromEntries((endpoint.receiverInfo ?? []).map(({ key, value }) => [key, value])),
    "Content-Type": accept,
    ...(embedsContext(endpoint) ? {} : { Link: link }),
    ...(tenant === DEFAULT_TENANT ? {} : { "NGSILD-Tenant": tenant }),
  };
  const times = { ...(timeout === undefined ? {} : { timeout }), ...(cooldown === undefined ? {} : { cooldown }) };
  if (!uri.startsWith("mqtt")) return { url: uri, headers: metadata, body: stringifyJson(notification), ...times };
  const body = stringifyJson({ metadata, body: notification });
  return { url: uri, headers: { "content-type": "application/json" }, body, mqtt: mqttParameters(endpoint), ...times };
}
