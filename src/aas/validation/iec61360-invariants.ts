import { type Invariant, isObject, type JsonObject } from "./check.ts";
import { at, type Report, shown } from "./report.ts";

/** Data types of numbers that mean nothing without their unit. */
const measured = ["INTEGER_MEASURE", "REAL_MEASURE", "RATIONAL_MEASURE", "INTEGER_CURRENCY", "REAL_CURRENCY"];

/** AASc-3a-002, -009, -010: an English name, the unit of a measure, a value or a list of values. */
export const iec61360Rules: Invariant = (value, pointer, report) => {
  if (Array.isArray(value.preferredName) && !inEnglish(value.preferredName)) {
    report.add(at(pointer, "preferredName"), "no English name", "a preferredName in English", "AASc-3a-002");
  }
  const { dataType } = value;
  if (typeof dataType === "string" && measured.includes(dataType) && !has(value, "unit") && !has(value, "unitId")) {
    report.add(pointer, `a ${dataType} without a unit`, "unit or unitId", "AASc-3a-009");
  }
  if (has(value, "value") && has(value, "valueList")) {
    report.add(pointer, "value and valueList together", "one of them", "AASc-3a-010");
  }
};

interface CategoryRule {
  readonly rule: string;
  readonly types: readonly string[] | undefined;
  readonly needed: boolean;
}

const values = [
  "DATE",
  "STRING",
  "STRING_TRANSLATABLE",
  "INTEGER_MEASURE",
  "INTEGER_COUNT",
  "INTEGER_CURRENCY",
  "REAL_MEASURE",
  "REAL_COUNT",
  "REAL_CURRENCY",
  "BOOLEAN",
  "RATIONAL",
  "RATIONAL_MEASURE",
  "TIME",
  "TIMESTAMP",
];

/** AASc-3a-004 to -007: which data types a concept of a category may have, and whether it needs one. */
const categories: Readonly<Record<string, CategoryRule>> = {
  PROPERTY: { rule: "AASc-3a-004", types: values, needed: true },
  VALUE: { rule: "AASc-3a-004", types: values, needed: true },
  REFERENCE: { rule: "AASc-3a-005", types: ["STRING", "IRI", "IRDI"], needed: false },
  DOCUMENT: { rule: "AASc-3a-006", types: ["FILE", "BLOB", "HTML"], needed: false },
  QUALIFIER_TYPE: { rule: "AASc-3a-007", types: undefined, needed: true },
};

/** AASc-3a-004 to -008: what a concept description says in its IEC 61360 content. */
export const conceptRules: Invariant = (concept, pointer, report) => {
  const specifications = concept.embeddedDataSpecifications;
  if (!Array.isArray(specifications)) return;
  for (const [index, specification] of specifications.entries()) {
    const content = isObject(specification) ? specification.dataSpecificationContent : undefined;
    if (!isObject(content)) continue;
    const place = at(at(at(pointer, "embeddedDataSpecifications"), index), "dataSpecificationContent");
    ofCategory(concept.category, content, place, report);
    // A concept that stands for a value is defined by it.
    if (has(content, "value") || (Array.isArray(content.definition) && inEnglish(content.definition))) continue;
    report.add(place, "no definition in English", "a definition in English, or a value", "AASc-3a-008");
  }
};

function ofCategory(category: unknown, { dataType }: JsonObject, place: string, report: Report): void {
  const known = typeof category === "string" && Object.hasOwn(categories, category) ? categories[category] : undefined;
  if (known === undefined) return;
  const { rule, types, needed } = known;
  if (dataType === undefined) {
    if (needed) report.add(place, `a concept of category ${category} without a dataType`, "a dataType", rule);
  } else if (types !== undefined && typeof dataType === "string" && !types.includes(dataType)) {
    const message = `${shown(dataType)} is no data type of the category ${category}`;
    report.add(at(place, "dataType"), message, types.join(", "), rule);
  }
}

const has = (value: JsonObject, member: string): boolean => value[member] !== undefined;

function inEnglish(texts: readonly unknown[]): boolean {
  return texts.some((one) => isObject(one) && typeof one.language === "string" && /^en(?:-|$)/i.test(one.language));
}
