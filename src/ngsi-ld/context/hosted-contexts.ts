import { randomUUID } from "node:crypto";
import { HubError } from "../../core/errors.ts";
import type { Clock } from "../../core/time.ts";
import type { RecordPort } from "../../store/contract.ts";
import { type Json, parseJson, stringifyJson } from "../json/json.ts";

/** A context that a client put into the hub's care (CIM 009 5.13.1, kind Hosted). Times in ms since the epoch. */
export interface HostedContext {
  readonly id: string;
  readonly context: Json;
  readonly createdAt: number;
  /** How often it was found here, and when last; since the hub's start. */
  readonly hits: number;
  readonly lastUsage: number | undefined;
}

const MAX_CONTEXTS = 500;
const PAGE = 500;

/** Contexts hosted for clients; the same for all tenants, as whoever reads a Link to one names no tenant. */
export class HostedContexts {
  readonly #records: RecordPort;
  readonly #clock: Clock;
  readonly #known = new Map<string, HostedContext>();
  /** When the hub began to serve contexts, its own files among them. */
  readonly since: number;

  constructor(records: RecordPort, clock: Clock) {
    this.#records = records;
    this.#clock = clock;
    this.since = clock.now();
  }

  /** Reads what is stored; before the first request. */
  async load(): Promise<void> {
    const { items } = await this.#records.list({ limit: PAGE });
    for (const { id, body, createdAt } of items) this.#remember(id, parseJson(body), createdAt);
  }

  /** 5.13.2. Gives the id. Throws HubError `overloaded` where there are too many. */
  async add(context: Json): Promise<string> {
    if (this.#known.size >= MAX_CONTEXTS) {
      throw new HubError("overloaded", `the hub hosts ${MAX_CONTEXTS} contexts already; delete one`);
    }
    const id = randomUUID();
    const at = this.#clock.now();
    await this.#records.put(id, stringifyJson(context), at, "be-absent");
    this.#remember(id, context, at);
    return id;
  }

  list(): readonly HostedContext[] {
    return [...this.#known.values()];
  }

  find(id: string): HostedContext | undefined {
    return this.#known.get(id);
  }

  /** Its definitions, for a request that is written in it. */
  use(id: string): Json | undefined {
    const known = this.#known.get(id);
    if (known === undefined) return undefined;
    this.#known.set(id, { ...known, hits: known.hits + 1, lastUsage: this.#clock.now() });
    return known.context;
  }

  /** 5.13.5. False: there is none. */
  async delete(id: string): Promise<boolean> {
    if (!this.#known.delete(id)) return false;
    return await this.#records.delete(id);
  }

  #remember(id: string, context: Json, createdAt: number): void {
    this.#known.set(id, { id, context, createdAt, hits: 0, lastUsage: undefined });
  }
}
