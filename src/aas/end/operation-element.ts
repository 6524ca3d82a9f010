import type { ArgumentWish, OperationWish } from "../../core/end-codec.ts";
import type { ValueType } from "../../core/value.ts";
import type { Step } from "../id-short-path.ts";
import type { XsdType } from "../metamodel/literals.ts";
import { externalReference } from "../metamodel/reference.ts";
import type {
  Operation,
  OperationVariable,
  Property,
  SubmodelElement,
  SubmodelElementList,
} from "../metamodel/types.ts";
import { fillError } from "../templates/fill.ts";
import { valueTypeOf, xsdTypesFor } from "../xsd/xsd-type.ts";
import type { OperationEndWish } from "./aas-end-schema.ts";

/** One operation's `aas:`, read: which Operation of which submodel. */
export interface PlacedOperation {
  readonly request: OperationWish;
  readonly submodel: string;
  readonly path: string;
  readonly wish: OperationEndWish;
}

export interface OperationElement {
  readonly operation: Operation;
  /** The types as which the arguments are shown. */
  readonly types: Readonly<Record<string, ValueType>>;
}

const members = { in: "inputVariables", out: "outputVariables", inout: "inoutputVariables" } as const;

/**
 * The Operation that a mapping binds, the template's or a new one, with a variable for each argument: a Property, or a
 * list of them. @throws HubError `config` where template and mapping do not agree
 */
export function operationElement(
  before: SubmodelElement | undefined,
  step: Step,
  { request, path, wish }: PlacedOperation,
): OperationElement {
  if (before !== undefined && before.modelType !== "Operation") {
    throw fillError(`${path} is a ${before.modelType}`, "an Operation, or a path where nothing is yet");
  }
  const types: Record<string, ValueType> = {};
  const variables = Object.fromEntries(
    Object.entries(members).flatMap(([direction, member]) => {
      const wanted = request.arguments.filter((one) => one.direction === direction);
      const described = isDescribed(before) ? (before?.[member] ?? []) : undefined;
      const made = variablesOf(wanted, described, `${path}, ${member}`, types);
      return made.length === 0 ? [] : [[member, made]];
    }),
  );
  const {
    inputVariables: _in,
    outputVariables: _out,
    inoutputVariables: _inout,
    ...rest
  } = before ?? {
    modelType: "Operation" as const,
  };
  const named = typeof step === "string" ? { idShort: step } : {};
  const semanticId = wish.semanticId === undefined ? {} : { semanticId: externalReference(wish.semanticId) };
  return { operation: { ...named, ...rest, ...semanticId, ...variables, modelType: "Operation" }, types };
}

/** Whether the template says what the operation takes and gives. */
function isDescribed(operation: Operation | undefined): boolean {
  return Object.values(members).some((member) => (operation?.[member] ?? []).length > 0);
}

function variablesOf(
  wanted: readonly ArgumentWish[],
  described: readonly OperationVariable[] | undefined,
  where: string,
  types: Record<string, ValueType>,
): readonly OperationVariable[] {
  if (described === undefined) return wanted.map((wish) => ({ value: variable(undefined, wish, types) }));
  const names = described.map(({ value }) => value.idShort ?? "");
  const unknown = wanted.find(({ name }) => !names.includes(name));
  if (unknown !== undefined) {
    const expected = names.length === 0 ? "no such argument" : `one of ${names.join(", ")}`;
    throw fillError(`the template has no variable "${unknown.name}" at ${where}`, expected);
  }
  return described.map(({ value }) => {
    const wish = wanted.find(({ name }) => name === value.idShort);
    if (wish !== undefined) return { value: variable(value, wish, types) };
    throw fillError(`nothing binds the template's variable "${value.idShort}" at ${where}`, "an argument of this name");
  });
}

function variable(
  before: SubmodelElement | undefined,
  wish: ArgumentWish,
  types: Record<string, ValueType>,
): SubmodelElement {
  const { name, list, description } = wish;
  const text = description === undefined ? {} : { description: [{ language: "en", text: description }] };
  if (list) {
    if (before !== undefined && before.modelType !== "SubmodelElementList") throw otherKind(before, name, "a list");
    const valueType = typed(before?.valueTypeListElement, wish, types);
    const bare: SubmodelElementList = {
      modelType: "SubmodelElementList",
      idShort: name,
      typeValueListElement: "Property",
      ...text,
    };
    const { value: _examples, ...kept } = before ?? bare;
    return { ...kept, typeValueListElement: "Property", valueTypeListElement: valueType };
  }
  if (before !== undefined && before.modelType !== "Property") throw otherKind(before, name, "a single value");
  const valueType = typed(before?.valueType, wish, types);
  const bare: Property = { modelType: "Property", idShort: name, valueType, ...text };
  const { value: _example, ...kept } = before ?? bare;
  return { ...kept, valueType };
}

function otherKind({ modelType }: SubmodelElement, name: string, kind: string) {
  return fillError(`the template's variable "${name}" is a ${modelType}, and the argument is ${kind}`);
}

/** The XSD type of an argument: the template's where it can show every value, else the natural one. */
function typed(given: XsdType | undefined, { name, type }: ArgumentWish, types: Record<string, ValueType>): XsdType {
  if (type === undefined) {
    if (given === undefined) {
      throw fillError(
        `neither mapping nor source says of which type the argument "${name}" is`,
        `${name}: { type: double }, or another type`,
      );
    }
    types[name] = valueTypeOf(given);
    return given;
  }
  const [natural, ...others] = xsdTypesFor(type);
  if (natural === undefined) throw fillError(`the argument "${name}" is a structure`, "one simple value, or a list");
  types[name] = type;
  if (given === undefined || given === natural) return natural;
  if (others.includes(given)) return given;
  throw fillError(
    `${given} of the template's variable "${name}" cannot show every ${type}`,
    [natural, ...others].join(", "),
  );
}
