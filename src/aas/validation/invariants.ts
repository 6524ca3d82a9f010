import {
  aasIdentifiables,
  genericFragmentKeys,
  genericGloballyIdentifiables,
  referableKeys,
  type XsdType,
  xsdTypes,
} from "../metamodel/literals.ts";
import { isLexical, lexicalExample } from "../xsd/lexical.ts";
import { type Check, type Invariant, isObject, type JsonObject } from "./check.ts";
import { at, type Report, shown } from "./report.ts";

/** No two items of an array have the same text in one member. */
export function uniqueIn(member: string, what: string, rule?: string): Check {
  return (value, pointer, report) => {
    if (!Array.isArray(value)) return;
    const seen = new Map<string, number>();
    for (const [index, item] of value.entries()) {
      const name = isObject(item) ? item[member] : undefined;
      if (typeof name !== "string") continue;
      const first = seen.get(name);
      if (first === undefined) seen.set(name, index);
      else {
        const message = `${what} ${shown(name)} stands at index ${first} already`;
        report.add(at(at(pointer, index), member), message, "each only once", rule);
      }
    }
  };
}

/** Members whose text must be in the lexical space of the type that another member names. */
export function lexicalValue(
  typeMember: string,
  members: readonly string[],
  rule?: string,
  fallback?: XsdType,
): Invariant {
  return (value, pointer, report) => {
    const named = value[typeMember] ?? fallback;
    const type = xsdTypes.find((one) => one === named);
    if (type === undefined) return;
    for (const member of members) {
      const text = value[member];
      if (typeof text !== "string" || isLexical(type, text)) continue;
      report.add(at(pointer, member), `${shown(text)} is no ${type}`, lexicalExample(type), rule);
    }
  };
}

export const supplementalNeedsSemantic: Invariant = (value, pointer, report) => {
  if (value.supplementalSemanticIds === undefined || value.semanticId !== undefined) return;
  report.add(pointer, "supplementalSemanticIds without a semanticId", "a main semanticId", "AASd-118");
};

export const revisionNeedsVersion: Invariant = (value, pointer, report) => {
  if (value.revision === undefined || value.version !== undefined) return;
  report.add(at(pointer, "revision"), "a revision without a version", "a version, or no revision", "AASd-005");
};

export const specificAssetIdRules: Invariant = (value, pointer, report) => {
  const subject = value.externalSubjectId;
  if (!isObject(subject) || subject.type !== "ModelReference") return;
  report.add(
    at(at(pointer, "externalSubjectId"), "type"),
    "the subject is a model reference",
    "ExternalReference",
    "AASd-133",
  );
};

interface PlacedKey {
  readonly type: string;
  readonly value: string;
  readonly pointer: string;
}

const identifiables: readonly string[] = aasIdentifiables;
const globals: readonly string[] = genericGloballyIdentifiables;
const firsts: readonly string[] = [...globals, ...identifiables];
const lastsOfExternal: readonly string[] = [...globals, ...genericFragmentKeys];
const followers: readonly string[] = [...referableKeys, ...genericFragmentKeys];

/** AASd-121 … AASd-128: which chains of keys make a reference. */
export const referenceRules: Invariant = (value, pointer, report) => {
  const keys = keysOf(value, pointer);
  const [first, ...rest] = keys;
  if (first === undefined) return;
  if (!firsts.includes(first.type)) {
    const message = `a reference cannot start with ${shown(first.type)}`;
    report.add(at(first.pointer, "type"), message, firsts.join(", "), "AASd-121");
  }
  if (value.type === "ExternalReference") {
    const last = keys.at(-1) ?? first;
    if (!globals.includes(first.type)) {
      const message = `an external reference cannot start with ${shown(first.type)}`;
      report.add(at(first.pointer, "type"), message, "GlobalReference", "AASd-122");
    }
    if (!lastsOfExternal.includes(last.type)) {
      const message = `an external reference cannot end with ${shown(last.type)}`;
      report.add(at(last.pointer, "type"), message, "GlobalReference or FragmentReference", "AASd-124");
    }
  }
  if (value.type === "ModelReference") modelReferenceRules(first, rest, report);
};

function modelReferenceRules(first: PlacedKey, rest: readonly PlacedKey[], report: Report): void {
  if (!identifiables.includes(first.type)) {
    const message = `a model reference cannot start with ${shown(first.type)}`;
    report.add(at(first.pointer, "type"), message, identifiables.join(", "), "AASd-123");
  }
  let before = first;
  for (const [index, key] of rest.entries()) {
    const place = at(key.pointer, "type");
    if (!followers.includes(key.type)) {
      report.add(place, `${shown(key.type)} cannot follow in a model reference`, followers.join(", "), "AASd-125");
    }
    if (key.type === "FragmentReference") {
      if (index !== rest.length - 1) report.add(place, "a fragment stands last only", "no key after it", "AASd-126");
      if (before.type !== "File" && before.type !== "Blob") {
        report.add(place, `a ${before.type} has no fragments`, "File or Blob before it", "AASd-127");
      }
    }
    if (before.type === "SubmodelElementList" && !/^(?:0|[1-9][0-9]*)$/.test(key.value)) {
      const message = `${shown(key.value)} is no index of the list before it`;
      report.add(at(key.pointer, "value"), message, "a whole number such as 0", "AASd-128");
    }
    before = key;
  }
}

function keysOf(reference: JsonObject, pointer: string): readonly PlacedKey[] {
  const keys = Array.isArray(reference.keys) ? reference.keys : [];
  return keys.flatMap((key: unknown, index) =>
    isObject(key) && typeof key.type === "string" && typeof key.value === "string"
      ? [{ type: key.type, value: key.value, pointer: at(at(pointer, "keys"), index) }]
      : [],
  );
}
