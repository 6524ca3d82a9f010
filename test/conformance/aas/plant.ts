import { ModbusDevice } from "../../hub/modbus-device.ts";
import { testSubmodel } from "../../northbound/aas/all-elements.ts";

export interface Plant {
  readonly files: Readonly<Record<string, string>>;
  /** Sections of `twinweave.yaml`. */
  readonly configuration: string;
  stop(): Promise<void>;
}

const mapping = (submodel: string): string => `twinweave: 1
source: plant
forEach: { as: pump, base: "holding:0", list: [{ name: p1 }] }
twin:
  submodels:
    Submodel1: { id: "${submodel}", template: ../pump.json }
  entity: { id: "urn:ngsi-ld:Pump:1", type: Pump }
points:
  speed: { from: "+0", type: int, ngsi: speed, write: { min: 0, max: 9000 } }
operations:
  reset: { aas: Submodel1.Reset, set: { speed: "size(arguments.Code)" } }
`;

/**
 * A device whose one register an Operation writes. Its mapping makes the submodel that all cases read, from the same
 * document that clients send.
 * @param submodel its id
 */
export async function startPlant(submodel: string): Promise<Plant> {
  const device = await new ModbusDevice().start();
  return {
    files: { "mappings/pump.yaml": mapping(submodel), "pump.json": JSON.stringify(testSubmodel(1)) },
    configuration: `
mappings: [./mappings]
sources:
  plant: { type: modbus, host: 127.0.0.1, port: ${device.port}, interval: 250 }
`,
    stop: async () => await device.stop(),
  };
}
