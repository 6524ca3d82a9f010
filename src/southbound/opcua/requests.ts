import type { ClientSession } from "node-opcua-client";
import { faultStatus, translate } from "./errors.ts";

/** What the server takes in one call (OPC 10000-5, 6.3.11); where it does not say, what every server takes. */
export interface OperationLimits {
  readonly read: number;
  readonly browse: number;
  readonly monitor: number;
  readonly translate: number;
}

const CHUNK = 1_000;
const LIMIT_NODES = { read: 11705, browse: 11710, monitor: 11714, translate: 11712 } as const;
const VALUE_ATTRIBUTE = 13;

export async function readOperationLimits(session: ClientSession): Promise<OperationLimits> {
  const ids = [LIMIT_NODES.read, LIMIT_NODES.browse, LIMIT_NODES.monitor, LIMIT_NODES.translate];
  const [read, browse, monitor, translateLimit] = await limitValues(session, ids);
  return { read: bound(read), browse: bound(browse), monitor: bound(monitor), translate: bound(translateLimit) };
}

async function limitValues(session: ClientSession, ids: readonly number[]): Promise<unknown[]> {
  try {
    const values = await session.read(ids.map((id) => ({ nodeId: `i=${id}`, attributeId: VALUE_ATTRIBUTE })));
    return values.map((value) => value.value?.value);
  } catch (thrown) {
    // A server may refuse four nodes at once, or not know them: then the default holds.
    if (faultStatus(thrown) !== undefined) return [];
    throw translate("the operation limits cannot be read", thrown);
  }
}

function bound(limit: unknown): number {
  return typeof limit === "number" && limit > 0 ? Math.min(limit, CHUNK) : CHUNK;
}

/** Sends `items` in pieces, one after the other: several at once would only fill the server's queue. */
export async function inChunks<Item, Result>(
  items: readonly Item[],
  size: number,
  abort: AbortSignal,
  send: (chunk: Item[]) => Promise<readonly Result[]>,
): Promise<Result[]> {
  const results: Result[] = [];
  for (let start = 0; start < items.length; start += size) {
    abort.throwIfAborted();
    for (const result of await send(items.slice(start, start + size))) results.push(result);
  }
  return results;
}
