import { isObject } from "../validation/check.ts";
import { at, shown } from "../validation/report.ts";
import type { ClassName } from "../xml/xml-shapes.ts";
import type { LooseObject } from "./loose-object.ts";
import type { MendLog } from "./mend-log.ts";

const namedMembers: Readonly<Partial<Record<ClassName, string>>> = {
  Submodel: "submodelElements",
  SubmodelElementCollection: "value",
  Entity: "statements",
  AnnotatedRelationshipElement: "annotations",
};
const grammar = /^[A-Za-z][A-Za-z0-9_-]*[A-Za-z0-9_]$/;
const longest = 128;

/** AASd-002 and AASd-022: idShorts of a form, each once among its siblings. */
export function nameChildren(owner: LooseObject, type: ClassName, pointer: string, log: MendLog): void {
  if (typeof owner.idShort === "string" && owner.idShort !== "" && !isIdShort(owner.idShort)) {
    rename(owner, idShortFrom(owner.idShort), "AASd-002", pointer, log);
  }
  const member = namedMembers[type];
  const children = member === undefined ? undefined : owner[member];
  if (member === undefined || !Array.isArray(children)) return;
  const names = new Set(children.map((child) => (isObject(child) ? child.idShort : undefined)));
  const seen = new Set<string>();
  for (const [index, child] of (children as readonly unknown[]).entries()) {
    if (!isObject(child) || typeof child.idShort !== "string") continue;
    const name = child.idShort;
    if (!seen.has(name)) {
      seen.add(name);
      continue;
    }
    let number = 2;
    while (names.has(numbered(name, number))) number++;
    const free = numbered(name, number);
    names.add(free);
    seen.add(free);
    rename(child as LooseObject, free, "AASd-022", at(at(pointer, member), index), log);
  }
}

function rename(owner: LooseObject, name: string, rule: string, pointer: string, log: MendLog): void {
  log.add(
    at(pointer, "idShort"),
    rule,
    `the idShort ${shown(owner.idShort)} became "${name}"; references to it did not`,
  );
  owner.idShort = name;
}

const isIdShort = (text: string): boolean => grammar.test(text) && text.length <= longest;
const numbered = (name: string, number: number): string => `${name.slice(0, longest - 8)}_${number}`;

function idShortFrom(text: string): string {
  const words = text
    .normalize("NFKD")
    .replace(/\p{M}/gu, "")
    .replace(/[^A-Za-z0-9_-]+/g, "_")
    .slice(0, longest - 3);
  const begun = /^[A-Za-z]/.test(words) ? words : `x${words}`;
  return isIdShort(begun) ? begun : `${begun}_`;
}
