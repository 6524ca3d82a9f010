import { once } from "node:events";
import type { AddressInfo, Server, Socket } from "node:net";
import { HubError } from "../core/errors.ts";

/** Listens and gives the real port; a port in use is a `config` error that names it. */
export async function listen(server: Server, host: string, port: number): Promise<number> {
  server.listen(port, host);
  try {
    await once(server, "listening");
  } catch (cause) {
    throw listenError(host, port, cause);
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

/** Why nothing listens there, as an error that says what to do. */
export function listenError(host: string, port: number, cause: unknown): HubError {
  const inUse = cause instanceof Error && "code" in cause && cause.code === "EADDRINUSE";
  const reason = inUse ? "the port is in use; choose another one, or 0 for any free one" : String(cause);
  return new HubError("config", `the demo plant cannot listen on ${host}:${port}: ${reason}`, { cause });
}
