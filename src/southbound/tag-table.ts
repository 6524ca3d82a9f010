import type { HubError } from "../core/errors.ts";
import type { Reading } from "../core/reading.ts";
import type { TagProblem, TagRequest } from "./contract.ts";
import type { TagPage, TagStatus } from "./source-status.ts";

/** What is wanted of a source, what its session has taken, what it refused, and what was last seen. */
export class TagTable {
  #wanted = new Map<string, TagRequest>();
  readonly #problems = new Map<string, HubError>();
  readonly #subscribed = new Map<string, number>();
  readonly #last = new Map<string, Reading>();

  want(tags: readonly TagRequest[]): void {
    this.#wanted = new Map(tags.map((request) => [request.tag, request]));
    for (const tag of [...this.#last.keys()]) if (!this.#wanted.has(tag)) this.#last.delete(tag);
    for (const tag of [...this.#problems.keys()]) if (!this.#wanted.has(tag)) this.#problems.delete(tag);
  }

  /** What to tell the session so that it has what is wanted. Tags with a problem are left to `retryProblems`. */
  difference(): { readonly add: readonly TagRequest[]; readonly remove: readonly string[] } {
    const add: TagRequest[] = [];
    const remove: string[] = [];
    for (const [tag, interval] of this.#subscribed) {
      const request = this.#wanted.get(tag);
      if (request === undefined || interval !== (request.interval ?? -1)) remove.push(tag);
    }
    const leaving = new Set(remove);
    for (const request of this.#wanted.values()) {
      const there = this.#subscribed.has(request.tag) && !leaving.has(request.tag);
      if (!there && !this.#problems.has(request.tag)) add.push(request);
    }
    return { add, remove };
  }

  subscribed(tags: readonly TagRequest[], problems: readonly TagProblem[]): void {
    for (const { tag, interval } of tags) this.#subscribed.set(tag, interval ?? -1);
    for (const { tag, error } of problems) {
      this.#subscribed.delete(tag);
      if (this.#wanted.has(tag)) this.#problems.set(tag, error);
    }
  }

  unsubscribed(tags: readonly string[]): void {
    for (const tag of tags) this.#subscribed.delete(tag);
  }

  /** Lets the next difference ask for the refused tags once more: a node may have appeared. True where there were any. */
  retryProblems(): boolean {
    const any = this.#problems.size > 0;
    this.#problems.clear();
    return any;
  }

  /** The session is over: the next one starts from nothing. */
  sessionEnded(): void {
    this.#subscribed.clear();
    this.#problems.clear();
  }

  /** Keeps the last reading of each wanted tag: so the table is no larger than the mapping. */
  saw(readings: readonly Reading[]): void {
    for (const reading of readings) if (this.#wanted.has(reading.tag)) this.#last.set(reading.tag, reading);
  }

  get counts(): {
    readonly wanted: number;
    readonly subscribed: number;
    readonly seen: number;
    readonly problems: number;
  } {
    return {
      wanted: this.#wanted.size,
      subscribed: this.#subscribed.size,
      seen: this.#last.size,
      problems: this.#problems.size,
    };
  }

  problems(limit: number): TagProblem[] {
    return [...this.#problems.entries().take(limit)].map(([tag, error]) => ({ tag, error }));
  }

  /** In the order of the mapping. */
  page(offset: number, limit: number, now: number): TagPage {
    const tags = [...this.#wanted.keys().drop(offset).take(limit)].map((tag) => this.#tagStatus(tag, now));
    const total = this.#wanted.size;
    return { total, tags, ...(offset + tags.length < total && { next: offset + tags.length }) };
  }

  #tagStatus(tag: string, now: number): TagStatus {
    const last = this.#last.get(tag);
    const problem = this.#problems.get(tag);
    return {
      tag,
      ...(last && {
        value: last.value,
        quality: last.quality,
        ...(last.code !== undefined && { code: last.code }),
        ...(last.sourceTime !== undefined && { sourceTime: last.sourceTime }),
        receivedTime: last.receivedTime,
        age: now - last.receivedTime,
      }),
      ...(problem && { problem: { code: problem.code, message: problem.message } }),
    };
  }
}
