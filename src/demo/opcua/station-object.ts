import { DataType, StatusCodes } from "node-opcua";
import type { StationReading } from "../model/station.ts";
import { type EngineeringUnit, unitIdOf, units, unitsNamespace } from "./engineering-unit.ts";
import type { TypeSystem } from "./pump-type.ts";

/** What is measured once for the whole station. */
interface StationVariable {
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

export interface StationObject {
  publish(reading: StationReading, noDevice: boolean, at: Date): void;
}

/** Adds Objects/PumpStation. */
export function addStationObject({ own, addressSpace }: TypeSystem): StationObject {
  const object = own.addObject({ browseName: "PumpStation", organizedBy: addressSpace.rootFolder.objects });
  const shown = stationVariables.map((variable) => ({
    variable,
    node: own.addAnalogDataItem({
      componentOf: object,
      browseName: variable.name,
      description: variable.description,
      dataType: "Double",
      accessLevel: "CurrentRead",
      userAccessLevel: "CurrentRead",
      engineeringUnits: {
        namespaceUri: unitsNamespace,
        unitId: unitIdOf(variable.unit.code),
        displayName: { text: variable.unit.symbol },
        description: { text: variable.unit.name },
      },
      engineeringUnitsRange: { low: variable.range[0], high: variable.range[1] },
      value: { dataType: DataType.Double, value: 0 },
    }),
  }));
  return {
    publish(reading, noDevice, at) {
      for (const { variable, node } of shown) {
        if (!noDevice) {
          node.setValueFromSource({ dataType: DataType.Double, value: variable.value(reading) }, StatusCodes.Good, at);
        } else if (!node.readValue().statusCode.equals(StatusCodes.BadNoCommunication)) {
          node.setValueFromSource(node.readValue().value, StatusCodes.BadNoCommunication, at);
        }
      }
    },
  };
}
