import { Ajv, type ErrorObject } from "ajv";
import { nearestWord } from "../core/nearest-word.ts";
import { knownNames } from "./known-names.ts";
import { type PlacedYaml, pointer } from "./placed-yaml.ts";
import type { Problems } from "./problem.ts";
import { type MappingFile, mappingSchema } from "./schema.ts";

/** So many are told of one file; whoever mends them sees the next. */
const MAX_PROBLEMS = 200;

const validate = new Ajv({ allErrors: true, verbose: true, strict: false }).compile<MappingFile>(mappingSchema);

/** Checks a parsed file against the schema; each error is said in words that tell what would be right. */
export function checkForm(yaml: PlacedYaml, problems: Problems): MappingFile | undefined {
  const { value } = yaml;
  if (validate(value)) return value;
  const errors = withoutOtherBranches(validate.errors ?? []);
  for (const error of errors.slice(0, MAX_PROBLEMS)) tell(error, yaml, problems);
  if (errors.length > MAX_PROBLEMS) {
    problems.error(yaml.placeOf(""), { message: `${errors.length - MAX_PROBLEMS} more problems like these` });
  }
  return undefined;
}

/**
 * Where a member has several forms (`unit: bar`, `unit: {from, to}`) the check reports every form. What counts is the
 * form that the author began: the one whose kind of value stands there. Only where none fits, all are named.
 */
function withoutOtherBranches(errors: readonly ErrorObject[]): ErrorObject[] {
  let kept = [...errors];
  for (const choice of errors.filter((error) => error.keyword === "anyOf")) {
    const branches: readonly unknown[] = Array.isArray(choice.schema) ? choice.schema : [];
    const below = kept.filter((error) => error.schemaPath.startsWith(`${choice.schemaPath}/`));
    const begun = branches.findIndex(
      (_, index) =>
        !below.some(
          (error) =>
            error.keyword === "type" &&
            error.instancePath === choice.instancePath &&
            error.schemaPath === `${choice.schemaPath}/${index}/type`,
        ),
    );
    const mine = (error: ErrorObject) =>
      error.instancePath === choice.instancePath || error.instancePath.startsWith(`${choice.instancePath}/`);
    kept = kept.filter((error) => {
      if (!mine(error)) return true;
      if (error === choice) return begun < 0;
      if (!error.schemaPath.startsWith(`${choice.schemaPath}/`)) return true;
      return begun >= 0 && error.schemaPath.startsWith(`${choice.schemaPath}/${begun}/`);
    });
  }
  return kept;
}

const kinds: Readonly<Record<string, string>> = {
  object: "a mapping (key: value)",
  array: "a list",
  string: "text",
  number: "a number",
  integer: "a whole number",
  boolean: "true or false",
  null: "nothing",
};

const kindOf = (value: unknown): string =>
  kinds[value === null ? "null" : Array.isArray(value) ? "array" : typeof value] ?? typeof value;

const keysOf = (value: unknown): string[] => (typeof value === "object" && value !== null ? Object.keys(value) : []);

const lastStep = (path: string): string =>
  path
    .slice(path.lastIndexOf("/") + 1)
    .replaceAll("~1", "/")
    .replaceAll("~0", "~");

function tell(error: ErrorObject, yaml: PlacedYaml, problems: Problems): void {
  const { instancePath: path, parentSchema = {}, data } = error;
  const params: Readonly<Record<string, unknown>> = error.params;
  const what = path === "" ? "the file" : `"${lastStep(path)}"`;
  const place = yaml.placeOf(path);
  switch (error.keyword) {
    case "additionalProperties": {
      const key = String(params.additionalProperty);
      const known = keysOf(parentSchema.properties);
      const names = known.length > 0;
      problems.error(yaml.keyPlaceOf(path + pointer(key)), {
        message: names ? `unknown key "${key}"` : `"${key}" cannot be a name here`,
        expected: names ? knownNames(key, known) : "letters, digits and _, starting with a letter",
      });
      return;
    }
    case "required": {
      const key = String(params.missingProperty);
      problems.error(path === "" ? place : yaml.keyPlaceOf(path), {
        message: `"${key}" is missing in ${what}`,
        expected: hint(memberSchema(parentSchema, key)),
      });
      return;
    }
    case "enum": {
      const allowed = Array.isArray(params.allowedValues) ? params.allowedValues.map(String) : [];
      const near = typeof data === "string" ? nearestWord(data, allowed) : undefined;
      problems.error(place, {
        message: `${what} cannot be ${JSON.stringify(data)}`,
        expected: `${near === undefined ? "" : `did you mean "${near}"? `}one of ${allowed.join(", ")}`,
      });
      return;
    }
    case "const":
      problems.error(place, {
        message: `${what} cannot be ${JSON.stringify(data)}`,
        expected: JSON.stringify(params.allowedValue),
      });
      return;
    case "type":
      problems.error(place, {
        message: `${what} must be ${kinds[String(params.type)] ?? String(params.type)}, not ${kindOf(data)}`,
        expected: hint(parentSchema),
      });
      return;
    case "anyOf": {
      const forms = Array.isArray(error.schema)
        ? error.schema.map((form) => kinds[String(form?.type)] ?? "a value")
        : [];
      problems.error(place, {
        message: `${what} must be ${forms.join(" or ")}, not ${kindOf(data)}`,
        expected: hint(parentSchema),
      });
      return;
    }
    case "pattern":
    case "minLength":
      problems.error(place, { message: `${what} cannot be ${JSON.stringify(data)}`, expected: hint(parentSchema) });
      return;
    default:
      problems.error(place, { message: `${what} ${error.message ?? "is not right"}`, expected: hint(parentSchema) });
  }
}

function memberSchema(schema: Readonly<Record<string, unknown>>, key: string): Readonly<Record<string, unknown>> {
  const properties = schema.properties;
  if (typeof properties !== "object" || properties === null) return {};
  const member: unknown = (properties as Record<string, unknown>)[key];
  return typeof member === "object" && member !== null ? (member as Record<string, unknown>) : {};
}

/** Description and first example of a member, as the schema has them. */
function hint(schema: Readonly<Record<string, unknown>>): string | undefined {
  const { description, examples } = schema;
  const example: unknown = Array.isArray(examples) ? examples[0] : schema.const;
  const shown =
    example === undefined ? undefined : `e.g. ${typeof example === "string" ? example : JSON.stringify(example)}`;
  if (typeof description !== "string") return shown;
  return shown === undefined ? description : `${description} ${shown}`;
}
