import type * as Pki from "node-opcua-certificate-manager";
import type * as Client from "node-opcua-client";

export interface OpcuaLibrary {
  readonly client: typeof Client;
  readonly pki: typeof Pki;
}

/** Loaded at first use: the import stalls the thread for most of a second, which a hub without OPC UA need not pay. */
export async function loadLibrary(): Promise<OpcuaLibrary> {
  const [client, pki] = await Promise.all([import("node-opcua-client"), import("node-opcua-certificate-manager")]);
  // What it would print is reported by this connector, as errors with codes; stdout and stderr are the hub's.
  client.setWarningLogger(() => undefined);
  client.setErrorLogger(() => undefined);
  return { client, pki };
}
