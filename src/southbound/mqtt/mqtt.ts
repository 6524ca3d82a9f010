import type { ConnectorType } from "../contract.ts";
import { mqttAddresses, mqttAddressSchema } from "./address.ts";
import { mqttConfig, mqttSettings } from "./config.ts";

/** MQTT 3.1.1 and 5.0 (OASIS). */
export const mqtt: ConnectorType<typeof mqttConfig> = {
  type: "mqtt",
  title: "MQTT",
  description:
    "Subscribes to the topics of a broker and takes its points from the payloads: whole ones, or fields of JSON. A message is " +
    "acknowledged when its readings are stored, and the broker keeps a session for us, so with QoS 1 or 2 nothing is lost over a " +
    "restart on either side. A payload that cannot be read makes the points of its topic bad and is acknowledged all the same. " +
    "Brokers bound what they keep for a client that is away (mosquitto: max_queued_messages, 1000): raise it where outages may be " +
    "longer. A write is published to the point's command topic; MQTT 5 tells where nobody listens to it.",
  liveness: "point",
  config: mqttConfig,
  addressSchema: mqttAddressSchema,
  examples: {
    source: [
      "sensors:",
      "  type: mqtt",
      '  url: "mqtts://broker.example.org:8883"',
      "  user: hub",
      '  password: "${file:/run/secrets/mqtt}"',
      '  topics: ["plant/+/telemetry"]',
    ].join("\n"),
    addresses: [
      "plant/p1/telemetry#temperature",
      "plant/p1/telemetry#motor.phases[0].current",
      'plant/p1/telemetry#["bearing.temp"]',
      "plant/p1/state",
      "plant/p1/telemetry#speed#time=ts&quality=status",
      "plant/p1/state#setpoint#command=plant%2Fp1%2Fset",
    ],
  },
  addresses: () => mqttAddresses,
  async prepare() {
    await import("./connection.ts");
  },
  create: (config, context) => ({
    async connect(sink, abort) {
      const { MqttConnection } = await import("./connection.ts");
      return await MqttConnection.open(mqttSettings(config), context, sink, abort);
    },
  }),
};
