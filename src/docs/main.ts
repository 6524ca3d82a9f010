/**
 * `npm run docs` writes the pages and schemas that are generated from the code; `--check` (`npm run check:docs`) only
 * says which of them are not as they should be, and fails then.
 */
import { existsSync } from "node:fs";
import { mkdir, readFile, writeFile } from "node:fs/promises";
import { dirname, join } from "node:path";
import { fileURLToPath } from "node:url";
import { connectorTypes } from "../southbound/registry.ts";
import { configurationPage } from "./configuration-page.ts";
import { configurationSchema } from "./configuration-schema.ts";
import { connectorPage } from "./connector-page.ts";
import { mappingPage, mappingSchemaFile } from "./mapping-page.ts";

const ROOT = fileURLToPath(new URL("../../", import.meta.url));

const outputs: ReadonlyMap<string, string> = new Map([
  ["docs/configuration.md", configurationPage()],
  ["docs/schema/twinweave.schema.json", configurationSchema(connectorTypes)],
  ["docs/mapping-reference.md", mappingPage()],
  ["docs/schema/mapping.schema.json", mappingSchemaFile()],
  ...connectorTypes.map((type) => [`docs/connectors/${type.type}.md`, connectorPage(type)] as const),
]);

const stale: string[] = [];
for (const [path, text] of outputs) {
  const file = join(ROOT, path);
  if (existsSync(file) && (await readFile(file, "utf8")) === text) continue;
  stale.push(path);
  if (process.argv.includes("--check")) continue;
  await mkdir(dirname(file), { recursive: true });
  await writeFile(file, text);
}

if (process.argv.includes("--check") && stale.length > 0) {
  process.stderr.write(
    `Not as the code has it: ${stale.join(", ")}. Run \`npm run docs\`, and edit the schemas instead of these files.\n`,
  );
  process.exitCode = 1;
} else {
  process.stderr.write(
    `${outputs.size} generated files, ${stale.length === 0 ? "all as they should be" : `${stale.length} written`}.\n`,
  );
}
