import { DataType, StatusCodes } from "node-opcua";
import type { StationReading } from "../model/station.ts";
import { unitIdOf, unitsNamespace } from "./engineering-unit.ts";
import type { TypeSystem } from "./pump-type.ts";
import { stationVariables } from "./station-variable.ts";

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
