import type { NodeId, ReferenceDescription } from "node-opcua-client";
import type { BrowseNode } from "../../core/browse.ts";
import { HubError } from "../../core/errors.ts";
import { formatAddress, type NodeAddress, type PathStep, parseAddress } from "./address.ts";
import { decodeVariant } from "./decode.ts";
import type { OpcuaLibrary } from "./library.ts";
import type { NodeFacts } from "./node-facts.ts";
import type { AddressSpace } from "./resolve.ts";

const OBJECT = 1;
const VARIABLE = 2;
const METHOD = 4;
const VALUE = 13;
/** Where OPC 40001-1 (Machinery) and its kin keep serial number, manufacturer and model. */
const IDENTIFICATION = "Identification";
const MAX_FIELDS = 64;
const MAX_FIELD_LENGTH = 1_000;
/** Nodes in flight between two steps of a pattern that has a `*` in more than one. */
const MAX_WIDTH = 100_000;

interface Found {
  readonly node: NodeId;
  readonly address: NodeAddress;
  readonly names: readonly string[];
  readonly nodeClass: number;
}

export interface BrowseRequest {
  readonly pattern: string;
  readonly limit: number;
  readonly abort: AbortSignal;
}

/** Walks a path pattern, `*` standing for any part of a name, and tells of what it finds. */
export class Browser {
  readonly #space: AddressSpace;
  readonly #facts: NodeFacts;
  readonly #library: OpcuaLibrary;

  constructor(space: AddressSpace, facts: NodeFacts, library: OpcuaLibrary) {
    this.#space = space;
    this.#facts = facts;
    this.#library = library;
  }

  async browse({ pattern, limit, abort }: BrowseRequest): Promise<readonly BrowseNode[]> {
    const wanted = parseAddress(pattern);
    const startTag = wanted.node === undefined ? undefined : formatAddress({ node: wanted.node, path: [] });
    let found: Found[] = [await this.#start(wanted, startTag, abort)];
    for (const [depth, step] of wanted.path.entries()) {
      const last = depth === wanted.path.length - 1;
      found = await this.#step(found, step, last ? limit : MAX_WIDTH, abort);
    }
    return this.#describe(found.slice(0, limit), abort);
  }

  async #start(wanted: NodeAddress, tag: string | undefined, abort: AbortSignal): Promise<Found> {
    const address = { ...(wanted.node && { node: wanted.node }), path: [] };
    if (tag === undefined)
      return { node: this.#library.client.coerceNodeId("i=84"), address, names: [], nodeClass: OBJECT };
    const node = (await this.#space.resolve([tag], abort)).get(tag);
    if (node === undefined || node instanceof HubError) throw node ?? new HubError("not-found", `${tag} is not there`);
    return { node, address, names: [tag], nodeClass: OBJECT };
  }

  async #step(from: readonly Found[], step: PathStep, most: number, abort: AbortSignal): Promise<Found[]> {
    const lists = await this.#space.children(
      from.map(({ node }) => node),
      abort,
    );
    const matches = glob(step.name);
    const next: Found[] = [];
    from.forEach((parent, index) => {
      const list = lists[index];
      if (list === undefined || list instanceof HubError) return;
      const children = distinct(list).filter(({ nodeClass }) => [OBJECT, VARIABLE, METHOD].includes(nodeClass));
      const uses = new Map<string, number>();
      for (const { browseName } of children)
        uses.set(browseName.name ?? "", (uses.get(browseName.name ?? "") ?? 0) + 1);
      for (const child of children) {
        const qualified = this.#space.qualified(child);
        if (!matches(qualified.name) || (step.namespace !== undefined && step.namespace !== qualified.namespace))
          continue;
        if (next.length >= most) return;
        const plain = (uses.get(qualified.name) ?? 0) < 2;
        const path = [...parent.address.path, plain ? { name: qualified.name } : qualified];
        next.push({
          node: this.#library.client.coerceNodeId(child.nodeId.toString()),
          address: { ...parent.address, path },
          names: [...parent.names, qualified.name],
          nodeClass: child.nodeClass,
        });
      }
    });
    return next;
  }

  async #describe(found: readonly Found[], abort: AbortSignal): Promise<BrowseNode[]> {
    const variables = found.filter(({ nodeClass }) => nodeClass === VARIABLE);
    const facts = await this.#facts.of(
      variables.map(({ node }) => node),
      abort,
    );
    const factsOf = new Map(variables.map((variable, index) => [variable, facts[index]]));
    const fields = await this.#fields(found, abort);
    return found.map((one, index) => ({
      address: formatAddress(one.address),
      name: one.names.at(-1) ?? "",
      path: one.names.join("/"),
      kind: one.nodeClass === VARIABLE ? "variable" : one.nodeClass === METHOD ? "method" : "folder",
      ...(Object.keys(fields[index] ?? {}).length > 0 && { fields: fields[index] }),
      ...factsOf.get(one),
    }));
  }

  /** Values of the variables right below, and below `Identification`; what is right below wins. */
  async #fields(found: readonly Found[], abort: AbortSignal): Promise<Record<string, string>[]> {
    const below = await this.#space.children(
      found.map(({ node }) => node),
      abort,
    );
    const identifications = below.map((list) =>
      list instanceof HubError ? undefined : list.find(({ browseName }) => browseName.name === IDENTIFICATION),
    );
    const owners = [...identifications.entries()].flatMap(([owner, node]) =>
      node === undefined ? [] : [{ owner, node }],
    );
    const inside = await this.#space.children(
      owners.map(({ node }) => this.#library.client.coerceNodeId(node.nodeId.toString())),
      abort,
    );
    const wanted = below.flatMap((list, owner) => variablesOf(list).map((child) => ({ owner, child })));
    owners.forEach(({ owner }, index) => {
      for (const child of variablesOf(inside[index] ?? [])) wanted.push({ owner, child });
    });
    const values = await this.#facts.read(
      wanted.map(({ child }) => ({ nodeId: child.nodeId, attributeId: VALUE })),
      abort,
    );
    const fields: Record<string, string>[] = found.map(() => ({}));
    wanted.forEach(({ owner, child }, index) => {
      const value = decodeVariant(values[index]?.value);
      const name = child.browseName.name ?? "";
      const target = fields[owner];
      if (target === undefined || name in target || value === null || typeof value === "object") return;
      const text = String(value);
      if (text.length <= MAX_FIELD_LENGTH) target[name] = text;
    });
    return fields;
  }
}

function variablesOf(list: readonly ReferenceDescription[] | HubError): readonly ReferenceDescription[] {
  if (list instanceof HubError) return [];
  return distinct(list)
    .filter(({ nodeClass }) => nodeClass === VARIABLE)
    .slice(0, MAX_FIELDS);
}

/** A child may be referenced twice, e.g. by Organizes and by HasComponent. */
function distinct(list: readonly ReferenceDescription[]): ReferenceDescription[] {
  return [...new Map(list.map((child) => [child.nodeId.toString(), child])).values()];
}

function glob(pattern: string): (name: string) => boolean {
  const parts = pattern.split("*");
  if (parts.length === 1) return (name) => name === pattern;
  const first = parts[0] ?? "";
  const last = parts.at(-1) ?? "";
  const middle = parts.slice(1, -1);
  return (name) => {
    if (!name.startsWith(first) || !name.endsWith(last) || name.length < first.length + last.length) return false;
    let at = first.length;
    for (const part of middle) {
      const next = name.indexOf(part, at);
      if (next < 0) return false;
      at = next + part.length;
    }
    return at <= name.length - last.length;
  };
}
