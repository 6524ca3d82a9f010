import type { NodeId } from "node-opcua-client";
import type { MethodArgument } from "../../core/browse.ts";
import { HubError } from "../../core/errors.ts";
import { formatAddress, parseAddress } from "./address.ts";
import { type NodeFacts, valueTypeOf } from "./node-facts.ts";
import type { AddressSpace, Resolved } from "./resolve.ts";

const VALUE = 13;
const METHOD = 4;
const ROOT = "i=84";
const PROPERTIES: readonly string[] = ["InputArguments", "OutputArguments"];

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

interface Found {
  readonly tag: string;
  readonly method: NodeId;
}

/** What methods take and give, by their addresses; kept for the session. */
export class MethodDefinitions {
  readonly #space: AddressSpace;
  readonly #facts: NodeFacts;
  readonly #known = new Map<string, MethodDefinition>();

  constructor(space: AddressSpace, facts: NodeFacts) {
    this.#space = space;
    this.#facts = facts;
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

  /** A definition, or why there is none, for each tag; in a few requests, however many there are. */
  async of(tags: readonly string[], abort: AbortSignal): Promise<ReadonlyMap<string, MethodDefinition | HubError>> {
    const results = new Map<string, MethodDefinition | HubError>();
    const missing = tags.filter((tag) => !this.#known.has(tag));
    const nodes = await this.#space.resolve(missing, abort);
    const there: Found[] = [];
    for (const tag of missing) {
      const method = nodes.get(tag) ?? new HubError("not-found", `${tag} is not there`);
      if (method instanceof HubError) results.set(tag, method);
      else there.push({ tag, method });
    }
    const classes = await this.#facts.nodeClasses(
      there.map(({ method }) => method),
      abort,
    );
    const methods = there.filter(({ tag }, index) => {
      if (classes[index] === METHOD) return true;
      results.set(tag, new HubError("invalid", `${tag} is no method`));
      return false;
    });
    const objects = await this.#objectsOf(methods, abort);
    const values = await this.#argumentValues(methods, abort);
    for (const [index, { tag, method }] of methods.entries()) {
      const object = objects.get(tag) ?? new HubError("not-found", `no object has the method ${tag}`);
      if (object instanceof HubError) {
        results.set(tag, object);
        continue;
      }
      const { InputArguments, OutputArguments } = values[index] ?? {};
      const inputs = await this.#arguments(InputArguments);
      this.#known.set(tag, { object, method, inputs, outputs: await this.#arguments(OutputArguments) });
    }
    for (const tag of tags) {
      const known = this.#known.get(tag);
      if (known !== undefined) results.set(tag, known);
    }
    return results;
  }

  /** The nodes that the addresses name right before the methods; where one names none, an object that has the method. */
  async #objectsOf(methods: readonly Found[], abort: AbortSignal): Promise<ReadonlyMap<string, Resolved>> {
    const parents = new Map<string, string>();
    const orphans: Found[] = [];
    for (const one of methods) {
      const { node, path } = parseAddress(one.tag);
      if (path.length === 0) orphans.push(one);
      else parents.set(one.tag, formatAddress({ ...(node && { node }), path: path.slice(0, -1) }) || ROOT);
    }
    const nodes = await this.#space.resolve([...new Set(parents.values())], abort);
    const objects = new Map<string, Resolved>();
    for (const [tag, parent] of parents) {
      const object = nodes.get(parent);
      if (object !== undefined) objects.set(tag, object);
    }
    const owners = await this.#space.parents(
      orphans.map(({ method }) => method),
      abort,
    );
    for (const [index, { tag }] of orphans.entries()) {
      const owner = owners[index];
      if (owner !== undefined) objects.set(tag, owner);
    }
    return objects;
  }

  /** Values of the two properties that declare the arguments, for each method. */
  async #argumentValues(methods: readonly Found[], abort: AbortSignal): Promise<Partial<Record<string, unknown>>[]> {
    const lists = await this.#space.children(
      methods.map(({ method }) => method),
      abort,
    );
    const wanted = lists.flatMap((list, owner) =>
      (list instanceof HubError ? [] : list)
        .filter(({ browseName }) => browseName.namespaceIndex === 0 && PROPERTIES.includes(browseName.name ?? ""))
        .map(({ browseName, nodeId }) => ({ owner, name: browseName.name ?? "", nodeId })),
    );
    const values = await this.#facts.read(
      wanted.map(({ nodeId }) => ({ nodeId, attributeId: VALUE })),
      abort,
    );
    const found: Partial<Record<string, unknown>>[] = methods.map(() => ({}));
    for (const [index, { owner, name }] of wanted.entries()) {
      Object.assign(found[owner] ?? {}, { [name]: values[index]?.value?.value });
    }
    return found;
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
