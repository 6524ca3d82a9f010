import { createRequire } from "node:module";
import { promisify } from "node:util";

/**
 * A FIWARE IoT Agent, unmodified, that measures for a hub: `iot-agent.ts <its package's folder> <hub> <context>`.
 * Prints the error of each measure, null where there is none, as JSON in the last line.
 */
const [, , folder = "", url = "", jsonLdContext = ""] = process.argv;

/** What of `iotagent-node-lib` is called; every function takes a callback last. */
type Callback = (error: Error | null) => void;
interface Agent {
  activate(config: object, done: Callback): void;
  register(device: object, done: Callback): void;
  update(entity: string, type: string, key: string, values: readonly object[], device: object, done: Callback): void;
  deactivate(done: Callback): void;
}
const agent: Agent = createRequire(`${folder}/package.json`)("iotagent-node-lib");

const tenant = { service: "plant", subservice: "/hall" };
const active = [
  { object_id: "t", name: "temperature", type: "Number" },
  { object_id: "l", name: "location", type: "geo:point" },
  { object_id: "s", name: "state", type: "Text" },
];
const device = { id: "s1", name: "urn:ngsi-ld:Sensor:s1", type: "Sensor", active, ...tenant };
const measured = (name: string, type: string, value: unknown): object => ({ name, type, value });
const measures = [
  [measured("temperature", "Number", 21.5), measured("state", "Text", "on")],
  [measured("temperature", "Number", 22.5), measured("location", "geo:point", "41.2,-8.5")],
  [measured("state", "Text", "off"), measured("TimeInstant", "DateTime", "2026-03-01T10:00:00.000Z")],
];

await promisify(agent.activate)({
  logLevel: "FATAL",
  contextBroker: { url, ngsiVersion: "ld", jsonLdContext },
  server: { port: 0, host: "127.0.0.1" },
  deviceRegistry: { type: "memory" },
  providerUrl: "http://127.0.0.1:9",
  types: { Sensor: { type: "Sensor", commands: [], lazy: [], active, ...tenant } },
  defaultType: "Sensor",
  timestamp: true,
  ...tenant,
});
await promisify(agent.register)(device);
const errors: (string | null)[] = [];
for (const values of measures) {
  const failed = await promisify(agent.update)(device.name, device.type, "", values, device).then(
    () => null,
    (error: Error) => error.message,
  );
  errors.push(failed);
}
await promisify(agent.deactivate)();
console.log(JSON.stringify(errors));
process.exit(0);
