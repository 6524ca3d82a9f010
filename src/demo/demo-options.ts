import { type Static, Type } from "typebox";
import { Value } from "typebox/value";
import { HubError } from "../core/errors.ts";

const port = (what: string) =>
  Type.Integer({ minimum: 0, maximum: 65_535, default: 0, description: `Port of ${what}; 0 takes any free one` });

/** How the demo plant runs; everything has a default but the data folder. */
export const demoOptionsSchema = Type.Object(
  {
    host: Type.String({ default: "127.0.0.1", description: "Address that OPC UA, MQTT and Modbus listen on" }),
    opcuaPort: port("the OPC UA server"),
    mqttPort: port("the MQTT broker"),
    modbusPort: port("the Modbus TCP energy meter"),
    controlPort: port("the fault injection interface (always on loopback)"),
    seed: Type.Integer({ default: 1, description: "The same seed gives the same plant" }),
    speed: Type.Number({
      exclusiveMinimum: 0,
      maximum: 3_600,
      default: 1,
      description: "Seconds of plant time in a second",
    }),
    pumps: Type.Integer({ minimum: 1, maximum: 16, default: 4, description: "Number of pumps" }),
    tickMs: Type.Integer({ minimum: 10, maximum: 60_000, default: 500, description: "ms between two sets of values" }),
    dataDir: Type.String({ minLength: 1, description: "Folder for the OPC UA server's certificate" }),
  },
  { additionalProperties: false },
);

export type DemoOptions = Static<typeof demoOptionsSchema>;

/** What a caller has to say: the rest is filled with the defaults. */
export type DemoOptionsInput = Pick<DemoOptions, "dataDir"> & Partial<DemoOptions>;

/** Fills in the defaults and checks; `config` with every problem at once. */
export function readDemoOptions(input: DemoOptionsInput): DemoOptions {
  const filled: unknown = Value.Default(demoOptionsSchema, { ...input });
  if (Value.Check(demoOptionsSchema, filled)) return filled;
  const problems = [...Value.Errors(demoOptionsSchema, filled)].map((error) => ({
    place: error.instancePath.slice(1) || "the options",
    message: error.message,
  }));
  const told = problems.map(({ place, message }) => `${place}: ${message}`).join("; ");
  throw new HubError("config", `the demo plant's options are wrong: ${told}`, { problems });
}
