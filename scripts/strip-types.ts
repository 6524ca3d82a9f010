/**
 * `prepack`: writes dist/ (or the folder that is named), the published form of src/. Node strips types from the sources of a clone, but refuses to
 * below node_modules. Comments and line numbers stay, since types become blanks.
 */
import { cp, mkdir, readdir, readFile, rm, writeFile } from "node:fs/promises";
import { stripTypeScriptTypes } from "node:module";
import { dirname, join, resolve } from "node:path";
import { fileURLToPath } from "node:url";

const ROOT = fileURLToPath(new URL("../", import.meta.url));
const SOURCES = join(ROOT, "src");
const OUTPUT = resolve(process.argv[2] ?? join(ROOT, "dist"));

/** A relative path to a module of ours in a string: of an import, or of `new URL("./worker.ts", import.meta.url)`. */
const OWN_MODULE = /(["'`])(\.{1,2}\/[^"'`\n]*)\.ts\1/g;

/** The JavaScript of a TypeScript module, with the endings of its relative imports following. */
function publishedForm(source: string): string {
  return stripTypeScriptTypes(source).replace(OWN_MODULE, "$1$2.js$1");
}

await rm(OUTPUT, { recursive: true, force: true });
for (const entry of await readdir(SOURCES, { recursive: true, withFileTypes: true })) {
  if (!entry.isFile()) continue;
  const from = join(entry.parentPath, entry.name);
  const to = from.replace(SOURCES, OUTPUT);
  await mkdir(dirname(to), { recursive: true });
  if (entry.name.endsWith(".ts"))
    await writeFile(to.replace(/\.ts$/, ".js"), publishedForm(await readFile(from, "utf8")));
  else await cp(from, to);
}
