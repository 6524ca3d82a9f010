import { nearestWord } from "../../core/nearest-word.ts";
import { plainJson } from "../json/exact-json.ts";
import type { Operation, OperationVariable, SubmodelElement } from "../metamodel/types.ts";
import { isObject, type JsonObject } from "../validation/check.ts";
import { anyElement } from "../validation/element-shapes.ts";
import { at, Report, shown } from "../validation/report.ts";
import { argumentFromValue } from "./argument-from-value.ts";
import { clientTimeout } from "./client-timeout.ts";

/** Format of the arguments, both ways: OperationRequest or OperationRequestValueOnly, and their results. */
export type ArgumentContent = "normal" | "value";

/** What a client gives to an operation: elements, whatever the format that they came in. */
export interface OperationRequest {
  readonly inputs: readonly SubmodelElement[];
  readonly inoutputs: readonly SubmodelElement[];
  /** ms */
  readonly timeout: number | undefined;
}

const members = ["inputArguments", "inoutputArguments", "clientTimeoutDuration"];

/**
 * The request against the variables of the operation (IDTA-01002 v3.1.2, OperationRequest): every variable has its
 * argument, of its type. @param body for `value` from `parseExactJson`
 * @throws HubError `invalid` with everything that is wrong
 */
export function readRequest(
  { inputVariables = [], inoutputVariables = [] }: Operation,
  body: unknown,
  content: ArgumentContent,
  needsTimeout: boolean,
): OperationRequest {
  const report = new Report();
  const request = isObject(body) ? body : {};
  if (!isObject(body)) report.add("", `${shown(plainJson(body))} is no operation request`, "a JSON object");
  for (const name of Object.keys(request)) {
    if (members.includes(name)) continue;
    const near = nearestWord(name, members);
    const expected = near === undefined ? `one of ${members.join(", ")}` : `"${near}"?`;
    report.add(at("", name), `an operation request has no member ${shown(name)}`, expected);
  }
  const read = content === "normal" ? readElements : readValues;
  const inputs = read("inputArguments", request, inputVariables, report);
  const inoutputs = read("inoutputArguments", request, inoutputVariables, report);
  const given = request.clientTimeoutDuration;
  if (given === undefined && needsTimeout) {
    report.add("", "an asynchronous invocation says how long it may take", "clientTimeoutDuration, such as PT30S");
  }
  const timeout = given === undefined ? undefined : clientTimeout(given, report);
  report.throwIfAny("the operation request");
  return { inputs, inoutputs, timeout };
}

function readElements(
  member: string,
  request: JsonObject,
  variables: readonly OperationVariable[],
  report: Report,
): readonly SubmodelElement[] {
  const given = request[member] ?? [];
  const pointer = at("", member);
  if (!Array.isArray(given)) {
    report.add(pointer, `${shown(given)} is no array`, "an array of operation variables");
    return [];
  }
  const byName = namesOf(variables);
  const found = new Map<string, SubmodelElement>();
  for (const [index, item] of given.entries()) {
    const here = at(pointer, index);
    if (!isObject(item) || !isObject(item.value) || Object.keys(item).length !== 1) {
      report.add(here, `${shown(item)} is no operation variable`, '{"value": an element}');
      continue;
    }
    const place = at(here, "value");
    anyElement(item.value, place, report);
    const { idShort } = item.value;
    const variable = typeof idShort === "string" ? byName.get(idShort) : undefined;
    if (typeof idShort !== "string") report.add(place, "the argument has no idShort", "the idShort of its variable");
    else if (variable === undefined) unknownArgument(idShort, byName, at(place, "idShort"), report);
    else if (found.has(idShort)) report.add(at(place, "idShort"), `${idShort} is given twice`, "each argument once");
    else {
      const element = item.value as unknown as SubmodelElement;
      compare(element, variable, place, report);
      found.set(idShort, element);
    }
  }
  return inOrder(variables, found, pointer, report);
}

function readValues(
  member: string,
  request: JsonObject,
  variables: readonly OperationVariable[],
  report: Report,
): readonly SubmodelElement[] {
  const given = request[member] ?? {};
  const pointer = at("", member);
  if (!isObject(given)) {
    report.add(pointer, `${shown(plainJson(given))} is no object of values`, "a JSON object with values by idShort");
    return [];
  }
  const byName = namesOf(variables);
  const found = new Map<string, SubmodelElement>();
  for (const [name, value] of Object.entries(given)) {
    const variable = byName.get(name);
    const here = at(pointer, name);
    if (variable === undefined) unknownArgument(name, byName, here, report);
    else found.set(name, argumentFromValue(variable, value, here, report));
  }
  return inOrder(variables, found, pointer, report);
}

type Variables = ReadonlyMap<string, SubmodelElement>;

const namesOf = (variables: readonly OperationVariable[]): Variables =>
  new Map(variables.flatMap(({ value }) => (value.idShort === undefined ? [] : [[value.idShort, value] as const])));

function unknownArgument(name: string, variables: Variables, pointer: string, report: Report): void {
  const names = [...variables.keys()];
  const near = nearestWord(name, names);
  const expected = names.length === 0 ? "no argument" : `one of ${names.join(", ")}`;
  report.add(
    pointer,
    `there is no argument ${shown(name)}`,
    near === undefined ? expected : `"${near}"? (${expected})`,
  );
}

function inOrder(
  variables: readonly OperationVariable[],
  found: Variables,
  pointer: string,
  report: Report,
): readonly SubmodelElement[] {
  return variables.flatMap(({ value: { idShort = "" } }) => {
    const element = found.get(idShort);
    if (element !== undefined) return [element];
    report.add(pointer, `the argument "${idShort}" is missing`, `"${idShort}"`);
    return [];
  });
}

/** Members in which an argument must be what its variable is. */
const typeMembers = ["modelType", "valueType", "typeValueListElement", "valueTypeListElement"] as const;

function compare(element: SubmodelElement, variable: SubmodelElement, pointer: string, report: Report): void {
  const given = element as unknown as JsonObject;
  const wanted = variable as unknown as JsonObject;
  for (const member of typeMembers) {
    if (given[member] === wanted[member]) continue;
    const message = `${shown(given[member])} for an argument of ${String(wanted[member])}`;
    report.add(at(pointer, member), message, String(wanted[member]));
    if (member === "modelType") return;
  }
  if (element.modelType === "Property" && element.value === undefined) {
    report.add(pointer, `the argument ${element.idShort} has no value`, `a value of ${element.valueType}`);
  }
}
