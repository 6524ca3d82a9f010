import { once } from "node:events";
import type { AddressInfo, Server, Socket } from "node:net";
import { HubError } from "../core/errors.ts";

/** Listens and gives the real port; a port in use is a `config` error that names it. */
export async function listen(server: Server, host: string, port: number): Promise<number> {
  server.listen(port, host);
  try {
    await once(server, "listening");
  } catch (cause) {
    throw new HubError("config", `the demo plant cannot listen on ${host}:${port}: ${reasonOf(cause)}`, { cause });
  }
  return (server.address() as AddressInfo).port;
}

/** Stops listening and cuts what is still connected. */
export async function closeServer(server: Server, sockets: Iterable<Socket>): Promise<void> {
  const closed = once(server, "close");
  server.close();
  for (const socket of sockets) socket.destroy();
  await closed;
}

function reasonOf(cause: unknown): string {
  return cause instanceof Error && "code" in cause && cause.code === "EADDRINUSE"
    ? "the port is in use; choose another one, or 0 for any free one"
    : String(cause);
}
