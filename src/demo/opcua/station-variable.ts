import type { StationReading } from "../model/station.ts";
import { type EngineeringUnit, units } from "./engineering-unit.ts";

/** What is measured once for the whole station. */
export interface StationVariable {
  readonly name: string;
  readonly description: string;
  readonly unit: EngineeringUnit;
  readonly range: readonly [low: number, high: number];
  readonly value: (station: StationReading) => number;
}

export const stationVariables: readonly StationVariable[] = [
  {
    name: "ReservoirLevel",
    description: "Fill of the high reservoir",
    unit: units.percent,
    range: [0, 100],
    value: (s) => 100 * s.level,
  },
  {
    name: "DemandFlow",
    description: "What the town takes",
    unit: units.cubicMetrePerHour,
    range: [0, 500],
    value: (s) => s.demandFlow,
  },
  {
    name: "TotalFlow",
    description: "What all pumps deliver",
    unit: units.cubicMetrePerHour,
    range: [0, 500],
    value: (s) => s.totalFlow,
  },
  {
    name: "HeaderHead",
    description: "Head at the common header",
    unit: units.metre,
    range: [0, 130],
    value: (s) => s.headerHead,
  },
];
