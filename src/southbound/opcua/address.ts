import { Type } from "typebox";
import type { AddressSyntax, ParsedAddress } from "../../core/address-syntax.ts";
import { HubError } from "../../core/errors.ts";

/** A name on a browse path; without a namespace it matches in every namespace. */
export interface PathStep {
  readonly namespace?: string;
  readonly name: string;
}

/** Where a point lies: a node, or a way along hierarchical references from a node or from the root folder. */
export interface NodeAddress {
  readonly node?: { readonly namespace: string; readonly kind: "i" | "s" | "g" | "b"; readonly id: string };
  readonly path: readonly PathStep[];
}

export const UA_NAMESPACE = "http://opcfoundation.org/UA/";

/** The folders below Root (OPC 10000-5, 8.2): a path that starts with one is absolute. */
const ROOT_FOLDERS = new Set(["Objects", "Types", "Views"]);

const NODE_FORM = /^(?:nsu=([^;]+);)?([isgb])=(.+)$/s;
const INDEX_FORM = /^ns=(\d+);(.*)$/s;
const GUID = /^[0-9a-f]{8}(?:-[0-9a-f]{4}){3}-[0-9a-f]{12}$/i;

export const opcuaAddressSchema = Type.Union([
  Type.String({
    description:
      "A browse path (`Process/Temp` below the matched node, `Objects/Line1/Press1/Process/Temp` from the root; a name may be qualified: `nsu=<namespace URI>;Temp`), a node (`nsu=<namespace URI>;s=Press1.Temp`, `i=2258`), or both (`nsu=…;s=Press1#/Process/Temp`). `&` stands before a `/`, `#` or `&` that belongs to a name. `.` is the matched node itself. Namespaces are given by URI, since their indexes change.",
  }),
  Type.Object(
    {
      node: Type.Optional(Type.String({ description: "`nsu=<namespace URI>;s=<id>`; the matched node without." })),
      path: Type.Optional(Type.String({ description: "Browse path from there." })),
    },
    { additionalProperties: false, description: "The same in two members, where the string form reads badly." },
  ),
]);

export const opcuaAddresses: AddressSyntax = {
  parse(from, base): ParsedAddress {
    try {
      const start = base === undefined ? undefined : parseAddress(base);
      return { tag: formatAddress(join(fromText(from), start)) };
    } catch (thrown) {
      const problem = thrown instanceof HubError ? thrown.problems[0] : undefined;
      if (problem === undefined) throw thrown;
      const { message, expected } = problem;
      return { problem: { message, ...(expected !== undefined && { expected }) } };
    }
  },
};

function wrong(message: string, expected: string): HubError {
  return new HubError("invalid", message, { problems: [{ place: "from", message, expected }] });
}

interface Written extends NodeAddress {
  readonly absolute: boolean;
}

function fromText(from: unknown): Written {
  if (typeof from === "string") return parseText(from);
  if (typeof from === "object" && from !== null && !Array.isArray(from)) {
    const { node, path } = from as { node?: unknown; path?: unknown };
    if (typeof node === "string") {
      const start = parseText(node);
      if (start.node === undefined) throw wrong(`${node} is no node id`, "nsu=<namespace URI>;s=<id>");
      return { ...start, path: [...start.path, ...(typeof path === "string" ? parsePath(path) : [])] };
    }
    if (typeof path === "string") return parseText(path);
  }
  throw wrong("this is no OPC UA address", "a text such as Process/Temp, or an object with node and path");
}

/** Reads the canonical form that `parse` gave. Throws HubError `invalid` for what is none. */
export function parseAddress(tag: string): NodeAddress {
  const { node, path } = parseText(tag);
  return node === undefined ? { path } : { node, path };
}

function parseText(text: string): Written {
  if (text === "") throw wrong("the address is empty", "Process/Temp, nsu=<namespace URI>;s=<id>, or .");
  const index = INDEX_FORM.exec(text);
  if (index !== null && index[1] !== "0") {
    throw wrong(
      `${text} names a namespace by its index, which changes when the server does`,
      `nsu=<URI of namespace ${index[1]}>;${index[2]}`,
    );
  }
  const plain = index === null ? text : (index[2] ?? "");
  const form = NODE_FORM.exec(plain);
  if (form !== null) return nodeForm(form[1], form[2] as "i" | "s" | "g" | "b", form[3] ?? "");
  const path = text === "." ? [] : parsePath(text.startsWith("/") ? text.slice(1) : text);
  const first = path[0];
  const absolute = first?.namespace === undefined && ROOT_FOLDERS.has(first?.name ?? "") && !text.startsWith("./");
  return { path, absolute };
}

function nodeForm(namespace: string | undefined, kind: "i" | "s" | "g" | "b", rest: string): Written {
  const split = unescapedIndex(rest, "#/");
  const id = unescaped(split < 0 ? rest : rest.slice(0, split));
  if (namespace === undefined && kind !== "i") {
    throw wrong(`${kind}=${id} has no namespace`, `nsu=<namespace URI>;${kind}=${id}`);
  }
  if (kind === "i" && !(/^\d{1,10}$/.test(id) && Number(id) <= 0xffffffff)) {
    throw wrong(`i=${id} is no numeric id`, "i=<0 to 4294967295>; a text id is written s=<id>");
  }
  if (kind === "g" && !GUID.test(id)) throw wrong(`g=${id} is no GUID`, "g=<8-4-4-4-12 hex digits>");
  const path = split < 0 ? [] : parsePath(rest.slice(split + 2));
  return { node: { namespace: namespace ?? UA_NAMESPACE, kind, id }, path, absolute: true };
}

function parsePath(text: string): PathStep[] {
  const steps: PathStep[] = [];
  let rest = text.startsWith("./") ? text.slice(2) : text;
  for (;;) {
    // In a qualified name the URI ends at the semicolon: its slashes are its own.
    const namespace = /^nsu=([^;]+);/.exec(rest)?.[1];
    if (namespace !== undefined) rest = rest.slice(namespace.length + 5);
    const end = unescapedIndex(rest, "/");
    const name = unescaped(end < 0 ? rest : rest.slice(0, end));
    if (name === "") throw wrong(`${text} has an empty step`, "names with one / between them");
    steps.push(namespace === undefined ? { name } : { namespace, name });
    if (end < 0) return steps;
    rest = rest.slice(end + 1);
  }
}

function join(written: Written, base: NodeAddress | undefined): NodeAddress {
  if (written.absolute)
    return written.node === undefined ? { path: written.path } : { node: written.node, path: written.path };
  if (base !== undefined) return { ...base, path: [...base.path, ...written.path] };
  const text = formatAddress(written);
  throw wrong(`${text} is relative, and there is nothing to be relative to`, `Objects/…/${text}, or a forEach`);
}

export function formatAddress({ node, path }: NodeAddress): string {
  const steps = path.map(formatStep).join("/");
  if (node === undefined) return steps;
  const start = node.namespace === UA_NAMESPACE && node.kind === "i" ? "" : `nsu=${node.namespace};`;
  const id = node.id.replaceAll("&", "&&").replaceAll("#/", "&#/");
  return `${start}${node.kind}=${id}${path.length === 0 ? "" : `#/${steps}`}`;
}

export function formatStep({ namespace, name }: PathStep): string {
  const escaped = name.replace(/[&/#]/g, "&$&").replace(/^(nsu=|ns=|[isgb]=|\.$)/, "&$1");
  return namespace === undefined ? escaped : `nsu=${namespace};${escaped}`;
}

function unescaped(text: string): string {
  return text.replace(/&(.)/gs, "$1");
}

/** Where `mark` first stands without an `&` before it that escapes it; −1 where it does not. */
function unescapedIndex(text: string, mark: string): number {
  for (let index = 0; index < text.length; index += 1) {
    if (text[index] === "&") index += 1;
    else if (text.startsWith(mark, index)) return index;
  }
  return -1;
}
