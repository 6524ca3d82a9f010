import type { ClientSession, NodeId, ReferenceDescription } from "node-opcua-client";
import { HubError } from "../../core/errors.ts";
import { formatStep, type PathStep, parseAddress, UA_NAMESPACE } from "./address.ts";
import { refused } from "./errors.ts";
import type { OpcuaLibrary } from "./library.ts";
import { inChunks, type OperationLimits } from "./requests.ts";

/** Root (OPC 10000-5, 8.2.1); the paths start below it. */
const ROOT = "i=84";
const HIERARCHICAL_REFERENCES = "i=33";
const FORWARD = 0;
const INVERSE = 1;
/** All. */
const ANY_CLASS = 0;
/** NodeClass, BrowseName, DisplayName, TypeDefinition. */
const RESULT_MASK = 4 | 8 | 16 | 32;
/** A folder with more members than this is cut off, and what is missing is reported as not found. */
const MAX_CHILDREN = 100_000;

export type Resolved = NodeId | HubError;

interface Walk {
  readonly tag: string;
  readonly path: readonly PathStep[];
  node: NodeId;
}

/** Finds the nodes of canonical addresses in one session: namespaces by the server's own table, paths by browsing. */
export class AddressSpace {
  readonly #session: ClientSession;
  readonly #library: OpcuaLibrary;
  readonly #namespaces: readonly string[];
  readonly #limits: OperationLimits;
  readonly #known = new Map<string, NodeId>();

  constructor(session: ClientSession, library: OpcuaLibrary, namespaces: readonly string[], limits: OperationLimits) {
    this.#session = session;
    this.#library = library;
    this.#namespaces = namespaces;
    this.#limits = limits;
  }

  namespaceUri(index: number): string {
    return this.#namespaces[index] ?? UA_NAMESPACE;
  }

  forget(tag: string): void {
    this.#known.delete(tag);
  }

  /** A node, or why there is none, for each tag. Rejects only where the session fails. */
  async resolve(tags: readonly string[], abort: AbortSignal): Promise<Map<string, Resolved>> {
    const results = new Map<string, Resolved>();
    let walks: Walk[] = [];
    for (const tag of tags) {
      const known = this.#known.get(tag);
      if (known !== undefined) results.set(tag, known);
      else {
        const start = this.#start(tag);
        if (start instanceof HubError) results.set(tag, start);
        else walks.push(start);
      }
    }
    const children = new Map<string, readonly ReferenceDescription[]>();
    for (let depth = 0; walks.length > 0; depth += 1) {
      const arrived = walks.filter(({ path }) => path.length === depth);
      for (const { tag, node } of arrived) {
        this.#known.set(tag, node);
        results.set(tag, node);
      }
      walks = walks.filter(({ path }) => path.length > depth);
      await this.#browseMissing(walks, children, abort);
      walks = walks.filter((walk) => {
        const next = this.#step(walk, depth, children.get(walk.node.toString()) ?? []);
        if (next instanceof HubError) results.set(walk.tag, next);
        else walk.node = next;
        return !(next instanceof HubError);
      });
    }
    return results;
  }

  /** Everything below each of `nodes`, in their order; a refusal in place of a list. */
  async children(
    nodes: readonly NodeId[],
    abort: AbortSignal,
  ): Promise<(readonly ReferenceDescription[] | HubError)[]> {
    const requests = nodes.map((nodeId) => ({
      nodeId,
      browseDirection: FORWARD,
      referenceTypeId: HIERARCHICAL_REFERENCES,
      includeSubtypes: true,
      nodeClassMask: ANY_CLASS,
      resultMask: RESULT_MASK,
    }));
    const results = await inChunks(requests, this.#limits.browse, abort, (chunk) => this.#session.browse(chunk));
    const lists: (readonly ReferenceDescription[] | HubError)[] = [];
    for (const result of results) {
      if (result.statusCode.isBad()) lists.push(refused("it cannot be browsed", result.statusCode));
      else lists.push(await this.#allOf(result.references ?? [], result.continuationPoint, abort));
    }
    return lists;
  }

  /** A node that each of `nodes` lies below, in their order; `undefined` where there is none. */
  async parents(nodes: readonly NodeId[], abort: AbortSignal): Promise<(NodeId | undefined)[]> {
    const requests = nodes.map((nodeId) => ({
      nodeId,
      browseDirection: INVERSE,
      referenceTypeId: HIERARCHICAL_REFERENCES,
      includeSubtypes: true,
      nodeClassMask: ANY_CLASS,
      resultMask: RESULT_MASK,
    }));
    const results = await inChunks(requests, this.#limits.browse, abort, (chunk) => this.#session.browse(chunk));
    return results.map(({ references }) => {
      const parent = references?.[0]?.nodeId;
      return parent === undefined ? undefined : this.#library.client.coerceNodeId(parent.toString());
    });
  }

  async #allOf(
    first: readonly ReferenceDescription[],
    continuation: Buffer | undefined,
    abort: AbortSignal,
  ): Promise<readonly ReferenceDescription[]> {
    const all = [...first];
    let point = continuation;
    while (point !== undefined && point !== null && point.length > 0) {
      abort.throwIfAborted();
      const enough = all.length >= MAX_CHILDREN;
      const next = await this.#session.browseNext(point, enough);
      if (enough) break;
      for (const reference of next.references ?? []) all.push(reference);
      point = next.continuationPoint;
    }
    return all;
  }

  #start(tag: string): Walk | HubError {
    try {
      const { node, path } = parseAddress(tag);
      const { coerceNodeId } = this.#library.client;
      if (node === undefined) return { tag, path, node: coerceNodeId(ROOT) };
      const index = this.#namespaces.indexOf(node.namespace);
      if (index < 0) return new HubError("not-found", `the server has no namespace ${node.namespace}`);
      return { tag, path, node: coerceNodeId(`ns=${index};${node.kind}=${node.id}`) };
    } catch (thrown) {
      return HubError.from(thrown, "invalid");
    }
  }

  async #browseMissing(
    walks: readonly Walk[],
    known: Map<string, readonly ReferenceDescription[]>,
    abort: AbortSignal,
  ) {
    const missing = new Map<string, NodeId>();
    for (const { node } of walks) if (!known.has(node.toString())) missing.set(node.toString(), node);
    const lists = await this.children([...missing.values()], abort);
    [...missing.keys()].forEach((key, index) => {
      const list = lists[index];
      known.set(key, list === undefined || list instanceof HubError ? [] : list);
    });
  }

  #step(walk: Walk, depth: number, children: readonly ReferenceDescription[]): NodeId | HubError {
    const step = walk.path[depth];
    if (step === undefined) return walk.node;
    const matching = children.filter((child) => this.#named(child, step));
    const nodes = new Map(matching.map((child) => [child.nodeId.toString(), child]));
    const [first, second] = nodes.values();
    const way = walk.path.slice(0, depth).map(formatStep).join("/") || "the start";
    if (first === undefined) {
      return new HubError("not-found", `${formatStep(step)} of ${walk.tag} is not there (looked below ${way})`);
    }
    if (second !== undefined) {
      const choices = [...nodes.values()].map((child) => formatStep(this.qualified(child))).join(" or ");
      return new HubError(
        "invalid",
        `${formatStep(step)} of ${walk.tag} is there ${nodes.size} times: write ${choices}`,
      );
    }
    return this.#library.client.coerceNodeId(first.nodeId.toString());
  }

  qualified(child: ReferenceDescription): PathStep {
    return { namespace: this.namespaceUri(child.browseName.namespaceIndex), name: child.browseName.name ?? "" };
  }

  #named(child: ReferenceDescription, step: PathStep): boolean {
    if (child.browseName.name !== step.name) return false;
    return step.namespace === undefined || this.namespaceUri(child.browseName.namespaceIndex) === step.namespace;
  }
}
