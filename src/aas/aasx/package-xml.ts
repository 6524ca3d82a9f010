import type { Readable } from "node:stream";
import { SaxesParser } from "saxes";
import type { HubError } from "../../core/errors.ts";
import { decodedText } from "../decoded-text.ts";
import { packageError } from "./package-error.ts";
import { partKey, partNamed } from "./part-name.ts";

/** Bytes of a part that only describes others. */
const bound = 8 * 2 ** 20;
const contentTypesNamespace = "http://schemas.openxmlformats.org/package/2006/content-types";
const relationshipsNamespace = "http://schemas.openxmlformats.org/package/2006/relationships";

export interface Relationship {
  readonly type: string;
  /** As it stands there, to be resolved against the part that it belongs to. */
  readonly target: string;
}

/** The media types that `[Content_Types].xml` gives to parts (ECMA-376-2, 6.2.3). */
export interface ContentTypes {
  /** By part name. */
  readonly overrides: ReadonlyMap<string, string>;
  /** By extension in lower case. */
  readonly defaults: ReadonlyMap<string, string>;
}

export async function readContentTypes(part: Readable, name: string): Promise<ContentTypes> {
  const overrides = new Map<string, string>();
  const defaults = new Map<string, string>();
  await readElements(part, name, { root: "Types", namespace: contentTypesNamespace }, (element, attributes) => {
    const type = needed(attributes, "ContentType", element, name);
    if (element === "Override") {
      const part = needed(attributes, "PartName", element, name);
      overrides.set(partKey(partNamed(part, "/") ?? part), type);
    } else if (element === "Default") defaults.set(needed(attributes, "Extension", element, name).toLowerCase(), type);
  });
  return { overrides, defaults };
}

/** Relationships to other parts of the package; those to the outside are passed over. */
export async function readRelationships(part: Readable, name: string): Promise<readonly Relationship[]> {
  const all: Relationship[] = [];
  const root = { root: "Relationships", namespace: relationshipsNamespace };
  await readElements(part, name, root, (element, attributes) => {
    if (element !== "Relationship") {
      throw packageError("invalid", name, `an element ${element.slice(0, 80)}`, "Relationship elements alone");
    }
    const type = needed(attributes, "Type", element, name);
    const target = needed(attributes, "Target", element, name);
    if (attributes.get("TargetMode") !== "External") all.push({ type, target });
  });
  return all;
}

type Seen = (element: string, attributes: ReadonlyMap<string, string>) => void;

async function readElements(
  part: Readable,
  name: string,
  { root, namespace }: { readonly root: string; readonly namespace: string },
  seen: Seen,
): Promise<void> {
  const parser = new SaxesParser({ xmlns: true });
  let depth = 0;
  const wrong = (message: string, expected: string, cause?: unknown): HubError =>
    packageError("malformed", `${name}:${parser.line}:${parser.column}`, message, expected, cause);
  parser.on("error", (error) => {
    throw wrong(error.message.replace(/^\d+:\d+: /, ""), "well-formed XML", error);
  });
  parser.on("doctype", () => {
    throw wrong("a document type (DOCTYPE)", "XML without DOCTYPE");
  });
  parser.on("opentag", ({ local, uri, attributes }) => {
    if (uri !== namespace || (depth === 0 && local !== root)) {
      throw wrong(`<${local}> of the namespace "${uri}"`, `<${root} xmlns="${namespace}">`);
    }
    if (depth++ > 1) throw wrong("elements within elements", "a flat list");
    if (depth === 1) return;
    seen(local, new Map(Object.values(attributes).map((attribute) => [attribute.local, attribute.value])));
  });
  parser.on("closetag", () => {
    depth--;
  });
  for await (const text of decodedText(part, bound)) parser.write(text);
  parser.close();
}

function needed(attributes: ReadonlyMap<string, string>, attribute: string, element: string, name: string): string {
  const value = attributes.get(attribute);
  if (value === undefined) {
    throw packageError("invalid", name, `a ${element} without ${attribute}`, `the attribute ${attribute}`);
  }
  return value;
}
