import { mkdtemp, rm, writeFile } from "node:fs/promises";
import { availableParallelism, cpus, tmpdir, totalmem } from "node:os";
import { join } from "node:path";
import { parseArgs } from "node:util";
import { aasSection } from "./aas/section.ts";
import { getSection } from "./get/section.ts";
import { ingestSection } from "./ingest/section.ts";
import { ngsiLdSection } from "./ngsi-ld/section.ts";
import { querySection } from "./query/section.ts";
import type { Figure } from "./report/figure.ts";
import { markdownTable } from "./report/markdown-table.ts";
import type { Section } from "./section.ts";
import { startUpSection } from "./start-up/section.ts";
import { storeSection } from "./store/section.ts";
import { twinSection } from "./twin/section.ts";

/** `npm run bench -- [section …] [--quick] [--json FILE]`; docs/benchmarks.md says what each figure means. */
const sections: readonly Section[] = [
  startUpSection,
  storeSection,
  twinSection,
  getSection,
  aasSection,
  ngsiLdSection,
  querySection,
  ingestSection,
];

const { values, positionals } = parseArgs({
  allowPositionals: true,
  options: { quick: { type: "boolean", default: false }, json: { type: "string" } },
});
const chosen = positionals.length === 0 ? sections : sections.filter(({ name }) => positionals.includes(name));
const unknown = positionals.filter((name) => !sections.some((section) => section.name === name));
if (unknown.length > 0) {
  process.stderr.write(`no section ${unknown.join(", ")}; there are ${sections.map(({ name }) => name).join(", ")}\n`);
  process.exit(1);
}

const say = (line: string): void => void process.stderr.write(`${line}\n`);
const figures: Figure[] = [];
for (const section of chosen) {
  say(`${section.name} …`);
  const folder = await mkdtemp(join(tmpdir(), `twinweave-bench-${section.name}-`));
  try {
    figures.push(...(await section.run({ quick: values.quick, folder, say: (line) => say(`  ${line}`) })));
  } finally {
    await rm(folder, { recursive: true, force: true });
  }
}

const machine = {
  cpu: cpus()[0]?.model ?? "unknown",
  cores: availableParallelism(),
  memoryGiB: Math.round(totalmem() / 1024 ** 3),
  node: process.version,
  platform: `${process.platform} ${process.arch}`,
};
const at = new Date().toISOString();
process.stdout.write(
  `${at}, ${machine.cores} cores of ${machine.cpu}, ${machine.memoryGiB} GiB, Node ${machine.node}\n`,
);
process.stdout.write(`\n${markdownTable(figures)}\n`);
if (values.json !== undefined) {
  await writeFile(values.json, `${JSON.stringify({ at, quick: values.quick, machine, figures }, undefined, 2)}\n`);
}
