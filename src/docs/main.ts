/**
 * `npm run docs` writes the pages and schemas that are generated from the code; `--check` (`npm run check:docs`) only
 * says which of them are not as they should be, and fails then.
 */
import { existsSync } from "node:fs";
import { mkdir, readFile, writeFile } from "node:fs/promises";
import { dirname, join } from "node:path";
import { fileURLToPath } from "node:url";
import { demoPage } from "../demo/demo-page.ts";
import { connectorTypes } from "../southbound/registry.ts";
import { configurationPage } from "./configuration-page.ts";
import { configurationSchema } from "./configuration-schema.ts";
import { connectorPage } from "./connector-page.ts";
import { mappingPage, mappingSchemaFile } from "./mapping-page.ts";

const ROOT = fileURLToPath(new URL("../../", import.meta.url));

const outputs: ReadonlyMap<string, string> = new Map([
  ["docs/configuration.md", configurationPage()],
  ["docs/schema/twinweave.schema.json", configurationSchema(connectorTypes)],
  ["docs/demo-plant.md", demoPage()],
  ["docs/mapping-reference.md", mappingPage()],
  ["docs/schema/mapping.schema.json", mappingSchemaFile()],
  ...connectorTypes.map((type) => [`docs/connectors/${type.type}.md`, connectorPage(type)] as const),
]);

/** Paths of the outputs that are not as they should be. */
async function staleOutputs(): Promise<string[]> {
  const paths = await Promise.all(
    [...outputs].map(async ([path, text]) => {
      const file = join(ROOT, path);
      return existsSync(file) && (await readFile(file, "utf8")) === text ? [] : [path];
    }),
  );
  return paths.flat();
}

async function writeOutput(path: string): Promise<void> {
  const file = join(ROOT, path);
  await mkdir(dirname(file), { recursive: true });
  await writeFile(file, outputs.get(path) ?? "");
}

const stale = await staleOutputs();
if (!process.argv.includes("--check")) {
  await Promise.all(stale.map(writeOutput));
  process.stderr.write(`${outputs.size} generated files, ${stale.length} written anew.\n`);
} else if (stale.length > 0) {
  process.stderr.write(
    `Not as the code has it: ${stale.join(", ")}. Run \`npm run docs\`, and edit the schemas instead of these files.\n`,
  );
  process.exitCode = 1;
}
