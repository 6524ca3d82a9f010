import { tmpdir } from "node:os";
import { join } from "node:path";
import type { Command } from "commander";
import { startDemoPlant } from "../demo/demo-plant.ts";
import { untilStopped } from "./until-stopped.ts";

interface DemoFlags {
  readonly seed: string;
  readonly speed: string;
  readonly pumps: string;
  readonly opcuaPort: string;
  readonly mqttPort: string;
  readonly modbusPort: string;
  readonly controlPort: string;
  readonly data: string;
}

/** `twinweave demo`: the demo plant alone, to try a hub or any other client on. */
export function addDemo(program: Command): void {
  program
    .command("demo")
    .description("run the demo plant alone: a pump station over OPC UA, MQTT and Modbus TCP")
    .option("--seed <number>", "the same seed gives the same plant", "1")
    .option("--speed <number>", "seconds of plant time in a second", "1")
    .option("--pumps <number>", "number of pumps", "4")
    .option("--opcua-port <number>", "0: a free one", "48400")
    .option("--mqtt-port <number>", "0: a free one", "18830")
    .option("--modbus-port <number>", "0: a free one", "15020")
    .option("--control-port <number>", "fault injection; 0: a free one", "18090")
    .option("--data <folder>", "where the OPC UA server keeps its certificate", join(tmpdir(), "twinweave-demo-plant"))
    .action(async (flags: DemoFlags) => {
      const plant = await startDemoPlant({
        seed: Number(flags.seed),
        speed: Number(flags.speed),
        pumps: Number(flags.pumps),
        opcuaPort: Number(flags.opcuaPort),
        mqttPort: Number(flags.mqttPort),
        modbusPort: Number(flags.modbusPort),
        controlPort: Number(flags.controlPort),
        dataDir: flags.data,
      });
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
      await untilStopped();
      await plant.close();
    });
}
