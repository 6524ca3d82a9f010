import { join } from "node:path";
import { setTimeout } from "node:timers/promises";
import { fileURLToPath } from "node:url";
import type { Command } from "commander";
import { loadConfig } from "../config/load.ts";
import type { DemoEndpoints } from "../demo/demo-plant.ts";
import { startHub } from "../hub/hub.ts";
import { startDemoProcess } from "./demo-process.ts";
import { flagSettings, type HubFlags, withHubFlags } from "./hub-flags.ts";
import { untilStopped } from "./until-stopped.ts";

const demoConfig = fileURLToPath(new URL("../../demo.yaml", import.meta.url));

/** How long the screen waits for the plant, so that what it says to try works at once; ms. */
const patience = 20_000;

/** `twinweave start` (`npm start`): the whole main job on the demo plant, from its protocols to both APIs. */
export function addStart(program: Command): void {
  const command = program.command("start").description("run the hub on the demo plant: try Twinweave");
  withHubFlags(command).action(async (flags: HubFlags) => {
    const stopped = untilStopped();
    const settings = flagSettings(flags);
    const base = await loadConfig({ file: flags.config ?? demoConfig, flags: settings });
    const plant = await startDemoProcess(join(base.store.sqlite, "demo-plant"));
    try {
      const endpoints = endpointSettings(plant.endpoints);
      const config = await loadConfig({ file: flags.config ?? demoConfig, flags: { ...settings, ...endpoints } });
      const hub = await startHub(config);
      try {
        await Promise.race([hub.settled, stopped, setTimeout(patience, undefined, { ref: false })]);
        process.stdout.write(screen(hub.url, plant.endpoints));
        process.send?.({ ready: true, url: hub.url, plant: plant.endpoints });
        await stopped;
        process.stdout.write("\nstopping … ");
      } finally {
        await hub.close();
      }
    } finally {
      await plant.close();
    }
    process.stdout.write("stopped, everything is on the disk.\n");
    process.disconnect?.();
  });
}

/** Where the plant listens this time, over what demo.yaml says. */
function endpointSettings({ opcua, mqtt, modbus }: DemoEndpoints): Record<string, unknown> {
  return {
    "sources.pump-station.endpoint": opcua,
    "sources.sensors.url": mqtt,
    "sources.meter.host": modbus.host,
    "sources.meter.port": modbus.port,
  };
}

function screen(url: string, { opcua, mqtt, modbus, control, pumps }: DemoEndpoints): string {
  const [pump = "P1"] = pumps;
  const submodel = Buffer.from(`https://twinweave.example/sm/${pump}/operational-data`).toString("base64url");
  return `
Twinweave is running on the demo plant, a pump station.

  ${url}/                                  start page
  ${url}/api/v3.1/shells                   Asset Administration Shells (IDTA)
  ${url}/ngsi-ld/v1/entities?local=true    NGSI-LD (ETSI)
  ${url}/admin/sources                     where the values come from
  ${url}/metrics                           Prometheus

  plant: ${opcua}   ${mqtt}   modbus ${modbus.host}:${modbus.port}   faults ${control}/faults

Try:
  curl '${url}/ngsi-ld/v1/entities?type=Pump&options=keyValues' \\
       -H 'Link: <${url}/ngsi-ld/v1/jsonldContexts/pump-station.jsonld>; rel="http://www.w3.org/ns/json-ld#context"'
  curl '${url}/api/v3.1/submodels/${submodel}/$value'
  curl -X PATCH '${url}/api/v3.1/submodels/${submodel}/submodel-elements/SpeedSetpoint/$value' \\
       -H 'Content-Type: application/json' -d 85
  curl -X POST '${url}/api/v3.1/submodels/${submodel}/submodel-elements/SetSpeed/invoke/$value' \\
       -H 'Content-Type: application/json' -d '{"inputArguments": {"Speed": 85}}'

The mapping files are in mappings/. Ctrl-C stops.
`;
}
