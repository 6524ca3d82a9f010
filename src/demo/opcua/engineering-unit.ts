/** A unit as OPC UA carries it: the UNECE Recommendation 20 code, of whose letters the `unitId` is made (OPC 10000-8, 5.6.3). */
export interface EngineeringUnit {
  readonly code: string;
  readonly symbol: string;
  readonly name: string;
}

export const unitsNamespace = "http://www.opcfoundation.org/UA/units/un/cefact";

export const units = {
  celsius: { code: "CEL", symbol: "°C", name: "degree Celsius" },
  percent: { code: "P1", symbol: "%", name: "percent" },
  revolutionsPerMinute: { code: "RPM", symbol: "r/min", name: "revolutions per minute" },
  cubicMetrePerHour: { code: "MQH", symbol: "m³/h", name: "cubic metre per hour" },
  litre: { code: "LTR", symbol: "l", name: "litre" },
  metre: { code: "MTR", symbol: "m", name: "metre" },
  bar: { code: "BAR", symbol: "bar", name: "bar" },
  kilowatt: { code: "KWT", symbol: "kW", name: "kilowatt" },
  hour: { code: "HUR", symbol: "h", name: "hour" },
} as const satisfies Record<string, EngineeringUnit>;

/** The code's letters as one number, first letter first: `CEL` is 0x43454C. */
export function unitIdOf(code: string): number {
  return [...code].reduce((id, letter) => id * 256 + letter.charCodeAt(0), 0);
}
