import type { ConnectorType } from "../contract.ts";
import { modbusAddresses, modbusAddressSchema } from "./address.ts";
import { modbusConfig, modbusSettings } from "./config.ts";

/** Modbus TCP (MODBUS Application Protocol V1.1b3, Messaging on TCP/IP V1.0b). */
export const modbus: ConnectorType<typeof modbusConfig> = {
  type: "modbus",
  liveness: "source",
  title: "Modbus TCP",
  description:
    "Polls the registers, coils and discrete inputs of meters, drives and PLCs. Neighbouring points are read with one request; " +
    "a register that the device refuses makes its own point bad and no other, with the exception's name as the status. Coils and " +
    "holding registers can be written (functions 5, 6 and 16). Addresses count from 0, as they do on the wire: 40001 in a " +
    "manual is `holding:0`, 30001 is `input:0`.",
  config: modbusConfig,
  addressSchema: modbusAddressSchema,
  examples: {
    source: ["meter:", "  type: modbus", "  host: 10.0.0.9", "  unit: 1", "  interval: 1000"].join("\n"),
    addresses: [
      "holding:100:float32",
      "holding:100:float32:cdab",
      "input:30:uint16:scale=0.1",
      "holding:40:string:length=16",
      "holding:7:bool:bit=3",
      "coil:3",
      "discrete:7",
    ],
  },
  addresses: (config) => modbusAddresses(modbusSettings(config)),
  create: (config, context) => ({
    async connect(sink, abort) {
      const { ModbusSession } = await import("./session.ts");
      const { ModbusConnection } = await import("./connection.ts");
      const settings = modbusSettings(config);
      return new ModbusConnection(settings, context, await ModbusSession.open(settings, abort), sink);
    },
  }),
};
