import type { NodeId } from "node-opcua-client";
import type { MethodArgument } from "../../core/browse.ts";
import { HubError } from "../../core/errors.ts";
import { formatAddress, parseAddress } from "./address.ts";
import type { OpcuaLibrary } from "./library.ts";
import { type NodeFacts, valueTypeOf } from "./node-facts.ts";
import type { RawSession } from "./raw-session.ts";
import type { AddressSpace } from "./resolve.ts";

const VALUE = 13;
const METHOD = 4;
const INVERSE = 1;
const HIERARCHICAL_REFERENCES = "i=33";
/** NodeClass and BrowseName. */
const RESULT_MASK = 4 | 8;

/** One argument as the server declares it (OPC 10000-3, 8.6). */
export interface DeclaredArgument extends MethodArgument {
  /** Number of the built-in type; `undefined` where the declared one is abstract. */
  readonly builtIn: number | undefined;
  /** ValueRank: −1 a single value, −2 and −3 any, 0 and more an array. */
  readonly rank: number;
}

export interface MethodDefinition {
  /** The object on which the method is called. */
  readonly object: NodeId;
  readonly method: NodeId;
  readonly inputs: readonly DeclaredArgument[];
  readonly outputs: readonly DeclaredArgument[];
}

/** What methods take and give, by their addresses; kept for the session. */
export class MethodDefinitions {
  readonly #session: RawSession;
  readonly #space: AddressSpace;
  readonly #facts: NodeFacts;
  readonly #library: OpcuaLibrary;
  readonly #known = new Map<string, MethodDefinition>();

  constructor(session: RawSession, space: AddressSpace, facts: NodeFacts, library: OpcuaLibrary) {
    this.#session = session;
    this.#space = space;
    this.#facts = facts;
    this.#library = library;
  }

  /** The server may have been changed: the next call looks anew. */
  forget(tag: string): void {
    this.#known.delete(tag);
    this.#space.forget(tag);
  }

  /** @throws HubError `not-found` where there is nothing, `invalid` where it is no method */
  async one(tag: string, abort: AbortSignal): Promise<MethodDefinition> {
    const found = (await this.of([tag], abort)).get(tag);
    if (found === undefined || found instanceof HubError) {
      throw found ?? new HubError("not-found", `${tag} is not there`);
    }
    return found;
  }

  /** A definition, or why there is none, for each tag. */
  async of(tags: readonly string[], abort: AbortSignal): Promise<ReadonlyMap<string, MethodDefinition | HubError>> {
    const results = new Map<string, MethodDefinition | HubError>();
    const missing = tags.filter((tag) => !this.#known.has(tag));
    const nodes = await this.#space.resolve(missing, abort);
    for (const tag of missing) {
      const node = nodes.get(tag);
      const found = node === undefined || node instanceof HubError ? node : await this.#define(tag, node, abort);
      if (found === undefined) continue;
      results.set(tag, found);
      if (!(found instanceof HubError)) this.#known.set(tag, found);
    }
    for (const tag of tags) {
      const known = this.#known.get(tag);
      if (known !== undefined) results.set(tag, known);
    }
    return results;
  }

  async #define(tag: string, method: NodeId, abort: AbortSignal): Promise<MethodDefinition | HubError> {
    abort.throwIfAborted();
    const [self, properties] = await Promise.all([
      this.#facts.nodeClass(method, abort),
      this.#space.children([method], abort),
    ]);
    if (self !== METHOD) return new HubError("invalid", `${tag} is no method`);
    const object = await this.#objectOf(tag, method, abort);
    if (object instanceof HubError) return object;
    const [list] = properties;
    const below = list === undefined || list instanceof HubError ? [] : list;
    const declared = async (name: string): Promise<readonly DeclaredArgument[]> => {
      const property = below.find(({ browseName }) => browseName.namespaceIndex === 0 && browseName.name === name);
      if (property === undefined) return [];
      const nodeId = this.#library.client.coerceNodeId(property.nodeId.toString());
      const [data] = await this.#facts.read([{ nodeId, attributeId: VALUE }], abort);
      return await this.#arguments(data?.value?.value);
    };
    return { object, method, inputs: await declared("InputArguments"), outputs: await declared("OutputArguments") };
  }

  /** The node that the address names right before the method; where it names none, one that has the method. */
  async #objectOf(tag: string, method: NodeId, abort: AbortSignal): Promise<NodeId | HubError> {
    const { node, path } = parseAddress(tag);
    if (path.length > 0) {
      const above = { ...(node && { node }), path: path.slice(0, -1) };
      const parent = formatAddress(above) === "" ? "i=84" : formatAddress(above);
      return (await this.#space.resolve([parent], abort)).get(parent) ?? new HubError("not-found", `${parent} is gone`);
    }
    const [result] = await this.#session.browse([
      {
        nodeId: method,
        browseDirection: INVERSE,
        referenceTypeId: HIERARCHICAL_REFERENCES,
        includeSubtypes: true,
        resultMask: RESULT_MASK,
      },
    ]);
    const owner = result?.references?.[0];
    if (owner === undefined) return new HubError("not-found", `no object has the method ${tag}`);
    return this.#library.client.coerceNodeId(owner.nodeId.toString());
  }

  async #arguments(value: unknown): Promise<readonly DeclaredArgument[]> {
    if (!Array.isArray(value)) return [];
    const found: DeclaredArgument[] = [];
    for (const [index, one] of value.entries()) {
      const { name, dataType, valueRank, description } = one as {
        readonly name?: string | null;
        readonly dataType: NodeId;
        readonly valueRank: number;
        readonly description?: { readonly text?: string | null };
      };
      const builtIn = await this.#facts.builtInOf(dataType);
      // A matrix is a structure to everybody north of here.
      const valueType = builtIn === undefined || valueRank > 1 ? undefined : valueTypeOf(builtIn);
      const text = description?.text;
      found.push({
        name: name ?? `Argument${index + 1}`,
        builtIn,
        rank: valueRank,
        list: valueRank >= 0,
        ...(valueType !== undefined && valueType !== "json" && { valueType }),
        ...(typeof text === "string" && text !== "" && { description: text.slice(0, 1_000) }),
      });
    }
    return found;
  }
}
