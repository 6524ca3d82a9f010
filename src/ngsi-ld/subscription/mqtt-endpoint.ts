import { valueOfKey } from "./key-values.ts";
import { oneOf, refuse } from "./members.ts";
import type { Endpoint } from "./subscription.ts";

/** How notifications go to an MQTT broker (CIM 009 7.2, table 7.2-1). */
export interface MqttParameters {
  readonly version: "3.1.1" | "5";
  readonly qos: 0 | 1 | 2;
}

const VERSIONS = { "mqtt3.1.1": "3.1.1", "mqtt5.0": "5" } as const;
const LEVELS = { "0": 0, "1": 1, "2": 2 } as const;

/** From `notifierInfo`, with the table's defaults. Throws HubError `invalid`. */
export function mqttParameters({ notifierInfo }: Endpoint): MqttParameters {
  const read = <T extends Readonly<Record<string, unknown>>>(key: string, known: T, otherwise: keyof T & string) =>
    known[
      oneOf(valueOfKey(notifierInfo, key) ?? otherwise, Object.keys(known), `${key} in notifierInfo`) as keyof T
    ] as T[keyof T];
  return { version: read("MQTT-Version", VERSIONS, "mqtt5.0"), qos: read("MQTT-QoS", LEVELS, "0") };
}

/** `mqtt[s]://[<username>][:<password>]@<host>[:<port>]/<topic>[/<subtopic>]*` */
export function requireMqtt(endpoint: Endpoint): void {
  mqttParameters(endpoint);
  const url = new URL(endpoint.uri);
  if (url.hostname === "") refuse("notification.endpoint.uri names no broker");
  // Topics that are published to hold no wildcards (MQTT 5.0, 4.7.1).
  if (url.hash !== "" || url.search !== "" || !/^\/[^+#]+$/.test(url.pathname) || /%(?:23|2b|00)/i.test(url.pathname)) {
    refuse("notification.endpoint.uri must end in an MQTT topic without wildcards (CIM 009 7.2)");
  }
}
