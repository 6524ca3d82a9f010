import { Type } from "typebox";
import { Compile } from "typebox/compile";
import type { AddressSyntax, ParsedAddress } from "../../core/address-syntax.ts";
import type { Value } from "../../core/value.ts";
import { exactJson, parseExactJson } from "./exact-json.ts";
import { type FieldPath, fieldPathText, readFieldPath } from "./field-path.ts";
import { resolveTopic, topicProblem } from "./topic.ts";

export const formats = ["auto", "json", "utf8", "base64"] as const;
export type Format = (typeof formats)[number];

/** One point, as the connector works with it. */
export interface MqttAddress {
  readonly topic: string;
  /** Empty: the whole payload. */
  readonly path: FieldPath;
  readonly format: Format;
  /** Where the payload says its time and its quality. */
  readonly time?: FieldPath;
  readonly quality?: FieldPath;
  /** Topic to which a write is published. */
  readonly command?: string;
  /** JSON in which `$value` stands for what is written; without, the value alone. */
  readonly template?: Value;
}

/** Object form of `from:`. */
export const mqttAddressSchema = Type.Object(
  {
    topic: Type.Optional(
      Type.String({
        maxLength: 65_535,
        description:
          "Topic, without wildcards. Below a base it goes on from there; a leading / starts at the root again.",
      }),
    ),
    field: Type.Optional(
      Type.String({
        description:
          'Path to a field of a JSON payload: `motor.phases[0].current`, `["odd.name"]`. Left out: the whole payload.',
      }),
    ),
    format: Type.Optional(
      Type.Enum([...formats], {
        description:
          "How the payload is read: json (default with a field), utf8 text, base64 (octets), or auto (default without a field: a JSON number, boolean, string or null as such, anything else as text).",
      }),
    ),
    time: Type.Optional(
      Type.String({
        description:
          "Path to the field with the source's time: ISO 8601, or seconds, milliseconds, microseconds or nanoseconds since 1970.",
      }),
    ),
    quality: Type.Optional(
      Type.String({
        description:
          "Path to the field with the quality: true or false, a word that begins with good, uncertain or bad, or an OPC UA status code.",
      }),
    ),
    command: Type.Optional(
      Type.String({
        minLength: 1,
        maxLength: 65_535,
        description:
          "Topic to which a write is published, with QoS 1. Without it the point is read-only. Relative to the base, too.",
      }),
    ),
    template: Type.Optional(
      Type.Unknown({
        description:
          'Payload of a write, any JSON in which "$value" stands for the value: { setpoint: $value }. Without it: the value alone.',
      }),
    ),
  },
  {
    additionalProperties: false,
    description:
      "String form: `topic#field.path`, or `topic` for the whole payload: `plant/p1/state#motor.phases[0].current`. " +
      "Below a base such as `plant/p1`, `state#speed` is `plant/p1/state#speed`, and `#speed` a field of `plant/p1` itself.",
  },
);

const objectForm = Compile(mqttAddressSchema);
const FORM = "topic#field.path, or { topic, field, format, time, quality, command, template }";

type Problem = { readonly problem: { readonly message: string; readonly expected?: string } };
interface Texts {
  topic?: string;
  field?: string;
  format?: Format;
  time?: string;
  quality?: string;
  command?: string;
  template?: unknown;
}

export const mqttAddresses: AddressSyntax = {
  parse(from, base): ParsedAddress {
    const parsed = parseMqttAddress(from, base);
    if ("problem" in parsed) return parsed;
    return { tag: mqttTag(parsed), writable: parsed.command !== undefined };
  },
};

export function parseMqttAddress(from: unknown, base?: string): MqttAddress | Problem {
  const texts = typeof from === "string" ? readText(from) : readObject(from);
  if ("problem" in texts) return texts;
  const topic = resolveTopic(texts.topic ?? "", base);
  const command = texts.command === undefined ? undefined : resolveTopic(texts.command, base);
  for (const name of command === undefined ? [topic] : [topic, command]) {
    const message = topicProblem(name);
    if (message !== undefined) return { problem: { message, expected: FORM } };
  }
  const paths: { [key in "field" | "time" | "quality"]?: FieldPath } = {};
  for (const key of ["field", "time", "quality"] as const) {
    const text = texts[key];
    if (text === undefined) continue;
    const read = readFieldPath(text);
    if (read?.rest !== "" || (key !== "field" && read.path.length === 0)) return pathProblem(key, text);
    paths[key] = read.path;
  }
  return complete(topic, paths, texts, command);
}

/** The canonical text: `topic#path#option=…&option=…`, parts that say nothing left out. */
export function mqttTag(address: MqttAddress): string {
  const options = new URLSearchParams();
  if (address.format !== defaultFormat(address.path)) options.set("format", address.format);
  if (address.time) options.set("time", fieldPathText(address.time));
  if (address.quality) options.set("quality", fieldPathText(address.quality));
  if (address.command !== undefined) options.set("command", address.command);
  if (address.template !== undefined) options.set("template", exactJson(address.template) ?? "");
  const path = fieldPathText(address.path);
  const tail = options.size > 0 ? `#${options}` : "";
  return path === "" && tail === "" ? address.topic : `${address.topic}#${path}${tail}`;
}

function complete(
  topic: string,
  paths: { readonly [key in "field" | "time" | "quality"]?: FieldPath },
  texts: Texts,
  command: string | undefined,
): MqttAddress | Problem {
  const path = paths.field ?? [];
  const format = texts.format ?? defaultFormat(path);
  if (path.length > 0 && format !== "json") {
    return { problem: { message: `a payload read as ${format} has no fields`, expected: "format json, or no field" } };
  }
  if (texts.template !== undefined && command === undefined) {
    return {
      problem: { message: "a template without a command is never sent", expected: "command: the topic to publish to" },
    };
  }
  if (texts.template !== undefined && exactJson(texts.template as Value) === undefined) {
    return { problem: { message: "JSON has neither NaN nor infinity", expected: "a template that JSON can say" } };
  }
  return {
    topic,
    path,
    format,
    ...(paths.time && { time: paths.time }),
    ...(paths.quality && { quality: paths.quality }),
    ...(command !== undefined && { command }),
    ...(texts.template !== undefined && { template: texts.template as Value }),
  };
}

function defaultFormat(path: FieldPath): Format {
  return path.length > 0 ? "json" : "auto";
}

function readObject(from: unknown): Texts | Problem {
  if (objectForm.Check(from)) return from;
  const first = objectForm.Errors(from)[0];
  return {
    problem: { message: `${first?.instancePath || "the address"} ${first?.message ?? "is none"}`, expected: FORM },
  };
}

function readText(text: string): Texts | Problem {
  const hash = text.indexOf("#");
  if (hash < 0) return { topic: text };
  const read = readFieldPath(text.slice(hash + 1));
  if (!read) return pathProblem("field", text.slice(hash + 1));
  const field = read.path.length > 0 ? { field: fieldPathText(read.path) } : {};
  const options: Record<string, unknown> = Object.fromEntries(new URLSearchParams(read.rest.slice(1)));
  if (typeof options.template === "string") {
    try {
      options.template = parseExactJson(options.template);
    } catch {
      return { problem: { message: `${options.template}: a template is JSON`, expected: '{"setpoint":"$value"}' } };
    }
  }
  return readObject({ topic: text.slice(0, hash), ...field, ...options });
}

function pathProblem(key: string, text: string): Problem {
  return { problem: { message: `${key}: "${text}" is no path`, expected: 'motor.phases[0].current or ["odd.name"]' } };
}
