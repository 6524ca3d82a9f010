import type { Random } from "./random.ts";

/** What a pump's maker says of it: nameplate and rated data. Constant over its life. */
export interface PumpSpec {
  /** BrowseName, topic level and part of every id. */
  readonly name: string;
  readonly manufacturer: string;
  readonly model: string;
  readonly serialNumber: string;
  readonly productInstanceUri: string;
  readonly yearOfConstruction: number;
  readonly location: string;
  readonly stages: number;
  /** Flow at the best efficiency point, m³/h at rated speed. */
  readonly ratedFlow: number;
  /** Head of all stages at that flow, m. */
  readonly ratedHead: number;
  /** Head at closed valve, m. */
  readonly shutoffHead: number;
  /** Efficiency of the pump at its best point, 0..1. */
  readonly bestEfficiency: number;
  /** 1/min. */
  readonly ratedSpeed: number;
  /** Shaft power the motor is rated for, kW. */
  readonly ratedPower: number;
}

/** Limits at which the pump's own protection acts. */
export const limits = {
  /** % of rated speed. */
  minimumSetpoint: 0,
  maximumSetpoint: 110,
  /** °C: stops the pump. */
  bearingTrip: 95,
  /** °C: a reset is refused above it. */
  bearingReset: 80,
  /** mm/s RMS: zone C/D of ISO 10816-7 for category II pumps, sustained for `vibrationTripDelay` s. */
  vibrationTrip: 7.1,
  vibrationTripDelay: 10,
} as const;

/** The station's pumps: one make and size, each with the small differences of a real delivery. */
export function makePumpSpecs(count: number, random: Random): PumpSpec[] {
  return Array.from({ length: count }, (_, index) => {
    const number = String(index + 1).padStart(2, "0");
    const serialNumber = `HM${2019 + (index % 4)}-${String(40711 + index * 137).padStart(6, "0")}`;
    const ratedHead = 72 * random.between(0.985, 1.015);
    return {
      name: `Pump${number}`,
      manufacturer: "Hydromont Pumps",
      model: "MSC 65-4",
      serialNumber,
      productInstanceUri: `http://twinweave.example/pump/${serialNumber}`,
      yearOfConstruction: 2019 + (index % 4),
      location: `Pump hall, bay ${index + 1}`,
      stages: 4,
      ratedFlow: 60 * random.between(0.985, 1.015),
      ratedHead,
      shutoffHead: ratedHead * 1.3,
      bestEfficiency: random.between(0.77, 0.79),
      ratedSpeed: 2950,
      ratedPower: 18.5,
    };
  });
}
