import { startChild } from "../process/child.ts";
import { median } from "../report/quantile.ts";
import type { LoadOrder, LoadReport } from "./load-client.ts";
import type { RequestKind, RequestKinds } from "./request.ts";

const CONNECTIONS = 16;

/** Which of the numbered things are asked for, and for how long. */
export type LoadRange = Omit<LoadOrder, "url" | "requests" | "kind" | "connections">;

export interface Beside {
  readonly hub: number;
  readonly express: number;
  readonly ratio: number;
  readonly rounds: number;
  readonly bytes: number;
}

/** Runs requests of one kind against a hub, alone or beside a bare Express app that sends the same bytes. */
export class LoadBench<Kinds extends RequestKinds> {
  readonly #module: string;
  readonly #kinds: Kinds;

  /** @param module that exports the kinds, relative to the load client */
  constructor(module: string, kinds: Kinds) {
    this.#module = module;
    this.#kinds = kinds;
  }

  /** By turns, so that what else the machine does falls on both; the median of the ratios of the pairs. */
  async beside(url: string, name: keyof Kinds & string, range: () => LoadRange, quick: boolean): Promise<Beside> {
    const kind = this.#kindOf(name);
    const sample = await sampleAnswer(url, kind, range().from);
    const app = await startChild<{ url: string }>("../load/express-app.ts", [
      kind.method,
      String(kind.status),
      sample.type,
      sample.body,
    ]);
    const rounds = quick ? 1 : 5;
    const seconds = quick ? 1 : 3;
    const hub: number[] = [];
    const express: number[] = [];
    try {
      if (!quick) await this.run(url, name, { seconds: 2, ...range() });
      for (let round = 0; round < rounds; round += 1) {
        hub.push(await this.run(url, name, { seconds, ...range() }));
        express.push(await this.run(app.ready.url, name, { seconds, ...range(), path: "/" }));
      }
    } finally {
      await app.stop();
    }
    const ratio = median(hub.map((one, round) => one / (express[round] ?? Number.NaN)));
    return { hub: median(hub), express: median(express), ratio, rounds, bytes: Buffer.byteLength(sample.body) };
  }

  async alone(url: string, name: keyof Kinds & string, range: () => LoadRange, quick: boolean): Promise<number> {
    const rounds: number[] = [];
    for (let round = 0; round < (quick ? 1 : 3); round += 1) {
      rounds.push(await this.run(url, name, { seconds: quick ? 1 : 3, ...range() }));
    }
    return median(rounds);
  }

  /** Answers a second. */
  async run(url: string, kind: keyof Kinds & string, range: LoadRange): Promise<number> {
    const order: LoadOrder = { url, requests: this.#module, kind, connections: CONNECTIONS, ...range };
    const child = await startChild<LoadReport>("../load/load-client.ts", [JSON.stringify(order)]);
    await child.stop();
    return child.ready.answers / child.ready.seconds;
  }

  #kindOf(name: keyof Kinds & string): RequestKind {
    const kind = this.#kinds[name];
    if (kind === undefined) throw new Error(`there is no request "${name}"`);
    return kind;
  }
}

async function sampleAnswer(url: string, kind: RequestKind, number: number): Promise<{ type: string; body: string }> {
  const body = kind.body?.(number);
  const answer = await fetch(`${url}${kind.path(number)}`, {
    method: kind.method,
    ...(body === undefined ? {} : { body, headers: { "content-type": "application/json" } }),
  });
  const text = await answer.text();
  if (answer.status !== kind.status) throw new Error(`${kind.name} answered ${answer.status}: ${text}`);
  return { type: answer.headers.get("content-type") ?? "", body: text };
}
