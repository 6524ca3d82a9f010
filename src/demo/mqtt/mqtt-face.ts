import { createServer, type Socket } from "node:net";
import { Aedes } from "aedes";
import type { StationReading } from "../model/station.ts";
import { closeServer, listen } from "../tcp-listener.ts";
import { type SensorCondition, type SensorMessage, sensorMessages, stateMessage } from "./sensor-message.ts";

/** Messages that wait for one slow subscriber before the broker drops it. */
const queueLimit = 1_000;

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
  const broker = await Aedes.createBroker({ queueLimit });
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
  const send = ({ topic, payload, retain }: SensorMessage) => {
    if (broker.closed) return;
    broker.publish(
      { cmd: "publish", topic, payload: Buffer.from(JSON.stringify(payload)), qos: 1, retain, dup: false },
      () => undefined,
    );
  };
  return {
    port: bound,
    url: `mqtt://${host}:${bound}`,
    publish(reading, conditions, at) {
      if (conditions.silent) return;
      for (const pump of reading.pumps) {
        const { name } = pump.spec;
        for (const message of sensorMessages(reading, pump, conditions.of(name), at)) send(message);
        const state = `${pump.state} ${pump.mode} ${pump.trip}`;
        if (shownStates.get(name) === state) continue;
        shownStates.set(name, state);
        send(stateMessage(pump, at));
      }
    },
    async close() {
      await closeBroker(broker);
      await closeServer(server, sockets);
    },
  };
}

function closeBroker(broker: Aedes): Promise<void> {
  return new Promise((resolve) => broker.close(resolve));
}
