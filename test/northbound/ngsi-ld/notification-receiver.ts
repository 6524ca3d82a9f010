import { once } from "node:events";
import { createServer, type IncomingHttpHeaders } from "node:http";
import type { AddressInfo } from "node:net";

/** An entity or a Feature, as it was sent. */
export type Told = { readonly [member: string]: unknown };

export interface Received {
  readonly headers: IncomingHttpHeaders;
  /** Milliseconds since the epoch. */
  readonly at: number;
  readonly body: {
    readonly id: string;
    readonly subscriptionId: string;
    readonly notifiedAt: string;
    readonly data: readonly Told[];
  };
}

export interface NotificationReceiver {
  readonly url: string;
  /** What it answers; `silent`: nothing. */
  readonly state: { status: number; silent: boolean };
  /** Those that nobody took yet. */
  readonly received: readonly Received[];
  next(): Promise<Received>;
  /** The first entity of the next. */
  told(): Promise<Told>;
  stop(): Promise<void>;
}

/** A receiver of notifications whose status the test sets; `next` waits for the one after those already taken. */
export async function startReceiver(): Promise<NotificationReceiver> {
  const received: Received[] = [];
  const waiting: ((one: Received) => void)[] = [];
  const state = { status: 200, silent: false };
  const server = createServer(async (incoming, outgoing) => {
    const chunks: Buffer[] = [];
    for await (const chunk of incoming) chunks.push(chunk as Buffer);
    const body: Received["body"] = JSON.parse(Buffer.concat(chunks).toString());
    const one = { headers: incoming.headers, at: Date.now(), body };
    const taker = waiting.shift();
    if (taker === undefined) received.push(one);
    else taker(one);
    if (!state.silent) outgoing.writeHead(state.status).end();
  }).listen(0, "127.0.0.1");
  await once(server, "listening");
  const next = (): Promise<Received> => {
    const one = received.shift();
    return one === undefined ? new Promise((resolve) => waiting.push(resolve)) : Promise.resolve(one);
  };
  return {
    state,
    received,
    url: `http://127.0.0.1:${(server.address() as AddressInfo).port}/notify`,
    next,
    told: async () => (await next()).body.data[0] ?? {},
    async stop() {
      server.closeAllConnections();
      await new Promise((resolve) => server.close(resolve));
    },
  };
}
