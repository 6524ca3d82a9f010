import type { OPCUAClient, Variant } from "node-opcua-client";
import { abortable } from "../../core/abortable.ts";
import type { ArgumentValues, BrowseNode, MethodArgument, MethodFacts, PointFacts } from "../../core/browse.ts";
import { HubError } from "../../core/errors.ts";
import type { Reading } from "../../core/reading.ts";
import type { Clock } from "../../core/time.ts";
import type { Value } from "../../core/value.ts";
import type { Connection, TagProblem, TagRequest } from "../contract.ts";
import { Browser } from "./browse.ts";
import { encodeArguments, resultOf, sendCall } from "./call.ts";
import { toReading } from "./decode.ts";
import { encodeValue } from "./encode.ts";
import { refused, translate } from "./errors.ts";
import type { OpcuaLibrary } from "./library.ts";
import { type DeclaredArgument, type MethodDefinition, MethodDefinitions } from "./method-definitions.ts";
import { NodeFacts } from "./node-facts.ts";
import type { RawSession } from "./raw-session.ts";
import type { OperationLimits } from "./requests.ts";
import type { AddressSpace } from "./resolve.ts";
import type { MonitoredTag, OpcuaSubscription } from "./subscription.ts";

export interface OpcuaConnectionParts {
  readonly source: string;
  readonly client: OPCUAClient;
  readonly session: RawSession;
  readonly library: OpcuaLibrary;
  readonly limits: OperationLimits;
  readonly space: AddressSpace;
  readonly subscription: OpcuaSubscription;
  readonly clock: Clock;
  /** Resolves once, with why the session ended. */
  readonly lost: PromiseWithResolvers<HubError | undefined>;
  /** Ends session and channel, bounded in time. */
  readonly shutDown: () => Promise<void>;
}

const VALUE = 13;

/** One session with an OPC UA server. */
export class OpcuaConnection implements Connection {
  readonly lost: Promise<HubError | undefined>;
  readonly #parts: OpcuaConnectionParts;
  readonly #facts: NodeFacts;
  readonly #browser: Browser;
  readonly #methods: MethodDefinitions;
  readonly #writeTypes = new Map<string, { readonly builtIn: number; readonly rank: number }>();
  #closing: Promise<void> | undefined;

  constructor(parts: OpcuaConnectionParts) {
    this.#parts = parts;
    this.lost = parts.lost.promise;
    this.#facts = new NodeFacts(parts.session, parts.space, parts.limits);
    this.#browser = new Browser(parts.space, this.#facts, parts.library);
    this.#methods = new MethodDefinitions(parts.space, this.#facts);
  }

  async subscribe(tags: readonly TagRequest[], abort: AbortSignal): Promise<readonly TagProblem[]> {
    return this.#call("the points cannot be subscribed", async () => {
      const nodes = await this.#parts.space.resolve(
        tags.map(({ tag }) => tag),
        abort,
      );
      const problems: TagProblem[] = [];
      const monitored: MonitoredTag[] = [];
      for (const { tag, interval } of tags) {
        const node = nodes.get(tag) ?? new HubError("not-found", `${tag} is not there`);
        if (node instanceof HubError) problems.push({ tag, error: node });
        else monitored.push({ tag, node, interval });
      }
      problems.push(...(await this.#parts.subscription.add(monitored, abort)));
      // The node may come back under another id.
      for (const { tag } of problems) this.#parts.space.forget(tag);
      return problems;
    });
  }

  async unsubscribe(tags: readonly string[]): Promise<void> {
    await this.#call("the points cannot be given up", () =>
      this.#parts.subscription.remove(tags, new AbortController().signal),
    );
  }

  async read(tags: readonly string[], abort: AbortSignal): Promise<readonly Reading[]> {
    return this.#call("the points cannot be read", async () => {
      const { source, clock, space } = this.#parts;
      const nodes = await space.resolve(tags, abort);
      const there = tags.flatMap((tag) => {
        const node = nodes.get(tag);
        return node === undefined || node instanceof HubError ? [] : [{ tag, nodeId: node }];
      });
      const values = await this.#facts.read(
        there.map(({ nodeId }) => ({ nodeId, attributeId: VALUE })),
        abort,
      );
      const now = clock.now();
      const readings = new Map(
        there.flatMap(({ tag }, index) => {
          const value = values[index];
          return value === undefined ? [] : [[tag, toReading(source, tag, value, now)] as const];
        }),
      );
      return tags.map(
        (tag) =>
          readings.get(tag) ?? {
            source,
            tag,
            value: null,
            quality: "bad",
            code: "BadNodeIdUnknown",
            receivedTime: now,
          },
      );
    });
  }

  async write(tag: string, value: Value, abort: AbortSignal): Promise<void> {
    await this.#call(`${tag} cannot be written`, async () => {
      const { session, space, library } = this.#parts;
      const node = (await space.resolve([tag], abort)).get(tag);
      if (node === undefined || node instanceof HubError)
        throw node ?? new HubError("not-found", `${tag} is not there`);
      const key = node.toString();
      const type = this.#writeTypes.get(key) ?? (await this.#facts.writeType(node, abort));
      this.#writeTypes.set(key, type);
      if (Array.isArray(value) !== type.rank >= 0 && (type.rank === -1 || type.rank >= 0)) {
        throw new HubError("invalid", `${tag} takes ${type.rank >= 0 ? "an array" : "a single value"}`);
      }
      abort.throwIfAborted();
      const variant: Variant = new library.client.Variant(encodeValue(value, type.builtIn));
      const status = await session.write({ nodeId: node, attributeId: VALUE, value: { value: variant } });
      if (status.isBad()) throw new HubError("device-refused", refused(tag, status).message);
    });
  }

  async browse(pattern: string, limit: number, abort: AbortSignal): Promise<readonly BrowseNode[]> {
    return this.#call(`${pattern} cannot be browsed`, () => this.#browser.browse({ pattern, limit, abort }));
  }

  async facts(tags: readonly string[], abort: AbortSignal): Promise<ReadonlyMap<string, PointFacts>> {
    return this.#call("the server does not tell of its points", async () => {
      const nodes = await this.#parts.space.resolve(tags, abort);
      const there = [...nodes].flatMap(([tag, node]) => (node instanceof HubError ? [] : [{ tag, node }]));
      const facts = await this.#facts.of(
        there.map(({ node }) => node),
        abort,
      );
      return new Map(there.map(({ tag }, index) => [tag, facts[index] ?? {}]));
    });
  }

  async methods(tags: readonly string[], abort: AbortSignal): Promise<ReadonlyMap<string, MethodFacts>> {
    return this.#call("the server does not tell of its methods", async () => {
      const found = await this.#methods.of(tags, abort);
      return new Map(
        [...found].flatMap(([tag, one]) => (one instanceof HubError ? [] : [[tag, methodFacts(one)] as const])),
      );
    });
  }

  async call(tag: string, inputs: ArgumentValues, timeout: number, abort: AbortSignal): Promise<ArgumentValues> {
    return this.#call(`${tag} cannot be called`, async () => {
      const { session, library } = this.#parts;
      const definition = await this.#methods.one(tag, abort);
      const values = encodeArguments(tag, definition, inputs).map((parts) => new library.client.Variant(parts));
      abort.throwIfAborted();
      const late = AbortSignal.timeout(timeout);
      const calling = sendCall(session, library, definition, values, timeout);
      const result = await abortable(calling, AbortSignal.any([abort, late])).catch((thrown: unknown) => {
        if (!late.aborted || abort.aborted) throw thrown;
        throw new HubError("device-timeout", `${tag} did not finish within ${timeout} ms`, { cause: thrown });
      });
      // Another method may stand there by now, or none.
      if (result.statusCode.isBad()) this.#methods.forget(tag);
      return resultOf(tag, definition, result);
    });
  }

  counters(): Readonly<Record<string, number>> {
    const { overflows, unreadStructures } = this.#parts.subscription;
    return { overflows, unreadStructures };
  }

  close(): Promise<void> {
    this.#closing ??= this.#end();
    return this.#closing;
  }

  async #end(): Promise<void> {
    this.#parts.subscription.close();
    this.#parts.lost.resolve(undefined);
    await this.#parts.shutDown();
  }

  async #call<Result>(what: string, work: () => Promise<Result>): Promise<Result> {
    try {
      return await work();
    } catch (thrown) {
      throw translate(what, thrown);
    }
  }
}

function methodFacts({ inputs, outputs }: MethodDefinition): MethodFacts {
  const told = ({ name, valueType, list, description }: DeclaredArgument): MethodArgument => ({
    name,
    list,
    ...(valueType && { valueType }),
    ...(description !== undefined && { description }),
  });
  return { inputs: inputs.map(told), outputs: outputs.map(told) };
}
