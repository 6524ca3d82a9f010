import { randomUUID } from "node:crypto";
import { HubError } from "../../core/errors.ts";
import type { Clock } from "../../core/time.ts";
import type { RecordPort } from "../../store/contract.ts";
import { isObject, type Json, parseJson, stringifyJson } from "../json/json.ts";

/** `Hosted`: a client added it. `ImplicitlyCreated`: the hub had to give a URL to one that came without (CIM 009 5.13.1). */
export type HostedKind = "Hosted" | "ImplicitlyCreated";

/** A context in the hub's care, served on demand. Times in ms since the epoch. */
export interface HostedContext {
  readonly id: string;
  readonly kind: HostedKind;
  /** Whose client put it there; it lists and deletes it. To read it by its URL, nobody names a tenant. */
  readonly tenant: string;
  readonly context: Json;
  readonly createdAt: number;
  /** How often it was found here, and when last; since the hub's start. */
  readonly hits: number;
  readonly lastUsage: number | undefined;
}

/** Of each kind: what clients add leaves room for what their requests bring along, and the other way round. */
const MAX_CONTEXTS = 500;
/** What readers' requests may take of it, and with what: they must not fill it, nor the memory, for those who write. */
const MAX_BROUGHT = { contexts: 250, characters: 16_384 };
const PAGE = 500;
const DEFAULT_TENANT = "default";

/** Contexts with a URL at the hub, of all tenants (CIM 009 5.13). */
export class HostedContexts {
  readonly #records: RecordPort;
  readonly #clock: Clock;
  readonly #known = new Map<string, HostedContext>();
  /** By tenant and text: the same context gets the same URL. */
  readonly #implicit = new Map<string, Promise<string>>();
  /** When the hub began to serve contexts, its own files among them. */
  readonly since: number;

  constructor(records: RecordPort, clock: Clock) {
    this.#records = records;
    this.#clock = clock;
    this.since = clock.now();
  }

  /** Reads what is stored; before the first request. */
  async load(): Promise<void> {
    let after: number | undefined;
    do {
      const page = await this.#records.list({ limit: PAGE, ...(after === undefined ? {} : { after }) });
      for (const { id, body, createdAt } of page.items) this.#remember(restored(id, parseJson(body), createdAt));
      after = page.next;
    } while (after !== undefined);
  }

  /** 5.13.2. Gives the id. Throws HubError `overloaded` where there are too many. */
  add(context: Json, tenant: string = DEFAULT_TENANT): Promise<string> {
    return this.#add("Hosted", context, tenant);
  }

  /** The id of a context that has no URL of its own; the same one for the same context. Throws HubError `overloaded`. */
  implicit(context: Json, tenant: string): Promise<string> {
    return this.#implicitly(context, tenant, MAX_CONTEXTS);
  }

  /** Likewise, of one that a request brought along which only reads. Throws HubError `overloaded` sooner. */
  brought(context: Json, tenant: string): Promise<string> {
    const isLarge = stringifyJson(context).length > MAX_BROUGHT.characters;
    return this.#implicitly(context, tenant, isLarge ? 0 : MAX_BROUGHT.contexts);
  }

  #implicitly(context: Json, tenant: string, room: number): Promise<string> {
    const key = implicitKey(tenant, context);
    let id = this.#implicit.get(key);
    if (id === undefined) {
      id = this.#add("ImplicitlyCreated", context, tenant, room);
      this.#implicit.set(key, id);
      id.catch(() => this.#implicit.delete(key));
    }
    return id;
  }

  list(tenant?: string): readonly HostedContext[] {
    const all = [...this.#known.values()];
    return tenant === undefined ? all : all.filter((one) => one.tenant === tenant);
  }

  find(id: string): HostedContext | undefined {
    return this.#known.get(id);
  }

  /** It was found for somebody: counts (5.13.3.5). Undefined: there is none. */
  use(id: string): Json | undefined {
    const known = this.#known.get(id);
    if (known === undefined) return undefined;
    this.#known.set(id, { ...known, hits: known.hits + 1, lastUsage: this.#clock.now() });
    return known.context;
  }

  /** 5.13.5. False: there is none. */
  async delete(id: string): Promise<boolean> {
    const known = this.#known.get(id);
    if (known === undefined) return false;
    this.#known.delete(id);
    if (known.kind === "ImplicitlyCreated") this.#implicit.delete(implicitKey(known.tenant, known.context));
    return await this.#records.delete(id);
  }

  /** Nobody needs it any more, unless a client put it there himself. */
  async release(id: string): Promise<void> {
    if (this.#known.get(id)?.kind === "ImplicitlyCreated") await this.delete(id);
  }

  async #add(kind: HostedKind, context: Json, tenant: string, room = MAX_CONTEXTS): Promise<string> {
    if (this.list().filter((one) => one.kind === kind).length >= room) {
      throw new HubError("overloaded", `the hub has room for ${room} such contexts of the kind ${kind}; delete one`);
    }
    const id = randomUUID();
    const createdAt = this.#clock.now();
    const body = stringifyJson({ "@context": context, kind, tenant });
    await this.#records.put(id, body, createdAt, "be-absent");
    this.#remember({ id, kind, tenant, context, createdAt, hits: 0, lastUsage: undefined });
    return id;
  }

  #remember(context: HostedContext): void {
    this.#known.set(context.id, context);
    if (context.kind === "ImplicitlyCreated") {
      this.#implicit.set(implicitKey(context.tenant, context.context), Promise.resolve(context.id));
    }
  }
}

const implicitKey = (tenant: string, context: Json): string => `${tenant} ${stringifyJson(context)}`;

/** What is stored; the first hubs kept the context alone, which never has a member `@context`. */
function restored(id: string, stored: Json, createdAt: number): HostedContext {
  const rest = { id, createdAt, hits: 0, lastUsage: undefined };
  if (!isObject(stored) || stored["@context"] === undefined) {
    return { ...rest, context: stored, kind: "Hosted", tenant: DEFAULT_TENANT };
  }
  return {
    ...rest,
    context: stored["@context"],
    kind: stored.kind === "ImplicitlyCreated" ? "ImplicitlyCreated" : "Hosted",
    tenant: typeof stored.tenant === "string" ? stored.tenant : DEFAULT_TENANT,
  };
}
