import { once } from "node:events";
import { connect, type Socket } from "node:net";
import { type RequestKind, type RequestKinds, requestBytes } from "./request.ts";

/** What a run of the load is; the only argument, as JSON. */
export interface LoadOrder {
  readonly url: string;
  /** The module with the `requestKinds`, relative to this one, and which of them. */
  readonly requests: string;
  readonly kind: string;
  readonly connections: number;
  /** Runs for so long, or until `count` answers. */
  readonly seconds?: number;
  readonly count?: number;
  /** The twins that are asked for, or the first one that is made and those behind it. */
  readonly from: number;
  readonly twins?: number;
  /** Asks this path alone: for a server with one route. */
  readonly path?: string;
}

export interface LoadReport {
  readonly answers: number;
  readonly seconds: number;
}

/** Asks over kept connections, each as soon as it was answered. Sockets alone: an HTTP client takes more time than the server. */
const order = JSON.parse(process.argv[2] ?? "{}") as LoadOrder;
const { requestKinds } = (await import(order.requests)) as { readonly requestKinds: RequestKinds };
const kind = kindOf(requestKinds);
const { host, hostname, port } = new URL(order.url);
const known = order.twins === undefined ? undefined : prepared(order.twins);
const started = performance.now();
const end = started + (order.seconds ?? Number.POSITIVE_INFINITY) * 1_000;
let asked = 0;
let answers = 0;

function kindOf(kinds: RequestKinds): RequestKind {
  const found = kinds[order.kind];
  if (found === undefined) throw new Error(`there is no request "${order.kind}"`);
  return found;
}

function prepared(twins: number): readonly Buffer[] {
  return Array.from({ length: twins }, (_, index) => requestBytes(kind, order.from + index, host, order.path));
}

/** Twins in an order that no cache can foresee, and the same in every run. */
function next(): Buffer | undefined {
  if (performance.now() >= end || asked >= (order.count ?? Number.POSITIVE_INFINITY)) return undefined;
  asked += 1;
  if (known !== undefined) return known[(asked * 7919) % known.length];
  return requestBytes(kind, order.from + asked - 1, host, order.path);
}

async function connection(): Promise<void> {
  const socket = connect(Number(port), hostname).setNoDelay(true);
  await once(socket, "connect");
  await new Promise<void>((resolve, reject) => {
    socket.once("error", reject);
    ask(socket, resolve, reject);
  });
  socket.destroy();
}

function ask(socket: Socket, done: () => void, failed: (reason: Error) => void): void {
  let head = "";
  let missing = -1;
  const send = (): void => {
    const request = next();
    head = "";
    missing = -1;
    if (request === undefined) done();
    else socket.write(request);
  };
  socket.on("data", (chunk: Buffer) => {
    if (missing === -1) {
      head += chunk.toString("latin1", 0, Math.min(chunk.length, 4096));
      const stop = head.indexOf("\r\n\r\n");
      if (stop === -1) return;
      if (Number(head.slice(9, 12)) !== kind.status) return failed(new Error(`${kind.name}: ${head.slice(0, 200)}`));
      const length = Number(/\r\ncontent-length: (\d+)/i.exec(head.slice(0, stop))?.[1] ?? 0);
      missing = length - (chunk.length - (stop + 4));
    } else missing -= chunk.length;
    if (missing > 0) return;
    answers += 1;
    send();
  });
  send();
}

await Promise.all(Array.from({ length: order.connections }, connection));
process.send?.({ answers, seconds: (performance.now() - started) / 1_000 } satisfies LoadReport);
process.once("SIGTERM", () => process.exit(0));
