import { existsSync, readFileSync } from "node:fs";
import { Ajv, type ValidateFunction } from "ajv";
import { parse } from "yaml";

const specs = new URL("../../../../shared/specs/aas/", import.meta.url);
const files = ["Part1-MetaModel-Schemas.yaml", "Part2-API-Schemas.yaml"] as const;

/** Judges bodies by IDTA's schemas, by name; `undefined` where `../shared` is missing. */
export function officialSchemas(): ((name: string, body: unknown) => readonly unknown[]) | undefined {
  if (!files.every((file) => existsSync(new URL(file, specs)))) return undefined;
  const ajv = new Ajv({ strict: false, validateFormats: false, allErrors: true });
  for (const file of files) {
    const schema = JSON.stringify(parse(readFileSync(new URL(file, specs), "utf8")));
    ajv.addSchema(JSON.parse(schema.replaceAll('"./Part', '"Part')), file);
  }
  const found = (name: string): ValidateFunction => {
    const [check] = files.flatMap((file) => ajv.getSchema(`${file}#/components/schemas/${name}`) ?? []);
    if (check === undefined) throw new Error(`there is no schema ${name}`);
    return check as ValidateFunction;
  };
  return (name, body) => {
    const check = found(name);
    return check(body) ? [] : (check.errors ?? []);
  };
}
