import { Type } from "typebox";
import { byteSize, choice, duration, secret } from "./fields.ts";

const closed = { additionalProperties: false };

const eventTypes = ["created", "updated", "deleted", "valueChanged", "invoked", "finished"] as const;

const EventTarget = Type.Object(
  {
    name: Type.String({
      pattern: "^[A-Za-z0-9][A-Za-z0-9_-]{0,63}$",
      description: "Name of the target, in logs and figures.",
    }),
    url: Type.String({
      pattern: "^(mqtts?|https?)://[^/?#]+",
      description: "Broker (`mqtt://broker:1883`) or webhook (`https://erp.example/hooks/twins`).",
    }),
    topic: Type.String({
      minLength: 1,
      maxLength: 255,
      default: "twinweave/{tenant}/aas",
      description: "MQTT topic; `{tenant}`, `{type}`, `{submodel}` (its id in base64url) and `{path}` are filled in.",
    }),
    form: choice(["cloud-events", "event-payload"], {
      default: "cloud-events",
      description:
        "`cloud-events`: every change as CloudEvent `io.admin-shell.events.v1.*`, as Factory-X proposes. `event-payload`: what BasicEventElements of direction output observe, as EventPayload of the metamodel (experimental).",
    }),
    content: choice(["slim", "full"], {
      default: "slim",
      description: "`slim` says what changed and where; `full` has the element with it.",
    }),
    types: Type.Array(choice(eventTypes, {}), {
      default: [...eventTypes],
      minItems: 1,
      description: "Which events are sent.",
    }),
    documents: Type.Optional(
      Type.Array(Type.String({ minLength: 1 }), {
        description: "Identifiers of the submodels and shells that count; `*` stands for any text. Left out: all.",
      }),
    ),
    tenants: Type.Optional(
      Type.Array(Type.String({ minLength: 1 }), { description: "Tenants whose changes are sent; left out: all." }),
    ),
    minInterval: duration({
      default: "1s",
      description:
        "Least time between two values of one linked element; the newest is sent at its end. `0s` sends every change.",
    }),
    headers: Type.Record(Type.String({ minLength: 1 }), secret({}), {
      default: {},
      description: "Header fields of a webhook, such as `Authorization: ${file:/run/secrets/erp}`.",
    }),
    version: choice(["3.1.1", "5"], { default: "5", description: "Version of MQTT." }),
    qos: Type.Unsafe<0 | 1 | 2>(
      Type.Integer({ minimum: 0, maximum: 2, default: 1, description: "MQTT quality of service." }),
    ),
    user: Type.Optional(Type.String({ minLength: 1, description: "User at the broker." })),
    password: Type.Optional(secret({ description: "The user's password." })),
  },
  { ...closed, description: "Where events of AAS elements go. The egress policy does not bind these targets." },
);

const servedId = (path: string, kind: string) =>
  Type.Optional(
    Type.String({
      minLength: 1,
      maxLength: 2048,
      description: `Id of the ${kind} that \`${path}\` serves; left out, the only one there is.`,
    }),
  );

/** What concerns the AAS API alone. */
export const AasSection = Type.Object(
  {
    fileLimit: byteSize({
      default: "256 MiB",
      description: "Largest attachment, thumbnail or AASX package that a client may upload.",
    }),
    shell: servedId("/aas", "shell"),
    submodel: servedId("/submodel", "submodel"),
    events: Type.Array(EventTarget, { default: [], maxItems: 16, description: "Where events of AAS elements go." }),
  },
  { ...closed, default: {}, description: "The AAS API: what `/aas` and `/submodel` serve, and where events go." },
);
