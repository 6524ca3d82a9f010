import { once } from "node:events";
import { createServer } from "node:http";
import type { AddressInfo } from "node:net";

export interface GateRequest {
  readonly method: string;
  readonly path: string;
  readonly body: string;
  readonly headers: Readonly<Record<string, unknown>>;
}

/** A door before an outside registry: it can be shut, and sees what comes through. */
export interface RegistryGate {
  readonly url: string;
  readonly requests: readonly GateRequest[];
  /** Answers itself where it gives a status; `undefined`: the request goes on. */
  answer: (request: GateRequest) => number | undefined;
  close(): Promise<void>;
}

/** @param target the registry's own URL */
export async function registryGate(target: string): Promise<RegistryGate> {
  const requests: GateRequest[] = [];
  const gate = { answer: (_request: GateRequest): number | undefined => undefined };
  const server = createServer(async (incoming, outgoing) => {
    const chunks: Buffer[] = [];
    for await (const chunk of incoming) chunks.push(chunk as Buffer);
    const { method = "GET", url = "/", headers } = incoming;
    const request = { method, path: url, body: Buffer.concat(chunks).toString(), headers };
    requests.push(request);
    const status = gate.answer(request);
    if (status !== undefined) return void outgoing.writeHead(status).end();
    const type = { "content-type": "application/json" };
    const body = request.body === "" ? {} : { body: request.body, headers: type };
    const answer = await fetch(`${target}${url}`, { method, ...body });
    outgoing.writeHead(answer.status).end(await answer.text());
  }).listen(0, "127.0.0.1");
  await once(server, "listening");
  return Object.assign(gate, {
    url: `http://127.0.0.1:${(server.address() as AddressInfo).port}`,
    requests,
    async close() {
      server.closeAllConnections();
      server.close();
      await once(server, "close");
    },
  });
}
