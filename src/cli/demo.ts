import { tmpdir } from "node:os";
import { join } from "node:path";
import type { Command } from "commander";
import { startDemoPlant } from "../demo/demo-plant.ts";
import { numberFlag } from "./number-flag.ts";
import { untilStopped } from "./until-stopped.ts";

interface DemoFlags {
  readonly seed: number;
  readonly speed: number;
  readonly pumps: number;
  readonly opcuaPort: number;
  readonly mqttPort: number;
  readonly modbusPort: number;
  readonly controlPort: number;
  readonly data: string;
}

const port = numberFlag(0, 65_535);

/** `twinweave demo`: the demo plant alone, to try a hub or any other client on. */
export function addDemo(program: Command): void {
  program
    .command("demo")
    .description("run the demo plant alone: a pump station over OPC UA, MQTT and Modbus TCP")
    .option("--seed <number>", "the same seed gives the same plant", numberFlag(0, 2 ** 31), 1)
    .option("--speed <number>", "seconds of plant time in a second", numberFlag(0.001, 3_600, false), 1)
    .option("--pumps <number>", "number of pumps", numberFlag(1, 16), 4)
    .option("--opcua-port <number>", "0: a free one", port, 48400)
    .option("--mqtt-port <number>", "0: a free one", port, 18830)
    .option("--modbus-port <number>", "0: a free one", port, 15020)
    .option("--control-port <number>", "fault injection; 0: a free one", port, 18090)
    .option("--data <folder>", "where the OPC UA server keeps its certificate", join(tmpdir(), "twinweave-demo-plant"))
    .action(async ({ data, ...options }: DemoFlags) => {
      const stopped = untilStopped();
      const plant = await startDemoPlant({ ...options, dataDir: data });
      const { opcua, mqtt, modbus, control } = plant.endpoints;
      process.stdout.write(
        [
          "The demo plant is running.",
          `  OPC UA   ${opcua}`,
          `  MQTT     ${mqtt}`,
          `  Modbus   ${modbus.host}:${modbus.port}`,
          `  faults   ${control}/faults`,
          "",
        ].join("\n"),
      );
      process.send?.({ ready: true, endpoints: plant.endpoints });
      await stopped;
      await plant.close();
      process.disconnect?.();
    });
}
