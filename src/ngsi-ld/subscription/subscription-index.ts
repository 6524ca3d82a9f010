import { RE2JS } from "re2js";
import type { SignalChange } from "../../core/change.ts";
import { HubError } from "../../core/errors.ts";
import type { Link } from "../../core/link.ts";
import type { Mutation } from "../../core/mutation.ts";
import type { NewDelivery } from "../../store/contract.ts";
import type { Matcher, PendingChange } from "../../twin/contract.ts";
import { stringifyJson } from "../json/json.ts";
import { matchesTypes, parseTypeSelection } from "../service/type-selection.ts";
import { type AttributeDelta, bodyDelta, type ChangeNote, DELIVERY_KIND, signalDelta } from "./change-note.ts";
import type { CompiledSelector, Subscription, Trigger } from "./subscription.ts";

interface Active {
  readonly subscription: Subscription;
  readonly selectors: readonly CompiledSelector[] | undefined;
  readonly watched: ReadonlySet<string> | undefined;
  readonly triggers: ReadonlySet<Trigger>;
  readonly expiresAt: number;
  readonly throttling: number;
  lastAt: number;
}

/** What one commit changed of one entity. */
interface Touched {
  readonly types: readonly string[] | undefined;
  readonly deltas: AttributeDelta[];
  whole: "created" | "deleted" | undefined;
  was?: NonNullable<ChangeNote["was"]>;
}

const REMEMBERED_TYPES = 100_000;
const MAX_LEARNING = 64;

/**
 * The tenant's active subscriptions, matched by the writer before each commit (design, "Mutation"). Which of them care
 * for a link is found once and remembered until subscriptions change, so that a reading nobody subscribed to costs one
 * look-up.
 */
export class SubscriptionIndex implements Matcher {
  readonly #active = new Map<string, Active>();
  readonly #types = new Map<string, readonly string[]>();
  readonly #learning = new Set<string>();
  readonly #learn: (entity: string) => Promise<readonly string[] | undefined>;
  #byLink = new WeakMap<Link, readonly Active[]>();

  /** `learn` gives the stored types of an entity; asked once for those that changes do not tell of. */
  constructor(learn: (entity: string) => Promise<readonly string[] | undefined>) {
    this.#learn = learn;
  }

  /** Makes it match from now on; replaces what it was. */
  set(subscription: Subscription): void {
    const known = this.#active.get(subscription.id);
    this.#byLink = new WeakMap();
    if (subscription.isActive) this.#active.set(subscription.id, compile(subscription, known?.lastAt));
    else this.#active.delete(subscription.id);
  }

  remove(id: string): void {
    this.#byLink = new WeakMap();
    this.#active.delete(id);
  }

  /** The types of an entity that a commit is about to touch: mutations of attributes do not carry them. */
  rememberTypes(id: string, types: readonly string[]): void {
    this.#remember(id, types);
  }

  match(change: PendingChange): readonly NewDelivery[] {
    if (this.#active.size === 0) return [];
    const touched = new Map<string, Touched>();
    const wanted = new Map<string, readonly Active[]>();
    for (const signal of change.signals) this.#touchSignal(signal, touched, wanted);
    for (const mutation of change.mutations) this.#touchMutation(mutation, touched);
    const deliveries: NewDelivery[] = [];
    for (const [entity, what] of touched) {
      for (const active of wanted.get(entity) ?? this.#active.values()) {
        const note = noteOf(active, entity, what, change.at);
        if (note !== undefined) {
          active.lastAt = change.at;
          deliveries.push({ target: active.subscription.id, kind: DELIVERY_KIND, body: stringifyJson(note) });
        }
      }
    }
    return deliveries;
  }

  #touchSignal(signal: SignalChange, touched: Map<string, Touched>, wanted: Map<string, readonly Active[]>): void {
    const end = signal.link.ends.find(({ collection }) => collection === "entity");
    if (end === undefined) return;
    let caring = this.#byLink.get(signal.link);
    if (caring === undefined) {
      const types = this.#typesOf(end.document);
      const name = nameOfKey(end.part);
      caring = [...this.#active.values()].filter(
        (active) => selects(active, end.document, types) && (active.watched?.has(name) ?? true),
      );
      // Without the types the choice is left to the renderer; it is made anew once they are known.
      if (types !== undefined) this.#byLink.set(signal.link, caring);
    }
    if (caring.length === 0) return;
    const entry = this.#touch(end.document, touched);
    entry.deltas.push(signalDelta(end.part, signal));
    const others = wanted.get(end.document);
    wanted.set(end.document, others === undefined ? caring : [...new Set([...others, ...caring])]);
  }

  #touchMutation(mutation: Mutation, touched: Map<string, Touched>): void {
    if (mutation.kind === "document.put") {
      if (mutation.collection !== "entity") return;
      this.#remember(mutation.document.id, mutation.document.keys.type ?? []);
      this.#byLink = new WeakMap();
      const entry = this.#touch(mutation.document.id, touched);
      entry.whole = "created";
      for (const part of mutation.parts) entry.deltas.push(bodyDelta(part.key, part.body, "created"));
      return;
    }
    if (mutation.collection !== "entity") return;
    if (mutation.kind === "document.patch") {
      if (mutation.keys?.type === undefined) return;
      this.#remember(mutation.id, mutation.keys.type);
      this.#byLink = new WeakMap();
    } else if (mutation.kind === "document.delete") {
      const entry = this.#touch(mutation.id, touched);
      entry.whole = "deleted";
      if (mutation.was !== undefined) entry.was = { ...mutation.was };
    } else if (mutation.kind === "part.put") {
      this.#touch(mutation.id, touched).deltas.push(bodyDelta(mutation.part.key, mutation.part.body, "put"));
    } else if (mutation.kind === "part.delete") {
      const { key: part, was } = mutation;
      const delta: AttributeDelta = { part, how: "deleted", ...(was === undefined ? {} : { was: { ...was } }) };
      this.#touch(mutation.id, touched).deltas.push(delta);
    }
  }

  #touch(entity: string, touched: Map<string, Touched>): Touched {
    let entry = touched.get(entity);
    if (entry === undefined) {
      entry = { types: this.#typesOf(entity), deltas: [], whole: undefined };
      touched.set(entity, entry);
    }
    return entry;
  }

  /** Undefined until they are learnt: then the renderer decides. */
  #typesOf(entity: string): readonly string[] | undefined {
    const known = this.#types.get(entity);
    if (known !== undefined || this.#learning.has(entity) || this.#learning.size >= MAX_LEARNING) return known;
    this.#learning.add(entity);
    this.#learn(entity)
      .then((types) => {
        if (types === undefined || this.#types.has(entity)) return;
        this.#remember(entity, types);
        this.#byLink = new WeakMap();
      })
      .finally(() => this.#learning.delete(entity));
    return undefined;
  }

  #remember(id: string, types: readonly string[]): void {
    this.#types.delete(id);
    this.#types.set(id, types);
    const oldest = this.#types.keys().next().value;
    if (this.#types.size > REMEMBERED_TYPES && oldest !== undefined) this.#types.delete(oldest);
  }
}

export const nameOfKey = (key: string): string => key.split(" ", 1)[0] as string;

function noteOf(active: Active, entity: string, touched: Touched, at: number): ChangeNote | undefined {
  if (at >= active.expiresAt || at - active.lastAt < active.throttling) return undefined;
  if (!selects(active, entity, touched.types)) return undefined;
  const types = touched.types ?? [];
  if (touched.whole === "deleted") {
    if (!active.triggers.has("entityDeleted")) return undefined;
    return { entity, types, deleted: true, at, deltas: [], ...(touched.was === undefined ? {} : { was: touched.was }) };
  }
  const created = touched.whole === "created" && active.triggers.has("entityCreated");
  const deltas = touched.deltas.filter(({ part }) => active.watched?.has(nameOfKey(part)) ?? true);
  const fires = created || deltas.some((delta) => triggersOf(delta).some((trigger) => active.triggers.has(trigger)));
  return fires ? { entity, types, deleted: false, at, deltas } : undefined;
}

/** A `part.put` creates or updates; which of the two a mutation does not say. */
function triggersOf({ how }: AttributeDelta): readonly Trigger[] {
  if (how === "deleted") return ["attributeDeleted"];
  if (how === "created") return ["attributeCreated"];
  return how === "put" ? ["attributeCreated", "attributeUpdated"] : ["attributeUpdated"];
}

const DEFAULT_TRIGGERS: readonly Trigger[] = ["attributeCreated", "attributeUpdated"];

/** 5.2.12: entityUpdated stands for the three of attributes. */
const meaningOf = (trigger: Trigger): readonly Trigger[] =>
  trigger === "entityUpdated" ? ["attributeCreated", "attributeUpdated", "attributeDeleted"] : [trigger];

/** With unknown types a selector by type is left open: the renderer decides. */
function selects(active: Active, entity: string, types: readonly string[] | undefined): boolean {
  if (active.selectors === undefined) return true;
  return active.selectors.some(({ id, matchesId, selection }) => {
    if (id !== undefined ? id !== entity : matchesId !== undefined && !matchesId(entity)) return false;
    return selection === undefined || types === undefined || matchesTypes(selection, types);
  });
}

/** Whether a subscription is about this entity, its types known. */
export function concerns(subscription: Subscription, entity: string, types: readonly string[]): boolean {
  return selects(compile(subscription), entity, types);
}

/** Throws HubError `invalid` for an idPattern that is no regular expression. */
export function compile(subscription: Subscription, lastAt = Number.NEGATIVE_INFINITY): Active {
  return {
    subscription,
    selectors: subscription.entities?.map(({ id, idPattern, type }) => ({
      id,
      matchesId: idPattern === undefined ? undefined : idTest(idPattern),
      selection: type === "*" ? undefined : parseTypeSelection(type, (name) => name),
    })),
    watched: subscription.watchedAttributes === undefined ? undefined : new Set(subscription.watchedAttributes),
    triggers: new Set((subscription.notificationTrigger ?? DEFAULT_TRIGGERS).flatMap(meaningOf)),
    expiresAt: subscription.expiresAt === undefined ? Number.POSITIVE_INFINITY : Date.parse(subscription.expiresAt),
    throttling: (subscription.throttling ?? 0) * 1000,
    lastAt,
  };
}

function idTest(pattern: string): (id: string) => boolean {
  try {
    const expression = RE2JS.compile(pattern);
    return (id) => expression.matcher(id).find();
  } catch (cause) {
    throw new HubError("invalid", `idPattern ${JSON.stringify(pattern)} is not a regular expression`, { cause });
  }
}
