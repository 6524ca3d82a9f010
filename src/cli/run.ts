import type { Command } from "commander";
import { loadConfig } from "../config/load.ts";
import { startHub } from "../hub/hub.ts";
import { flagSettings, type HubFlags, withHubFlags } from "./hub-flags.ts";
import { untilStopped } from "./until-stopped.ts";

/** `twinweave run`: the hub, as in production. */
export function addRun(program: Command): void {
  const command = program.command("run").description("run the hub");
  withHubFlags(command).action(async (flags: HubFlags) => {
    const stopped = untilStopped();
    const config = await loadConfig({
      ...(flags.config === undefined ? {} : { file: flags.config }),
      flags: flagSettings(flags),
    });
    const hub = await startHub(config);
    process.stdout.write(`twinweave is ready at ${hub.url}\n`);
    process.send?.({ ready: true, url: hub.url });
    await stopped;
    await hub.close();
    process.disconnect?.();
  });
}
