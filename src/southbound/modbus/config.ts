import { type Static, Type } from "typebox";
import { Default } from "typebox/value";

/** Section of a `type: modbus` source in `twinweave.yaml`. */
export const modbusConfig = Type.Object(
  {
    host: Type.String({ minLength: 1, description: "Host name or IP address of the device or gateway." }),
    port: Type.Optional(Type.Integer({ minimum: 1, maximum: 65535, default: 502, description: "TCP port." })),
    unit: Type.Optional(
      Type.Integer({
        minimum: 0,
        maximum: 255,
        default: 1,
        description: "Unit identifier: the device behind a gateway. One source per unit.",
      }),
    ),
    interval: Type.Optional(
      Type.Integer({
        minimum: 10,
        maximum: 86_400_000,
        default: 1000,
        description: "Milliseconds from one poll to the next, for points that say nothing else.",
      }),
    ),
    timeout: Type.Optional(
      Type.Integer({
        minimum: 50,
        maximum: 60_000,
        default: 3000,
        description:
          "Milliseconds to wait for connecting and for each answer. Three requests in a row without one end the session.",
      }),
    ),
    maxRegisters: Type.Optional(
      Type.Integer({
        minimum: 1,
        maximum: 125,
        default: 125,
        description: "Registers that one request may read. The protocol allows 125; some devices take fewer.",
      }),
    ),
    maxBits: Type.Optional(
      Type.Integer({
        minimum: 1,
        maximum: 2000,
        default: 2000,
        description: "Coils or discrete inputs that one request may read. The protocol allows 2000.",
      }),
    ),
    maxGap: Type.Optional(
      Type.Integer({
        minimum: 0,
        maximum: 124,
        default: 8,
        description:
          "Unused registers (or, times 16, bits) that are read along to save a request. 0: only what touches is read together.",
      }),
    ),
    wordOrder: Type.Optional(
      Type.Enum(["big", "little"], {
        default: "big",
        description:
          "Order of the registers of 32 and 64-bit values: big, as the standard has it, or little (word swap).",
      }),
    ),
    byteOrder: Type.Optional(
      Type.Enum(["big", "little"], {
        default: "big",
        description: "Order of the two bytes in a register: big, as the standard has it, or little (byte swap).",
      }),
    ),
    writeMultiple: Type.Optional(
      Type.Boolean({
        default: false,
        description: "Write single registers with function 16 too, for devices that do not know function 6.",
      }),
    ),
  },
  { additionalProperties: false },
);

export type ModbusConfig = Static<typeof modbusConfig>;
export type ModbusSettings = Required<ModbusConfig>;

/** The section with the schema's defaults in place of what it leaves out. */
export function modbusSettings(config: ModbusConfig): ModbusSettings {
  return Default(modbusConfig, { ...config }) as ModbusSettings;
}
