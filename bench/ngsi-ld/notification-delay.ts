import { createServer } from "node:http";
import type { AddressInfo } from "node:net";
import type { Figure } from "../report/figure.ts";
import { median } from "../report/quantile.ts";
import { entityId } from "./bench-entities.ts";

/**
 * From a PATCH to its notification, one after the other, beside the time of the PATCH's own answer; with so many other
 * subscriptions, of which none is about the change: to other entities, and to other attributes of the same type.
 */
export async function notificationFigure(hub: string, changes: number, others: OtherSubscriptions): Promise<Figure> {
  let notified: () => void = () => {};
  const receiver = createServer((request, response) => {
    request.resume().on("end", () => response.writeHead(204).end(() => notified()));
  }).listen(0, "127.0.0.1");
  await new Promise((resolve) => receiver.once("listening", resolve));
  const { port } = receiver.address() as AddressInfo;
  const api = `${hub}/ngsi-ld/v1`;
  const send = (method: string, path: string, body: unknown): Promise<Response> =>
    fetch(`${api}${path}`, { method, body: JSON.stringify(body), headers: { "content-type": "application/json" } });
  const id = "urn:ngsi-ld:Subscription:bench";
  const endpoint = { uri: `http://127.0.0.1:${port}/`, accept: "application/json" };
  const subscription = {
    id,
    type: "Subscription",
    entities: [{ id: entityId(0), type: "Machine" }],
    notification: { endpoint },
  };
  while (others.made < others.wanted) {
    const missing = Math.min(others.wanted - others.made, 64);
    await Promise.all(
      Array.from({ length: missing }, (_, at) => send("POST", "/subscriptions", other(others.made + at, port))),
    );
    others.made += missing;
  }
  const made = await send("POST", "/subscriptions", subscription);
  if (made.status !== 201) throw new Error(`the subscription was answered ${made.status}: ${await made.text()}`);
  const answers: number[] = [];
  const delays: number[] = [];
  for (let number = 0; number < changes; number += 1) {
    const arrival = new Promise<void>((resolve) => {
      notified = resolve;
    });
    const start = performance.now();
    const delay = arrival.then(() => performance.now() - start);
    await send("PATCH", `/entities/${entityId(0)}/attrs/temperature`, { type: "Property", value: number });
    answers.push(performance.now() - start);
    delays.push(await delay);
  }
  await fetch(`${api}/subscriptions/${id}`, { method: "DELETE" });
  receiver.close();
  receiver.closeAllConnections();
  return {
    section: "ngsi-ld",
    what: `from PATCH to its notification, p50, ${others.made + 1} subscriptions`,
    value: median(delays),
    unit: "ms",
    baseline: { what: "the PATCH's own answer, p50", value: median(answers) },
    target: { of: "ratio", atMost: 2 },
  };
}

/** Subscriptions beside the one that is measured; they stay. */
export interface OtherSubscriptions {
  made: number;
  wanted: number;
}

function other(number: number, port: number): object {
  const about =
    number % 2 === 0
      ? { entities: [{ id: `urn:ngsi-ld:Machine:other:${number}`, type: "Machine" }] }
      : { entities: [{ type: "Machine" }], watchedAttributes: [`other${number}`], q: `other${number}>1` };
  return { type: "Subscription", ...about, notification: { endpoint: { uri: `http://127.0.0.1:${port}/` } } };
}
