import { once } from "node:events";
import { createServer, type ServerResponse } from "node:http";

export interface HttpReceiver {
  readonly port: number;
  readonly url: string;
  /** Bodies as they came. */
  readonly received: readonly string[];
  /** Resolves with the first body, of those that came and those that come, that fits. */
  next(fits: (body: string) => boolean): Promise<string>;
  close(): Promise<void>;
}

const thanks = (response: ServerResponse): void => {
  response.writeHead(204).end();
};

/**
 * A web server that takes notifications.
 * @param answer what it does with each; left out: 204
 */
export async function httpReceiver(answer: (response: ServerResponse) => void = thanks): Promise<HttpReceiver> {
  const received: string[] = [];
  const waiting = new Set<(body: string) => void>();
  const server = createServer(async (request, response) => {
    const chunks: Buffer[] = [];
    for await (const chunk of request) chunks.push(chunk as Buffer);
    const body = Buffer.concat(chunks).toString();
    received.push(body);
    answer(response);
    for (const one of waiting) one(body);
  }).listen(0, "127.0.0.1");
  await once(server, "listening");
  const address = server.address();
  if (address === null || typeof address === "string") throw new Error("no port");
  return {
    port: address.port,
    url: `http://127.0.0.1:${address.port}/notify`,
    received,
    next(fits) {
      const there = received.find(fits);
      if (there !== undefined) return Promise.resolve(there);
      return new Promise((resolve) => {
        const look = (body: string): void => {
          if (!fits(body)) return;
          waiting.delete(look);
          resolve(body);
        };
        waiting.add(look);
      });
    },
    async close() {
      server.closeAllConnections();
      server.close();
      await once(server, "close");
    },
  };
}
