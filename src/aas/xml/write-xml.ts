import { HubError } from "../../core/errors.ts";
import { isObject, type JsonObject } from "../validation/check.ts";
import {
  type Choice,
  type ClassName,
  choices,
  classMembers,
  type IdentifiableClass,
  type MemberShape,
  namespaces,
  tagOf,
  type XmlVersion,
} from "./xml-shapes.ts";

/** What stands before the first list of an Environment; `environmentEnd` closes it. */
export function environmentStart(version: XmlVersion): string {
  return `<?xml version="1.0" encoding="UTF-8"?>\n<environment xmlns="${namespaces[version]}">`;
}

export const environmentEnd = "</environment>";

/** A shell, submodel or concept description as the XML element that its list in an Environment holds. */
export function identifiableXml(type: IdentifiableClass, value: unknown): string {
  return objectXml(tagOf(type), type, value);
}

function objectXml(tag: string, type: ClassName, value: unknown): string {
  if (!isObject(value)) throw unwritable(tag, value);
  const shapes = classMembers[type];
  for (const name of Object.keys(value)) {
    if (!Object.hasOwn(shapes, name) && name !== "modelType") throw unwritable(`${type}.${name}`, value[name]);
  }
  let inner = "";
  for (const [name, shape] of Object.entries(shapes)) {
    const member = value[name];
    if (member !== undefined) inner += memberXml(name, shape, member);
  }
  return wrapped(tag, inner);
}

function memberXml(tag: string, shape: MemberShape, value: unknown): string {
  switch (shape.kind) {
    case "text":
    case "bytes":
      if (typeof value !== "string") throw unwritable(tag, value);
      return wrapped(tag, escaped(value));
    case "flag":
      if (typeof value !== "boolean") throw unwritable(tag, value);
      return wrapped(tag, String(value));
    case "object":
      return objectXml(tag, shape.of, value);
    case "list":
      return wrapped(
        tag,
        itemsOf(tag, value, (item) => objectXml(shape.item, shape.of, item)),
      );
    case "choices":
      return wrapped(
        tag,
        itemsOf(tag, value, (item) => chosenXml(shape.of, item)),
      );
    case "choice":
      return wrapped(tag, chosenXml(shape.of, value));
  }
}

function chosenXml(choice: Choice, value: unknown): string {
  const tag = tagOf(String((value as JsonObject | undefined)?.modelType));
  const type = choices[choice].get(tag);
  if (type === undefined) throw unwritable(tag, value);
  return objectXml(tag, type, value);
}

function itemsOf(tag: string, value: unknown, write: (item: unknown) => string): string {
  if (!Array.isArray(value)) throw unwritable(tag, value);
  let text = "";
  for (const item of value) text += write(item);
  return text;
}

function wrapped(tag: string, inner: string): string {
  return `<${tag}>${inner}</${tag}>`;
}

const special = /[&<>\r]/;

/** Text content; a carriage return would be read back as a line feed (XML 1.0, 2.11). */
function escaped(text: string): string {
  if (!special.test(text)) return text;
  return text.replaceAll("&", "&amp;").replaceAll("<", "&lt;").replaceAll(">", "&gt;").replaceAll("\r", "&#xD;");
}

/** What was stored has been validated, so this is the hub's own fault. */
function unwritable(what: string, value: unknown): HubError {
  return new HubError("internal", `${what} cannot be written as AAS XML: ${JSON.stringify(value)?.slice(0, 80)}`);
}
