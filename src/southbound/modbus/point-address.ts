export const tables = ["holding", "input", "coil", "discrete"] as const;
export type Table = (typeof tables)[number];
export type Order = "big" | "little";

export const dataTypes = [
  "bool",
  "int16",
  "uint16",
  "int32",
  "uint32",
  "int64",
  "uint64",
  "float32",
  "float64",
  "string",
] as const;
export type DataType = (typeof dataTypes)[number];

export type NumberType = Exclude<DataType, "bool" | "string">;

export const octets: Readonly<Record<NumberType, number>> = {
  int16: 2,
  uint16: 2,
  int32: 4,
  uint32: 4,
  int64: 8,
  uint64: 8,
  float32: 4,
  float64: 8,
};

/** One point, as the connector works with it. */
export interface ModbusAddress {
  readonly table: Table;
  /** Address on the wire, from 0. */
  readonly address: number;
  readonly type: DataType;
  readonly wordOrder: Order;
  readonly byteOrder: Order;
  /** Value = raw × scale + offset. */
  readonly scale: number;
  readonly offset: number;
  /** Octets of a string. */
  readonly length: number;
  /** Bit of a register that is read as `bool`; 0 is the least significant. */
  readonly bit: number | undefined;
}

/** Registers (in the bit tables: bits) that the value takes. */
export function registersOf(address: Pick<ModbusAddress, "type" | "length">): number {
  if (address.type === "string") return Math.ceil(address.length / 2);
  return address.type === "bool" ? 1 : octets[address.type] / 2;
}

export function isBitTable(table: Table): boolean {
  return table === "coil" || table === "discrete";
}
