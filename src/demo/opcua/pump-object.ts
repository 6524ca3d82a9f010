import {
  type CallMethodResultOptions,
  coerceLocalizedText,
  DataType,
  DataValue,
  type ISessionContext,
  StatusCodes,
  type UAObject,
  type UAObjectType,
  type UAVariable,
  type Variant,
} from "node-opcua";
import type { Pump, PumpReading } from "../model/pump.ts";
import type { CommandResult } from "../model/pump-state.ts";
import { type PumpMethod, pumpMethods } from "./pump-method.ts";
import { indexOf, namespaceUris, type TypeSystem, toVariant } from "./pump-type.ts";
import { type PumpVariable, pumpVariables, setpointName } from "./pump-variable.ts";
import { isHeld, type QualityCause, statusOf } from "./value-quality.ts";

/** Optional children of the type that every pump here has. */
const optionals = [
  "SerialNumber",
  "AssetId",
  "Identification.Model",
  "Identification.DeviceClass",
  "Identification.YearOfConstruction",
  "Identification.Location",
];

/** One pump in the address space. */
export interface PumpObject {
  /** Shows a reading; values that the faults in `cause` hold keep what they showed. */
  publish(reading: PumpReading, cause: Omit<QualityCause, "state">, at: Date): void;
}

/** Puts a pump below the Machines folder of OPC 40001-1 and connects its setpoint and methods. */
export function addPumpObject(types: TypeSystem, pumpType: UAObjectType, machines: UAObject, pump: Pump): PumpObject {
  const object = pumpType.instantiate({
    browseName: pump.spec.name,
    organizedBy: machines,
    namespace: types.own,
    optionals,
  });
  identify(types, object, pump);
  const groups = groupsOf(types, object);
  const shown = pumpVariables.map((variable) => ({
    variable,
    node: variableBelow(groups[variable.group], variable.name, types.own.index),
  }));
  const link = { noDevice: false, at: new Date() };
  for (const { variable, node } of shown) if (variable.name === setpointName) bindSetpoint(node, pump, link);
  for (const method of pumpMethods) bindMethod(groups.Control, method, types.own.index, pump, link);
  return {
    publish(reading, cause, at) {
      link.noDevice = cause.noDevice;
      link.at = at;
      for (const { variable, node } of shown) show(node, variable, reading, { ...cause, state: reading.state }, at);
    },
  };
}

function show(node: UAVariable, variable: PumpVariable, reading: PumpReading, cause: QualityCause, at: Date): void {
  const status = statusOf(variable.instrument, cause);
  const last = node.readValue();
  // A held value keeps its time as well: it is as old as it is. The change of status alone is news.
  if (isHeld(status) && last.value.dataType !== DataType.Null && last.sourceTimestamp !== null) {
    if (!last.statusCode.equals(StatusCodes[status])) node.setValueFromSource(last.value, StatusCodes[status], at);
    return;
  }
  node.setValueFromSource(toVariant(variable, variable.value(reading)), StatusCodes[status], at);
}

/** Reads and writes of the setpoint go to the pump itself, which refuses what is out of range. */
function bindSetpoint(node: UAVariable, pump: Pump, link: { noDevice: boolean; at: Date }): void {
  const status = () => (link.noDevice ? StatusCodes.BadNoCommunication : StatusCodes.Good);
  node.bindVariable(
    {
      timestamped_get: () =>
        new DataValue({
          value: { dataType: DataType.Double, value: pump.speedSetpoint },
          statusCode: status(),
          sourceTimestamp: link.at,
        }),
      timestamped_set: async (written: DataValue) => {
        if (link.noDevice) return StatusCodes.BadNoCommunication;
        if (!pump.setSpeed(Number(written.value.value)).accepted) return StatusCodes.BadOutOfRange;
        link.at = new Date();
        node.touchValue();
        return StatusCodes.Good;
      },
    },
    true,
  );
}

function bindMethod(
  control: UAObject,
  { name, refusal, outputs }: PumpMethod,
  namespaceIndex: number,
  pump: Pump,
  link: { readonly noDevice: boolean },
): void {
  const method = control.getMethodByName(name, namespaceIndex);
  if (!method) throw new Error(`PumpType has no method ${name}`);
  const commands: Readonly<Record<PumpMethod["name"], (speed: number) => CommandResult>> = {
    Start: () => pump.start(),
    Stop: () => pump.stop(),
    ReturnToAutomatic: () => pump.returnToAutomatic(),
    ResetFault: () => pump.resetFault(),
    SetSpeed: (speed) => pump.setSpeed(speed),
  };
  method.bindMethod(async (inputs: Variant[], _context: ISessionContext): Promise<CallMethodResultOptions> => {
    if (link.noDevice) return { statusCode: StatusCodes.BadNoCommunication };
    const previous = pump.speedSetpoint;
    const { accepted } = commands[name](Number(inputs[0]?.value));
    if (accepted) {
      const outputArguments = outputs.map(() => ({ dataType: DataType.Double, value: previous }));
      return { statusCode: StatusCodes.Good, outputArguments };
    }
    const inputArgumentResults = inputs.map(() => StatusCodes.BadOutOfRange);
    return { statusCode: StatusCodes[refusal], inputArgumentResults };
  });
}

function identify(types: TypeSystem, object: UAObject, { spec }: Pump): void {
  const di = indexOf(types.addressSpace, namespaceUris.di);
  const machinery = indexOf(types.addressSpace, namespaceUris.machinery);
  const identification = objectBelow(object, "Identification", di);
  const set = (parent: UAObject, name: string, namespaceIndex: number, dataType: DataType, value: unknown) =>
    variableBelow(parent, name, namespaceIndex).setValueFromSource({ dataType, value });
  const text = (value: string) => coerceLocalizedText(value);
  set(identification, "Manufacturer", di, DataType.LocalizedText, text(spec.manufacturer));
  set(identification, "Model", di, DataType.LocalizedText, text(spec.model));
  set(identification, "SerialNumber", di, DataType.String, spec.serialNumber);
  set(identification, "ProductInstanceUri", di, DataType.String, spec.productInstanceUri);
  set(identification, "DeviceClass", di, DataType.String, "Multi-stage centrifugal pump");
  set(identification, "YearOfConstruction", machinery, DataType.UInt16, spec.yearOfConstruction);
  set(identification, "Location", machinery, DataType.String, spec.location);
  set(object, "SerialNumber", di, DataType.String, spec.serialNumber);
  set(object, "AssetId", di, DataType.String, `PS1-${spec.name}`);
}

function groupsOf(types: TypeSystem, object: UAObject): Readonly<Record<PumpVariable["group"], UAObject>> {
  const di = indexOf(types.addressSpace, namespaceUris.di);
  const operational = objectBelow(object, "Operational", di);
  return {
    Operational: operational,
    Measurements: objectBelow(operational, "Measurements", types.own.index),
    Control: objectBelow(operational, "Control", types.own.index),
    Maintenance: objectBelow(object, "Maintenance", di),
  };
}

function objectBelow(parent: UAObject, name: string, namespaceIndex: number): UAObject {
  const found = parent.getComponentByName(name, namespaceIndex);
  if (found === null) throw new Error(`${parent.browseName.toString()} has no object ${name}`);
  return found as UAObject;
}

function variableBelow(parent: UAObject, name: string, namespaceIndex: number): UAVariable {
  const found = parent.getChildByName(name, namespaceIndex);
  if (found === null) throw new Error(`${parent.browseName.toString()} has no variable ${name}`);
  return found as UAVariable;
}
