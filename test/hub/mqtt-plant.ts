import { once } from "node:events";
import { createServer, type Socket } from "node:net";
import { Aedes } from "aedes";

export interface MqttPlant {
  readonly port: number;
  readonly url: string;
  /** Resolves when the broker has taken it. */
  publish(topic: string, payload: string | Buffer, retain?: boolean): Promise<void>;
  /** Resolves when a client subscribes to the topic, from now on. */
  subscribed(topic: string): Promise<void>;
  /** Tells the payload of each message that a client has acknowledged; the last listener alone is told. */
  onAcknowledged(listener: (payload: string) => void): void;
  close(): Promise<void>;
}

/** An MQTT broker in the test's own process. */
export async function startMqttPlant(): Promise<MqttPlant> {
  const broker = await Aedes.createBroker();
  const sockets = new Set<Socket>();
  const server = createServer((socket) => {
    sockets.add(socket);
    socket.on("close", () => sockets.delete(socket));
    broker.handle(socket);
  }).listen(0, "127.0.0.1");
  await once(server, "listening");
  const address = server.address();
  if (address === null || typeof address === "string") throw new Error("no port");
  let acknowledged: (payload: string) => void = () => {};
  broker.on("ack", (packet) => {
    if (packet !== undefined && "payload" in packet) acknowledged(String(packet.payload));
  });
  return {
    port: address.port,
    url: `mqtt://127.0.0.1:${address.port}`,
    publish: (topic, payload, retain = false) =>
      new Promise((resolve, reject) => {
        const packet = { cmd: "publish", topic, payload, qos: 1, retain, dup: false } as const;
        broker.publish(packet, (error) => (error ? reject(error) : resolve()));
      }),
    subscribed: (topic) =>
      new Promise((resolve) => {
        const look = (subscriptions: readonly { readonly topic: string }[]): void => {
          if (!subscriptions.some((one) => one.topic === topic)) return;
          broker.off("subscribe", look);
          resolve();
        };
        broker.on("subscribe", look);
      }),
    onAcknowledged(listener) {
      acknowledged = listener;
    },
    async close() {
      for (const socket of sockets) socket.destroy();
      server.close();
      await new Promise<void>((resolve) => broker.close(resolve));
    },
  };
}
