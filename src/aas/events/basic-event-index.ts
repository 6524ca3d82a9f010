import type { Mutation } from "../../core/mutation.ts";
import type { DocumentPort } from "../../store/contract.ts";
import { childPath, isAtOrBelow } from "../id-short-path.ts";
import type { BasicEventElement, Reference, Shell } from "../metamodel/types.ts";
import { referredSubmodel } from "../services/shell-kind.ts";
import { durationMs } from "../xsd/duration.ts";

/** A BasicEventElement of direction output that is on: what it observes and where it stands. */
export interface EventSource {
  readonly submodel: string;
  readonly path: string;
  readonly element: BasicEventElement;
  /** Milliseconds: at least so much between two values, and at most between two events. */
  readonly minInterval: number;
  readonly maxInterval?: number;
}

export interface EventSources {
  /** Those whose observed referable is, or holds, what happened to (IDTA-01001 v3.1, "Event Scopes"). */
  observing(what: { readonly document: string; readonly path?: string }): readonly EventSource[];
}

export const noEventSources: EventSources = { observing: () => [] };

interface Scope {
  readonly source: EventSource;
  /** Within the observed submodel; absent: all of it. */
  readonly path: string | undefined;
}

/** More BasicEventElements than these are not heard, and counted. */
const mostSources = 10_000;
const page = 100;

/** The tenant's BasicEventElements by what they observe, kept true by what commits change. */
export class BasicEventIndex implements EventSources {
  readonly #documents: DocumentPort;
  /** By submodel and path. */
  readonly #sources = new Map<string, Map<string, EventSource>>();
  /** By the observed submodel or shell. */
  readonly #scopes = new Map<string, Scope[]>();
  /** Shells that refer to a submodel, of those that are observed. */
  readonly #shellsOf = new Map<string, Set<string>>();
  #size = 0;
  #refused = 0;

  constructor(documents: DocumentPort) {
    this.#documents = documents;
  }

  get refused(): number {
    return this.#refused;
  }

  get size(): number {
    return this.#size;
  }

  *[Symbol.iterator](): Generator<EventSource> {
    for (const sources of this.#sources.values()) yield* sources.values();
  }

  find(submodel: string, path: string): EventSource | undefined {
    return this.#sources.get(submodel)?.get(path);
  }

  /** Reads the submodels that have such elements. */
  async load(): Promise<void> {
    const { uses } = await this.#documents.census("submodel", { key: "kind" });
    const names = [...new Set(uses.filter(({ kind }) => kind === "BasicEventElement").map(({ part }) => part))];
    if (names.length === 0) return;
    for (let after: number | undefined; ; ) {
      const request = { limit: page, ...(after === undefined ? {} : { after }) };
      const found = await this.#documents.list("submodel", { kind: "part", names }, request);
      const parts = await this.#documents.partsOf(
        "submodel",
        found.items.map(({ id }) => id),
      );
      for (const [submodel, rows] of parts) {
        for (const { key, kind, body } of rows) if (kind === "BasicEventElement") await this.#add(submodel, key, body);
      }
      if (found.next === undefined) return;
      after = found.next;
    }
  }

  observing({ document, path }: { readonly document: string; readonly path?: string }): readonly EventSource[] {
    const own = this.#scopes.get(document) ?? [];
    const found = own.filter(
      (scope) => scope.path === undefined || (path !== undefined && isAtOrBelow(path, scope.path)),
    );
    const byShell = [...(this.#shellsOf.get(document) ?? [])].flatMap((shell) => this.#scopes.get(shell) ?? []);
    return [...found, ...byShell].map(({ source }) => source);
  }

  /** Follows what was committed. */
  async follow(mutations: readonly Mutation[]): Promise<void> {
    for (const mutation of mutations) {
      if (mutation.collection === "shell") await this.#followShell(mutation);
      if (mutation.collection !== "submodel") continue;
      if (mutation.kind === "document.put") {
        this.#remove(mutation.document.id, undefined);
        for (const { key, kind, body } of mutation.parts) {
          if (kind === "BasicEventElement") await this.#add(mutation.document.id, key, body);
        }
      } else if (mutation.kind === "document.delete") this.#remove(mutation.id, undefined);
      else if (mutation.kind === "part.delete") this.#remove(mutation.id, mutation.key);
      else if (mutation.kind === "part.put") {
        const { key, kind, body } = mutation.part;
        this.#remove(mutation.id, key);
        if (kind === "BasicEventElement") await this.#add(mutation.id, key, body);
      }
    }
  }

  async #add(submodel: string, path: string, body: string): Promise<void> {
    const element = JSON.parse(body) as BasicEventElement;
    if (element.direction !== "output" || element.state !== "on") return;
    if (this.#size >= mostSources) {
      this.#refused += 1;
      return;
    }
    const observed = observedBy(element.observed);
    if (observed === undefined) return;
    const maxInterval = durationMs(element.maxInterval ?? "");
    const source: EventSource = {
      submodel,
      path,
      element,
      minInterval: Math.max(0, durationMs(element.minInterval ?? "") ?? 0),
      ...(maxInterval === undefined || maxInterval <= 0 ? {} : { maxInterval }),
    };
    const beside = this.#sources.get(submodel) ?? new Map();
    this.#sources.set(submodel, beside.set(path, source));
    this.#size += 1;
    const scopes = this.#scopes.get(observed.document) ?? [];
    this.#scopes.set(observed.document, [...scopes, { source, path: observed.path }]);
    if (observed.isShell) await this.#readShell(observed.document);
  }

  /** What stands at or below the path; all of the submodel without one. */
  #remove(submodel: string, path: string | undefined): void {
    const sources = this.#sources.get(submodel);
    for (const source of sources?.values() ?? []) {
      if (path !== undefined && !isAtOrBelow(source.path, path)) continue;
      sources?.delete(source.path);
      this.#size -= 1;
      const document = observedBy(source.element.observed)?.document ?? "";
      const left = (this.#scopes.get(document) ?? []).filter((scope) => scope.source !== source);
      if (left.length === 0) this.#scopes.delete(document);
      else this.#scopes.set(document, left);
    }
    if (sources?.size === 0) this.#sources.delete(submodel);
  }

  async #followShell(mutation: Mutation): Promise<void> {
    const id = mutation.kind === "document.put" ? mutation.document.id : mutation.id;
    if (this.#scopes.has(id)) await this.#readShell(id);
  }

  async #readShell(id: string): Promise<void> {
    for (const shells of this.#shellsOf.values()) shells.delete(id);
    const row = await this.#documents.get("shell", id);
    const { submodels = [] } = row === undefined ? {} : (JSON.parse(row.body) as Shell);
    for (const submodel of submodels.flatMap((reference) => referredSubmodel(reference) ?? [])) {
      const shells = this.#shellsOf.get(submodel) ?? new Set();
      this.#shellsOf.set(submodel, shells.add(id));
    }
  }
}

/** Document and path that a reference to a referable names. */
export function observedBy({
  keys,
}: Reference): { readonly document: string; readonly path: string | undefined; readonly isShell: boolean } | undefined {
  const [root, ...steps] = keys;
  if (root === undefined) return undefined;
  if (root.type === "AssetAdministrationShell" && steps.length === 0) {
    return { document: root.value, path: undefined, isShell: true };
  }
  if (root.type !== "Submodel") return undefined;
  let path: string | undefined;
  for (const { value } of steps) {
    path = childPath(path, path !== undefined && /^\d+$/.test(value) ? Number(value) : value);
  }
  return { document: root.value, path, isShell: false };
}
