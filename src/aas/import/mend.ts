import { isObject } from "../validation/check.ts";
import { at, shown } from "../validation/report.ts";
import {
  type Choice,
  type ClassName,
  choices,
  classMembers,
  hasModelType,
  type MemberShape,
  tagOf,
} from "../xml/xml-shapes.ts";
import type { LooseObject } from "./loose-object.ts";
import { mendClass } from "./mend-class.ts";
import type { MendLog } from "./mend-log.ts";
import { nameChildren } from "./mend-names.ts";
import { modelTypeOf } from "./model-type.ts";

/** Members whose text means itself, white space and emptiness included. */
const verbatim: ReadonlySet<string> = new Set(["value", "min", "max", "text"]);

/**
 * Mends, in place, what the metamodel forbids and whose meaning is plain: forms of earlier versions, members that are
 * empty or unknown, white space around names, missing types, idShorts that occur twice. All else stays for the validator.
 */
export function mend(value: LooseObject, type: ClassName, log: MendLog): void {
  mendObject(value, type, "", log);
}

function mendObject(value: LooseObject, type: ClassName, pointer: string, log: MendLog): void {
  if (hasModelType(type) && value.modelType !== type) {
    const was = value.modelType === undefined ? "the missing modelType" : `the modelType ${shown(value.modelType)}`;
    log.add(at(pointer, "modelType"), "model-type", `${was} is "${type}"`);
    value.modelType = type;
  }
  mendClass(value, type, pointer, log);
  const members = classMembers[type];
  for (const key of Object.keys(value)) {
    const shape = Object.hasOwn(members, key) ? members[key] : undefined;
    if (shape !== undefined) mendMember(value, key, shape, pointer, log);
    else if (key !== "modelType" || !hasModelType(type)) {
      const text = JSON.stringify(value[key])?.slice(0, 200) ?? "";
      log.add(
        at(pointer, key),
        "unknown-member",
        `${type} has no member ${shown(key)}: taken out with its value ${text}`,
      );
      delete value[key];
    }
  }
  nameChildren(value, type, pointer, log);
}

function mendMember(owner: LooseObject, key: string, shape: MemberShape, pointer: string, log: MendLog): void {
  const here = at(pointer, key);
  const remove = (what: string): void => {
    log.add(here, "empty", `${key} was ${what}, and is left out`);
    delete owner[key];
  };
  if (owner[key] === null) {
    remove("null");
    return;
  }
  switch (shape.kind) {
    case "text":
    case "bytes":
      mendText(owner, key, here, remove, log);
      return;
    case "flag": {
      const word = typeof owner[key] === "string" ? owner[key].trim().toLowerCase() : undefined;
      if (word !== "true" && word !== "false") return;
      log.add(here, "type", `${shown(owner[key])} became a boolean`);
      owner[key] = word === "true";
      return;
    }
    case "object":
      if (isObject(owner[key])) mendObject(owner[key] as LooseObject, shape.of, here, log);
      return;
    case "choice":
      if (isObject(owner[key])) mendChosen(owner[key] as LooseObject, shape.of, here, undefined, log);
      return;
    case "list":
    case "choices": {
      const items = listOf(owner, key, here, log);
      if (items === undefined) return;
      if (items.length === 0) remove("an empty list");
      for (const [index, item] of items.entries()) {
        if (!isObject(item)) continue;
        if (shape.kind === "list") mendObject(item as LooseObject, shape.of, at(here, index), log);
        else mendChosen(item as LooseObject, shape.of, at(here, index), owner.typeValueListElement, log);
      }
    }
  }
}

/** The items without nulls; one item alone, and `langStrings` of V2, become a list. */
function listOf(owner: LooseObject, key: string, here: string, log: MendLog): readonly unknown[] | undefined {
  const value = owner[key];
  if (isObject(value)) {
    log.add(here, "older-form", `${key} was an object, and became a list`);
    owner[key] = Array.isArray(value.langStrings) ? value.langStrings : [value];
  } else if (Array.isArray(value) && value.includes(null)) {
    log.add(here, "empty", `${key} held null, which is left out`);
    owner[key] = value.filter((item) => item !== null);
  }
  return Array.isArray(owner[key]) ? owner[key] : undefined;
}

function mendChosen(item: LooseObject, choice: Choice, pointer: string, listOfType: unknown, log: MendLog): void {
  const type = choices[choice].get(tagOf(String(item.modelType))) ?? modelTypeOf(item, choice, listOfType);
  // What it is cannot be told: the validator says so, and it is left out.
  if (type !== undefined) mendObject(item, type, pointer, log);
}

function mendText(owner: LooseObject, key: string, here: string, remove: (what: string) => void, log: MendLog): void {
  const value = owner[key];
  if (typeof value === "number" || typeof value === "boolean") {
    log.add(here, "type", `${String(value)} became a text`);
    owner[key] = String(value);
  }
  if (typeof value !== "string") return;
  const trimmed = value.trim();
  if (verbatim.has(key) && (trimmed === value || !isTyped(owner))) return;
  if (value === "" && !verbatim.has(key)) {
    remove("an empty text");
    return;
  }
  if (trimmed === value || trimmed === "") return;
  log.add(here, "white-space", `white space around ${shown(trimmed)} is left out`);
  owner[key] = trimmed;
}

/** Whether a value is of a type in which white space around it means nothing. */
function isTyped({ modelType, valueType, type }: LooseObject): boolean {
  if (typeof valueType === "string") return valueType !== "xs:string" && valueType !== "string";
  return modelType === "File" || (type !== undefined && valueType === undefined);
}
