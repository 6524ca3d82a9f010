import type { MeterReading } from "../model/energy-meter.ts";

export type RegisterType = "uint16" | "int16" | "uint32" | "int32" | "float32" | "float64" | "int64";

/** Which 16-bit word of a longer value stands at the lower address. Bytes within a word are always high byte first. */
export type WordOrder = "high-first" | "low-first";

/** One entry of the meter's register map. The server and the table in the docs are made from these. */
export interface Register {
  readonly name: string;
  /** `input` is read with function 4, `holding` with function 3 and written with 6 and 16. */
  readonly space: "input" | "holding";
  /** As on the wire, from 0. */
  readonly address: number;
  readonly type: RegisterType;
  readonly wordOrder: WordOrder;
  /** The value is the raw number times this. */
  readonly scale: number;
  readonly unit: string;
  readonly description: string;
  readonly writable?: boolean;
  readonly value: (meter: MeterReading) => number;
}

const wordsOf: Readonly<Record<RegisterType, number>> = {
  uint16: 1,
  int16: 1,
  uint32: 2,
  int32: 2,
  float32: 2,
  float64: 4,
  int64: 4,
};

/** Registers that a type takes. */
export function wordCount(type: RegisterType): number {
  return wordsOf[type];
}

type Definition = Omit<Register, "space" | "wordOrder" | "scale"> & Partial<Pick<Register, "scale">>;

const input = (wordOrder: WordOrder, entry: Definition): Register => ({
  scale: 1,
  ...entry,
  space: "input",
  wordOrder,
});
const holding = (entry: Definition): Register => ({ scale: 1, ...entry, space: "holding", wordOrder: "high-first" });

/** The one register that can be written. */
export const demandLimitAddress = 0;

const high = (entry: Definition) => input("high-first", entry);
const low = (entry: Definition) => input("low-first", entry);

/** The map: a block with the high word first, an older one from 100 with the low word first, and the settings. */
export const registerMap: readonly Register[] = [
  high({
    name: "voltageL1",
    address: 0,
    type: "uint16",
    scale: 0.1,
    unit: "V",
    description: "Voltage L1 to N",
    value: (m) => m.voltage[0],
  }),
  high({
    name: "voltageL2",
    address: 1,
    type: "uint16",
    scale: 0.1,
    unit: "V",
    description: "Voltage L2 to N",
    value: (m) => m.voltage[1],
  }),
  high({
    name: "voltageL3",
    address: 2,
    type: "uint16",
    scale: 0.1,
    unit: "V",
    description: "Voltage L3 to N",
    value: (m) => m.voltage[2],
  }),
  high({
    name: "currentL1",
    address: 3,
    type: "uint16",
    scale: 0.01,
    unit: "A",
    description: "Current L1",
    value: (m) => m.current[0],
  }),
  high({
    name: "currentL2",
    address: 4,
    type: "uint16",
    scale: 0.01,
    unit: "A",
    description: "Current L2",
    value: (m) => m.current[1],
  }),
  high({
    name: "currentL3",
    address: 5,
    type: "uint16",
    scale: 0.01,
    unit: "A",
    description: "Current L3",
    value: (m) => m.current[2],
  }),
  high({
    name: "powerFactor",
    address: 6,
    type: "int16",
    scale: 0.001,
    unit: "1",
    description: "Power factor, positive when inductive",
    value: (m) => m.powerFactor,
  }),
  high({
    name: "frequency",
    address: 7,
    type: "uint16",
    scale: 0.01,
    unit: "Hz",
    description: "Grid frequency",
    value: (m) => m.frequency,
  }),
  high({
    name: "activePower",
    address: 8,
    type: "int32",
    unit: "W",
    description: "Active power, all phases",
    value: (m) => m.activePower * 1000,
  }),
  high({
    name: "reactivePower",
    address: 10,
    type: "int32",
    unit: "var",
    description: "Reactive power, all phases",
    value: (m) => m.reactivePower * 1000,
  }),
  high({
    name: "apparentPower",
    address: 12,
    type: "uint32",
    unit: "VA",
    description: "Apparent power, all phases",
    value: (m) => m.apparentPower * 1000,
  }),
  high({
    name: "demand",
    address: 14,
    type: "float32",
    unit: "kW",
    description: "Demand over a quarter of an hour",
    value: (m) => m.demand,
  }),
  high({
    name: "peakDemand",
    address: 16,
    type: "float32",
    unit: "kW",
    description: "Highest demand since the start",
    value: (m) => m.peakDemand,
  }),
  high({
    name: "energyImport",
    address: 18,
    type: "float64",
    unit: "kWh",
    description: "Active energy taken",
    value: (m) => m.energy,
  }),
  high({
    name: "energyImportWh",
    address: 22,
    type: "int64",
    unit: "Wh",
    description: "Active energy taken, as a counter",
    value: (m) => m.energy * 1000,
  }),
  low({
    name: "activePowerLegacy",
    address: 100,
    type: "float32",
    unit: "kW",
    description: "Active power, older block",
    value: (m) => m.activePower,
  }),
  low({
    name: "energyImportLegacy",
    address: 102,
    type: "uint32",
    unit: "kWh",
    description: "Active energy taken, whole kWh",
    value: (m) => m.energy,
  }),
  low({
    name: "reactivePowerLegacy",
    address: 104,
    type: "int32",
    unit: "var",
    description: "Reactive power, older block",
    value: (m) => m.reactivePower * 1000,
  }),
  low({
    name: "apparentPowerLegacy",
    address: 106,
    type: "float64",
    unit: "kVA",
    description: "Apparent power, older block",
    value: (m) => m.apparentPower,
  }),
  low({
    name: "reactiveEnergyVarh",
    address: 110,
    type: "int64",
    unit: "varh",
    description: "Reactive energy taken, as a counter",
    value: (m) => m.reactiveEnergy * 1000,
  }),
  holding({
    name: "demandLimit",
    address: demandLimitAddress,
    type: "uint16",
    unit: "kW",
    description: "Another pump is not started beyond this power; 0 to 1000",
    writable: true,
    value: (m) => m.demandLimit,
  }),
  holding({
    name: "deviceType",
    address: 1,
    type: "uint16",
    unit: "1",
    description: "Kind of meter",
    value: () => 4711,
  }),
  holding({
    name: "serialNumber",
    address: 2,
    type: "uint32",
    unit: "1",
    description: "Serial number of the meter",
    value: () => 20_260_117,
  }),
  holding({
    name: "currentTransformerRatio",
    address: 4,
    type: "float32",
    unit: "1",
    description: "Ratio of the current transformers",
    value: () => 40,
  }),
];
