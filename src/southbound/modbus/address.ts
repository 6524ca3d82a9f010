import { type Static, Type } from "typebox";
import { Compile } from "typebox/compile";
import type { AddressSyntax, ParsedAddress } from "../../core/address-syntax.ts";
import {
  dataTypes,
  isBitTable,
  type ModbusAddress,
  type Order,
  registersOf,
  type Table,
  tables,
} from "./point-address.ts";

/** What an address leaves out; and how many registers one request may read. */
export interface AddressDefaults {
  readonly wordOrder: Order;
  readonly byteOrder: Order;
  readonly maxRegisters: number;
}

/** Object form of `from:`; `Type.Optional` members fall back to the source's settings. */
export const modbusAddressSchema = Type.Object(
  {
    table: Type.Optional(
      Type.Enum([...tables], {
        description:
          "Which of the four tables: holding and input registers, coils, discrete inputs. The base's, if left out.",
      }),
    ),
    address: Type.Integer({
      minimum: 0,
      maximum: 65535,
      description:
        "Address on the wire, counted from 0: what a manual calls 40001 is `holding`, 0. Without `table`: added to the base.",
    }),
    type: Type.Optional(
      Type.Enum([...dataTypes], {
        description: "Type of the value. Default: `uint16` for registers, `bool` for coils and discrete inputs.",
      }),
    ),
    wordOrder: Type.Optional(
      Type.Enum(["big", "little"], { description: "Order of the registers of a longer value." }),
    ),
    byteOrder: Type.Optional(Type.Enum(["big", "little"], { description: "Order of the two bytes in a register." })),
    scale: Type.Optional(Type.Number({ description: "The raw number is multiplied by it; a write divides." })),
    offset: Type.Optional(Type.Number({ description: "Added after scaling; a write subtracts it." })),
    length: Type.Optional(Type.Integer({ minimum: 1, maximum: 250, description: "Octets of a `string`." })),
    bit: Type.Optional(
      Type.Integer({
        minimum: 0,
        maximum: 15,
        description: "Bit of a register read as `bool`; 0 is the least significant.",
      }),
    ),
  },
  {
    additionalProperties: false,
    description:
      "String form: `table:address[:type][:option…]`, e.g. `holding:100:float32:cdab`. Options: `abcd`, `cdab`, `badc`, `dcba` " +
      "(order of the bytes on the wire), `big` or `little` (word order alone), `scale=0.1`, `offset=-40`, `length=16`, `bit=3`. " +
      "Below a base such as `holding:200`, `+4:float32` is register 204.",
  },
);

type ObjectForm = Static<typeof modbusAddressSchema>;
const objectForm = Compile(modbusAddressSchema);

const byteOrders = {
  abcd: { wordOrder: "big", byteOrder: "big" },
  cdab: { wordOrder: "little", byteOrder: "big" },
  badc: { wordOrder: "big", byteOrder: "little" },
  dcba: { wordOrder: "little", byteOrder: "little" },
} as const;
const FORM = "holding:100:float32, input:30, coil:3 or discrete:7";

type Problem = { readonly problem: { readonly message: string; readonly expected?: string } };
type Draft = { -readonly [K in keyof ObjectForm]: ObjectForm[K] };

export function modbusAddresses(defaults: AddressDefaults): AddressSyntax {
  return {
    parse(from, base): ParsedAddress {
      const parsed = parseModbusAddress(from, defaults, base);
      if ("problem" in parsed) return parsed;
      return { tag: modbusTag(parsed, defaults), writable: isWritable(parsed) };
    },
  };
}

/** Only whole holding registers and coils: one bit of a register could not be written without racing with the device. */
export function isWritable(address: ModbusAddress): boolean {
  return address.table === "coil" || (address.table === "holding" && address.bit === undefined);
}

export function parseModbusAddress(from: unknown, defaults: AddressDefaults, base?: string): ModbusAddress | Problem {
  const draft = typeof from === "string" ? readText(from) : readObject(from);
  if ("problem" in draft) return draft;
  if (draft.table !== undefined) return complete(draft, draft.table, defaults);
  const start = base === undefined ? undefined : /^(holding|input|coil|discrete):(\d{1,5})$/.exec(base);
  if (!start) {
    const message =
      base === undefined ? "there is no base to add the address to" : `the base ${base} is none for Modbus`;
    return { problem: { message, expected: "a base such as holding:200, or an address with its table" } };
  }
  const address = Number(start[2]) + draft.address;
  return complete({ ...draft, address }, start[1] as Table, defaults);
}

/** The canonical text; what the connection's settings say anyway is left out. */
export function modbusTag(address: ModbusAddress, defaults: AddressDefaults): string {
  const parts = [`${address.table}:${address.address}`];
  if (!isBitTable(address.table)) parts.push(address.type);
  if (address.wordOrder !== defaults.wordOrder || address.byteOrder !== defaults.byteOrder) {
    const named = Object.entries(byteOrders).find(
      ([, orders]) => orders.wordOrder === address.wordOrder && orders.byteOrder === address.byteOrder,
    );
    if (named) parts.push(named[0]);
  }
  if (address.type === "string") parts.push(`length=${address.length}`);
  if (address.bit !== undefined) parts.push(`bit=${address.bit}`);
  if (address.scale !== 1) parts.push(`scale=${address.scale}`);
  if (address.offset !== 0) parts.push(`offset=${address.offset}`);
  return parts.join(":");
}

function readObject(from: unknown): Draft | Problem {
  if (objectForm.Check(from)) return { ...from };
  const first = objectForm.Errors(from)[0];
  const message = first ? `${first.instancePath || "the address"} ${first.message}` : "is no Modbus address";
  return { problem: { message, expected: `${FORM}, or { table, address, type, … }` } };
}

function readText(text: string): Draft | Problem {
  const [head = "", second = "", ...rest] = text.trim().split(":");
  if (head.startsWith("+"))
    return readOptions({ address: 0 }, head.slice(1), second === "" ? rest : [second, ...rest], text);
  const table = tables.find((name) => name === head);
  if (!table) {
    return { problem: { message: `${text}: there is no table "${head}"`, expected: FORM } };
  }
  return readOptions({ table, address: 0 }, second, rest, text);
}

function readOptions(draft: Draft, address: string, options: readonly string[], text: string): Draft | Problem {
  if (!/^\d{1,5}$/.test(address) || Number(address) > 65535) {
    return {
      problem: { message: `${text}: "${address}" is no register address`, expected: "a number from 0 to 65535" },
    };
  }
  draft.address = Number(address);
  for (const option of options) {
    if (!readOption(draft, option)) {
      const expected = `one of ${dataTypes.join(", ")}; abcd, cdab, badc, dcba, big, little; scale=, offset=, length=, bit=`;
      return { problem: { message: `${text}: "${option}" is not understood`, expected } };
    }
  }
  return readObject(draft);
}

function readOption(draft: Draft, option: string): boolean {
  const type = dataTypes.find((name) => name === option);
  if (type) {
    draft.type = type;
    return true;
  }
  if (option === "big" || option === "little") {
    draft.wordOrder = option;
    return true;
  }
  if (Object.hasOwn(byteOrders, option)) {
    Object.assign(draft, byteOrders[option as keyof typeof byteOrders]);
    return true;
  }
  const [, name, value] = /^(scale|offset|length|bit)=(-?\d+(?:\.\d+)?(?:e[+-]?\d+)?)$/i.exec(option) ?? [];
  if (name === undefined) return false;
  Object.assign(draft, { [name]: Number(value) });
  return true;
}

function complete(draft: Draft, table: Table, defaults: AddressDefaults): ModbusAddress | Problem {
  const bits = isBitTable(table);
  const type = draft.type ?? (bits || draft.bit !== undefined ? "bool" : "uint16");
  const address: ModbusAddress = {
    table,
    address: draft.address,
    type,
    wordOrder: draft.wordOrder ?? defaults.wordOrder,
    byteOrder: draft.byteOrder ?? defaults.byteOrder,
    scale: draft.scale ?? 1,
    offset: draft.offset ?? 0,
    length: draft.length ?? 0,
    bit: bits ? undefined : draft.bit,
  };
  const wrong = whatIsWrong(address, draft, defaults);
  return wrong ? { problem: wrong } : address;
}

function whatIsWrong(address: ModbusAddress, draft: Draft, defaults: AddressDefaults): Problem["problem"] | undefined {
  const { table, type } = address;
  if (isBitTable(table)) {
    if (type !== "bool" || draft.bit !== undefined) {
      return { message: `a ${table} is one bit and has neither type nor bit`, expected: `${table}:${address.address}` };
    }
  } else if (type === "bool" && address.bit === undefined) {
    return {
      message: "a bool in a register needs to know its bit",
      expected: `${table}:${address.address}:bool:bit=0`,
    };
  } else if (type !== "bool" && address.bit !== undefined) {
    return { message: `a bit is a bool, not ${type}`, expected: `${table}:${address.address}:bool:bit=${address.bit}` };
  }
  if (type === "string" && address.length === 0) {
    return { message: "a string needs its length in octets", expected: `${table}:${address.address}:string:length=16` };
  }
  const scaled = address.scale !== 1 || address.offset !== 0;
  if (address.scale === 0)
    return { message: "a scale of 0 leaves nothing", expected: "another number, e.g. scale=0.1" };
  if (scaled && (type === "string" || type === "bool"))
    return { message: `a ${type} cannot be scaled`, expected: "no scale, no offset" };
  const length = registersOf(address);
  if (address.address + length > 65536) return { message: "the value reaches beyond address 65535" };
  if (!isBitTable(table) && length > defaults.maxRegisters) {
    return {
      message: `the value has ${length} registers, a request reads ${defaults.maxRegisters}`,
      expected: "a larger maxRegisters, if the device allows",
    };
  }
  return undefined;
}
