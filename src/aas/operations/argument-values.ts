import type { BoundOperation } from "../../core/bound-operation.ts";
import type { ArgumentValues } from "../../core/browse.ts";
import { HubError } from "../../core/errors.ts";
import { placeText } from "../../core/place.ts";
import type { Value, ValueType } from "../../core/value.ts";
import { childrenOf, withChildren } from "../metamodel/children.ts";
import type { Operation, OperationVariable, Property, SubmodelElement } from "../metamodel/types.ts";
import { lexicalOf, signalValueOf } from "../xsd/signal-text.ts";
import type { OperationRequest } from "./read-request.ts";

/**
 * The values that the operation's binding works with, by the arguments' names.
 * @throws HubError `conflict` where the element no longer is what its mapping made
 */
export function valuesOf(operation: BoundOperation, { inputs, inoutputs }: OperationRequest): ArgumentValues {
  const given = new Map([...inputs, ...inoutputs].map((element) => [element.idShort, element]));
  const values: Record<string, Value> = {};
  for (const { name, direction, type, list } of operation.arguments) {
    if (direction === "out") continue;
    const element = given.get(name);
    if (element === undefined) throw changed(operation, name);
    values[name] = list ? itemsOf(operation, name, element, type) : scalarOf(operation, name, element, type);
  }
  return values;
}

function itemsOf(operation: BoundOperation, name: string, element: SubmodelElement, type: ValueType): Value {
  if (element.modelType !== "SubmodelElementList") throw changed(operation, name);
  return childrenOf(element).map((item) => scalarOf(operation, name, item, type));
}

function scalarOf(operation: BoundOperation, name: string, element: SubmodelElement, type: ValueType): Value {
  if (element.modelType !== "Property" || element.value === undefined) throw changed(operation, name);
  return signalValueOf(element.value, element.valueType, type, name);
}

/** The element was changed by a client since the mapping made it. */
function changed({ name, place }: BoundOperation, argument: string): HubError {
  const where = placeText(place);
  return new HubError("conflict", `the argument ${argument} of ${name} is not the one that ${where} binds`);
}

export interface ResultArguments {
  readonly inoutputArguments: readonly OperationVariable[];
  readonly outputArguments: readonly OperationVariable[];
}

/** The variables of the operation with what came out of it; one that nothing came for has no value. */
export function resultArguments(operation: Operation, outputs: ArgumentValues): ResultArguments {
  const filled = ({ value: variable }: OperationVariable): OperationVariable => ({
    value: elementOf(variable, outputs[variable.idShort ?? ""]),
  });
  return {
    inoutputArguments: (operation.inoutputVariables ?? []).map(filled),
    outputArguments: (operation.outputVariables ?? []).map(filled),
  };
}

function elementOf(variable: SubmodelElement, value: Value | undefined): SubmodelElement {
  if (variable.modelType === "SubmodelElementList") {
    const { valueTypeListElement } = variable;
    if (valueTypeListElement === undefined || !Array.isArray(value)) return withChildren(variable, []);
    const bare: Property = { modelType: "Property", valueType: valueTypeListElement };
    return withChildren(
      variable,
      value.map((item: Value) => elementOf(bare, item)),
    );
  }
  if (variable.modelType !== "Property") return variable;
  const { value: _before, ...rest } = variable;
  const text = lexicalOf(value, variable.valueType);
  return text === undefined ? rest : { ...rest, value: text };
}
