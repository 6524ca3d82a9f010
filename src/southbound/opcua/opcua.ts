import type { ConnectorType } from "../contract.ts";
import { opcuaAddresses, opcuaAddressSchema } from "./address.ts";
import { opcuaConfigSchema, opcuaSettings } from "./config.ts";
import { OpcuaConnector } from "./connector.ts";
import { loadLibrary } from "./library.ts";

export const opcua: ConnectorType<typeof opcuaConfigSchema> = {
  type: "opcua",
  liveness: "source",
  title: "OPC UA",
  description:
    "Subscribes to variables of any OPC UA server and writes to them; calls its methods; browses its address space for assets, units and ranges.",
  config: opcuaConfigSchema,
  addressSchema: opcuaAddressSchema,
  examples: {
    source: `press-line:
  type: opcua
  endpoint: opc.tcp://10.0.0.5:4840
  security: auto
  user: op
  password: "\${file:/run/secrets/op}"
`,
    addresses: [
      "Process/Temp",
      "Objects/Line1/Press1/Process/Temp",
      "nsu=http://acme.example/press;s=Press1.Temp",
      "nsu=http://acme.example/press;s=Press1#/Process/Temp",
      "i=2258",
    ],
  },
  addresses: () => opcuaAddresses,
  prepare: async () => void (await loadLibrary()),
  create: (config, context) => new OpcuaConnector(opcuaSettings(config), context),
};
