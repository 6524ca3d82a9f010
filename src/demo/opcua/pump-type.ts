import {
  type AddressSpace,
  DataType,
  type Namespace,
  type UADataType,
  type UAObject,
  type UAObjectType,
  Variant,
  VariantArrayType,
} from "node-opcua";
import { type EngineeringUnit, unitIdOf, unitsNamespace } from "./engineering-unit.ts";
import { type PumpMethodArgument, pumpMethods } from "./pump-method.ts";
import {
  type PumpEnumeration,
  type PumpVariable,
  pumpEnumerations,
  pumpVariables,
  setpointName,
} from "./pump-variable.ts";

export const namespaceUris = {
  own: "http://twinweave.example/pump-station/",
  di: "http://opcfoundation.org/UA/DI/",
  machinery: "http://opcfoundation.org/UA/Machinery/",
} as const;

/** What the address space of a pump is built with. */
export interface TypeSystem {
  readonly addressSpace: AddressSpace;
  readonly own: Namespace;
  readonly enumerations: Readonly<Record<PumpEnumeration, UADataType>>;
}

/** The namespace index of a URI; the server loaded its nodeset, so that a missing one is a mistake of ours. */
export function indexOf(addressSpace: AddressSpace, uri: string): number {
  const index = addressSpace.getNamespaceIndex(uri);
  if (index < 0) throw new Error(`the namespace ${uri} is not loaded`);
  return index;
}

export function makeTypeSystem(addressSpace: AddressSpace): TypeSystem {
  const own = addressSpace.registerNamespace(namespaceUris.own);
  const enumeration = (name: PumpEnumeration) =>
    own.addEnumerationType({ browseName: `${name}Enumeration`, enumeration: [...pumpEnumerations[name]] });
  return {
    addressSpace,
    own,
    enumerations: {
      PumpState: enumeration("PumpState"),
      PumpMode: enumeration("PumpMode"),
      TripCause: enumeration("TripCause"),
    },
  };
}

/**
 * PumpType after OPC 40223: Identification, Operational with Measurements and Control, and Maintenance. The OPC 40223
 * nodeset itself is not at hand, so the type stands in our own namespace, below the ComponentType of OPC 10000-100,
 * with the groups' names from there and the identification of OPC 40001-1.
 */
export function addPumpType(types: TypeSystem): UAObjectType {
  const { addressSpace, own } = types;
  const di = indexOf(addressSpace, namespaceUris.di);
  const machinery = indexOf(addressSpace, namespaceUris.machinery);
  const component = addressSpace.findObjectType("ComponentType", di);
  const functionalGroup = addressSpace.findObjectType("FunctionalGroupType", di);
  const identification = addressSpace.findObjectType("MachineIdentificationType", machinery);
  if (!component || !functionalGroup || !identification) throw new Error("the DI or Machinery nodeset is incomplete");

  const pumpType = own.addObjectType({ browseName: "PumpType", subtypeOf: component, isAbstract: false });
  identification.instantiate({
    browseName: { namespaceIndex: di, name: "Identification" },
    componentOf: pumpType,
    modellingRule: "Mandatory",
    namespace: own,
    optionals: ["Model", "YearOfConstruction", "Location", "DeviceClass"],
  });
  const group = (parent: UAObject | UAObjectType, name: string, namespaceIndex: number) =>
    functionalGroup.instantiate({
      browseName: { namespaceIndex, name },
      componentOf: parent,
      modellingRule: "Mandatory",
      namespace: own,
    });
  const operational = group(pumpType, "Operational", di);
  const groups = {
    Operational: operational,
    Measurements: group(operational, "Measurements", own.index),
    Control: group(operational, "Control", own.index),
    Maintenance: group(pumpType, "Maintenance", di),
  };
  for (const variable of pumpVariables) addPumpVariable(types, groups[variable.group], variable);
  for (const { name, description, inputs, outputs } of pumpMethods) {
    own.addMethod(groups.Control, {
      browseName: name,
      description,
      modellingRule: "Mandatory",
      inputArguments: inputs.map(toArgument),
      outputArguments: outputs.map(toArgument),
    });
  }
  return pumpType;
}

function toArgument({ name, type, description }: PumpMethodArgument) {
  return { name, dataType: DataType[type], description };
}

/** One variable of any object, with its unit and range where it has them. */
export function addPumpVariable(types: TypeSystem, parent: UAObject, variable: PumpVariable): void {
  const { own, enumerations } = types;
  const access = variable.name === setpointName ? "CurrentRead | CurrentWrite" : "CurrentRead";
  const common = {
    componentOf: parent,
    browseName: variable.name,
    description: variable.description,
    accessLevel: access,
    userAccessLevel: access,
    modellingRule: "Mandatory" as const,
  };
  if (variable.unit !== undefined && variable.range !== undefined) {
    const [low, high] = variable.range;
    own.addAnalogDataItem({
      ...common,
      dataType: variable.type,
      engineeringUnits: toEuInformation(variable.unit),
      engineeringUnitsRange: { low, high },
      value: toVariant(variable, initialValue(variable)),
    });
  } else {
    const dataType = isEnumeration(variable.type) ? enumerations[variable.type] : variable.type;
    own.addVariable({
      ...common,
      dataType,
      typeDefinition: "BaseDataVariableType",
      value: toVariant(variable, initialValue(variable)),
    });
  }
}

/** A value as it goes over the wire; enumerations are Int32 (OPC 10000-3, 8.40), 64-bit integers two halves. */
export function toVariant(variable: PumpVariable, value: number | bigint | boolean | string): Variant {
  return new Variant({
    dataType: isEnumeration(variable.type) ? DataType.Int32 : DataType[variable.type],
    arrayType: VariantArrayType.Scalar,
    value: typeof value === "bigint" ? [Number(value >> 32n), Number(value & 0xffff_ffffn)] : value,
  });
}

function isEnumeration(type: PumpVariable["type"]): type is PumpEnumeration {
  return type in pumpEnumerations;
}

function initialValue(variable: PumpVariable): number | bigint | boolean | string {
  switch (variable.type) {
    case "String":
      return "";
    case "Boolean":
      return false;
    case "Int64":
      return 0n;
    default:
      return 0;
  }
}

function toEuInformation(unit: EngineeringUnit) {
  return {
    namespaceUri: unitsNamespace,
    unitId: unitIdOf(unit.code),
    displayName: { text: unit.symbol },
    description: { text: unit.name },
  };
}
