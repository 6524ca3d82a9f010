import { type Static, Type } from "typebox";
import { Default } from "typebox/value";

const tls = Type.Object(
  {
    ca: Type.Optional(
      Type.String({
        path: true,
        description: "PEM file of the authority that signed the broker's certificate; else those that Node ships.",
      }),
    ),
    cert: Type.Optional(
      Type.String({ path: true, description: "PEM file of our own certificate, where the broker asks for one." }),
    ),
    key: Type.Optional(Type.String({ path: true, description: "PEM file of the private key that belongs to `cert`." })),
    passphrase: Type.Optional(Type.String({ description: "Opens `key`, where it is encrypted.", secret: true })),
    servername: Type.Optional(
      Type.String({ description: "Name that the broker's certificate must carry, where it is not the host of `url`." }),
    ),
  },
  { additionalProperties: false, description: "For mqtts and wss. The broker's certificate is always verified." },
);

/** Section of a `type: mqtt` source in `twinweave.yaml`. */
export const mqttConfig = Type.Object(
  {
    url: Type.String({
      pattern: "^(mqtts?|wss?)://[^/@]+",
      description:
        "The broker: mqtt://host:1883, mqtts://host:8883 (TLS), ws://host/path or wss://host/path (WebSocket).",
      examples: ["mqtts://broker.example.org:8883"],
    }),
    version: Type.Optional(
      Type.Enum(["5", "3.1.1"], {
        default: "5",
        description: "Version of the protocol; 3.1.1 for brokers that do not know 5.",
      }),
    ),
    user: Type.Optional(Type.String({ minLength: 1, description: "User name." })),
    password: Type.Optional(Type.String({ description: "The user's password.", secret: true })),
    tls: Type.Optional(tls),
    clientId: Type.Optional(
      Type.String({
        minLength: 1,
        maxLength: 256,
        description:
          "Name of our session at the broker; two clients of one name throw each other out. Default: twinweave, the source's name and a random part that is kept in the data folder.",
      }),
    ),
    clean: Type.Optional(
      Type.Boolean({
        default: false,
        description:
          "Begin anew at each connection. By default the broker keeps messages of QoS 1 and 2 for us while we are away.",
      }),
    ),
    sessionExpiry: Type.Optional(
      Type.Integer({
        minimum: 0,
        maximum: 4_294_967_295,
        default: 86_400,
        description:
          "Seconds for which the broker keeps our session while we are away (MQTT 5; else the broker decides).",
      }),
    ),
    topics: Type.Optional(
      Type.Array(Type.String({ minLength: 1, maxLength: 65_535 }), {
        default: [],
        maxItems: 1000,
        description:
          "Topic filters to subscribe to, + and # allowed. A topic that a mapping names and no filter covers is subscribed to by itself.",
        examples: [["plant/+/telemetry"]],
      }),
    ),
    qos: Type.Optional(
      Type.Union([Type.Literal(0), Type.Literal(1), Type.Literal(2)], {
        default: 1,
        description: "Quality of service asked for. From 1 on a message is acknowledged once its readings are stored.",
      }),
    ),
    keepAlive: Type.Optional(
      Type.Integer({
        minimum: 2,
        maximum: 65_535,
        default: 30,
        description: "Seconds between signs of life of the session.",
      }),
    ),
    timeout: Type.Optional(
      Type.Integer({
        minimum: 100,
        maximum: 120_000,
        default: 10_000,
        description: "Milliseconds to wait for an answer of the broker.",
      }),
    ),
    receiveMaximum: Type.Optional(
      Type.Integer({
        minimum: 1,
        maximum: 65_535,
        default: 1000,
        description:
          "Messages that the broker may send ahead of our acknowledgements (MQTT 5). The hub holds back the connection at twice as many.",
      }),
    ),
    maxPayload: Type.Optional(
      Type.Integer({
        minimum: 1,
        maximum: 16_777_216,
        default: 1_048_576,
        description: "Octets of the longest payload that is looked into; a longer one makes its points bad.",
      }),
    ),
  },
  { additionalProperties: false },
);

export type MqttConfig = Static<typeof mqttConfig>;
type Defaulted =
  | "version"
  | "clean"
  | "sessionExpiry"
  | "topics"
  | "qos"
  | "keepAlive"
  | "timeout"
  | "receiveMaximum"
  | "maxPayload";
export type MqttSettings = MqttConfig & Required<Pick<MqttConfig, Defaulted>>;

/** The section with the schema's defaults in place of what it leaves out. */
export function mqttSettings(config: MqttConfig): MqttSettings {
  return Default(mqttConfig, { ...config }) as MqttSettings;
}
