import type { Qualifier, SubmodelElement } from "../metamodel/types.ts";

/** How often an element of a template stands in an instance. */
export interface Cardinality {
  readonly name: "One" | "ZeroToOne" | "ZeroToMany" | "OneToMany";
  readonly min: 0 | 1;
  readonly max: 1 | undefined;
}

export interface NumberRange {
  readonly from: number;
  readonly fromIncluded: boolean;
  readonly to: number;
  readonly toIncluded: boolean;
}

/** What the qualifiers of a template's element ask of its instances. */
export interface TemplateRules {
  /** `undefined`: the template does not say. */
  readonly cardinality: Cardinality | undefined;
  /** Of the elements of one class only one stands in an instance. */
  readonly eitherOr: string | undefined;
  /** What a new instance starts with. */
  readonly initialValue: string | undefined;
  readonly examples: readonly string[];
  readonly allowedRanges: readonly NumberRange[];
  readonly allowedValue: string | undefined;
  readonly allowedIdShort: string | undefined;
  readonly requiredLanguages: readonly string[];
  readonly choices: readonly string[];
}

const cardinalities: Readonly<Record<string, Cardinality>> = {
  One: { name: "One", min: 1, max: 1 },
  ZeroToOne: { name: "ZeroToOne", min: 0, max: 1 },
  ZeroToMany: { name: "ZeroToMany", min: 0, max: undefined },
  OneToMany: { name: "OneToMany", min: 1, max: undefined },
};

/** Types of qualifiers that speak of the template and not of the value; older ones have no `SMT/` before them. */
const typesOfTemplates = [
  "Cardinality",
  "Multiplicity",
  "EitherOr",
  "InitialValue",
  "DefaultValue",
  "ExampleValue",
  "Example",
  "AllowedRange",
  "AllowedIdShort",
  "AllowedValue",
  "RequiredLang",
  "AccessMode",
  "Naming",
  "EditIdShort",
  "PresetIdShort",
  "FormTitle",
  "FormInfo",
  "FormUrl",
  "FormChoices",
  "Constraint",
  "Select",
  "Comment",
  "Enumeration",
];

export function isTemplateQualifier({ kind, type }: Qualifier): boolean {
  return kind === "TemplateQualifier" || type.startsWith("SMT/") || typesOfTemplates.includes(type);
}

/** Reads the qualifiers of IDTA's "How to create a submodel template specification", in their new and older names. */
export function rulesOf({ qualifiers }: SubmodelElement): TemplateRules {
  if (qualifiers === undefined) return noRules;
  const rules: Draft = { ...noRules };
  for (const { type, value } of qualifiers) {
    if (value !== undefined) readRule(rules, type, value);
  }
  return rules;
}

type Draft = { -readonly [Rule in keyof TemplateRules]: TemplateRules[Rule] };

const noRules: TemplateRules = {
  cardinality: undefined,
  eitherOr: undefined,
  initialValue: undefined,
  examples: [],
  allowedRanges: [],
  allowedValue: undefined,
  allowedIdShort: undefined,
  requiredLanguages: [],
  choices: [],
};

function readRule(rules: Draft, type: string, value: string): void {
  const name = type.startsWith("SMT/") ? type.slice("SMT/".length) : type;
  switch (name) {
    case "Cardinality":
    case "Multiplicity":
      rules.cardinality ??= cardinalities[value.trim()];
      break;
    case "EitherOr":
      rules.eitherOr ??= value;
      break;
    case "DefaultValue":
    case "InitialValue":
      rules.initialValue ??= value;
      break;
    case "AllowedRange":
      rules.allowedRanges = [...rules.allowedRanges, ...parts(value, "|").flatMap((text) => rangeOf(text) ?? [])];
      break;
    case "AllowedValue":
      rules.allowedValue ??= value;
      break;
    case "AllowedIdShort":
      rules.allowedIdShort ??= value;
      break;
    case "RequiredLang":
      rules.requiredLanguages = [...rules.requiredLanguages, ...parts(value, "|")];
      break;
    case "FormChoices":
      rules.choices = [...rules.choices, ...parts(value, ";")];
      break;
    default:
      // `SMT/ExampleValue/ECLASS`: several examples, each with a name of its own.
      if (/^Example(?:Value)?(?:\/|$)/.test(name)) rules.examples = [...rules.examples, ...parts(value, "|")];
  }
}

function parts(text: string, separator: string): readonly string[] {
  return text.split(separator).flatMap((one) => (one.trim() === "" ? [] : [one.trim()]));
}

/** `[0,100]`, `(0,*]`; `*` and what is no number stand for no bound. `ZeroToInf` occurs in published templates. */
function rangeOf(text: string): NumberRange | undefined {
  if (text === "ZeroToInf") return { from: 0, fromIncluded: true, to: Number.POSITIVE_INFINITY, toIncluded: true };
  const [, open, from = "", to = "", close] = /^([[(])([^,]*),([^,]*)([\])])$/.exec(text.replaceAll(" ", "")) ?? [];
  if (open === undefined) return undefined;
  const bound = (written: string, none: number): number =>
    written === "" || Number.isNaN(Number(written)) ? none : Number(written);
  return {
    from: bound(from, Number.NEGATIVE_INFINITY),
    fromIncluded: open === "[",
    to: bound(to, Number.POSITIVE_INFINITY),
    toIncluded: close === "]",
  };
}

/**
 * Whether a text has the form of a template's pattern; `undefined` where the pattern cannot be read. Published templates
 * write `Time[\d{2,3}]` and mean the letters with two or three digits after them.
 */
export function fitsPattern(pattern: string, text: string): boolean | undefined {
  if (pattern.length > 500) return undefined;
  try {
    return new RegExp(`^(?:${pattern.replace(/\[(\\d\{\d+,?\d*\})\]/g, "$1")})$`, "u").test(text.slice(0, 2_000));
  } catch (thrown) {
    if (thrown instanceof SyntaxError) return undefined;
    throw thrown;
  }
}
