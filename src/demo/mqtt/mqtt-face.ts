import { createServer, type Socket } from "node:net";
import { Aedes } from "aedes";
import type { StationReading } from "../model/station.ts";
import { closeServer, listen } from "../tcp-listener.ts";
import { type SensorCondition, type SensorMessage, sensorMessages, stateMessage } from "./sensor-message.ts";

/** Messages of one client that the broker holds while it is still connecting it. */
const queueLimit = 1_000;
/** ms that a subscriber may not read before the broker lets it go; the sensors wait for it that long at most. */
const drainTimeout = 5_000;

export interface MqttFaceOptions {
  readonly host: string;
  readonly port: number;
}

export interface MqttConditions {
  /** No sensor sends at all; the broker stays up. */
  readonly silent: boolean;
  of(pump: string): SensorCondition;
}

export interface MqttFace {
  readonly port: number;
  readonly url: string;
  publish(reading: StationReading, conditions: MqttConditions, at: Date): void;
  close(): Promise<void>;
}

/** Starts the embedded broker (MQTT 3.1.1) and the sensors that publish on it. */
export async function startMqttFace({ host, port }: MqttFaceOptions): Promise<MqttFace> {
  const broker = await Aedes.createBroker({ queueLimit, drainTimeout });
  const sockets = new Set<Socket>();
  const server = createServer((socket) => {
    sockets.add(socket);
    socket.on("close", () => sockets.delete(socket));
    broker.handle(socket);
  });
  const bound = await listen(server, host, port).catch(async (failed: unknown) => {
    await closeBroker(broker);
    throw failed;
  });
  const shownStates = new Map<string, string>();
  let sending = false;
  // One after the other: the broker drops what overtakes, and a retained message takes longer than a plain one.
  const sendAll = async (messages: readonly SensorMessage[]) => {
    sending = true;
    for (const message of messages) if (!broker.closed) await publish(broker, message);
    sending = false;
  };
  return {
    port: bound,
    url: `mqtt://${host}:${bound}`,
    publish(reading, conditions, at) {
      // While the last messages are still under way no sensor sends; a new state is told with the next ones then.
      if (conditions.silent || sending) return;
      const messages: SensorMessage[] = [];
      for (const pump of reading.pumps) {
        const { name } = pump.spec;
        messages.push(...sensorMessages(reading, pump, conditions.of(name), at));
        const state = `${pump.state} ${pump.mode} ${pump.trip}`;
        if (shownStates.get(name) === state) continue;
        shownStates.set(name, state);
        messages.push(stateMessage(pump, at));
      }
      void sendAll(messages);
    },
    async close() {
      await closeBroker(broker);
      await closeServer(server, sockets);
    },
  };
}

/** Resolves when the subscribers have it, or when the broker is closing and nobody will. */
function publish(broker: Aedes, { topic, payload, retain }: SensorMessage): Promise<void> {
  const bytes = Buffer.from(JSON.stringify(payload));
  return new Promise((resolve) => {
    broker.publish({ cmd: "publish", topic, payload: bytes, qos: 1, retain, dup: false }, () => resolve());
  });
}

function closeBroker(broker: Aedes): Promise<void> {
  return new Promise((resolve) => broker.close(resolve));
}
