import type { TSchema } from "typebox";
import type { ConnectorType } from "./contract.ts";
import { modbus } from "./modbus/modbus.ts";
import { mqtt } from "./mqtt/mqtt.ts";
import { opcua } from "./opcua/opcua.ts";

/** Each connector checks its own configuration; to the hub all of them look alike. */
function anyConfig<Config extends TSchema>(type: ConnectorType<Config>): ConnectorType {
  return type as unknown as ConnectorType;
}

/** Every kind of source that `type:` may name in `twinweave.yaml`: one line a connector. */
export const connectorTypes: readonly ConnectorType[] = [anyConfig(opcua), anyConfig(mqtt), anyConfig(modbus)];

export function connectorType(name: string): ConnectorType | undefined {
  return connectorTypes.find(({ type }) => type === name);
}
