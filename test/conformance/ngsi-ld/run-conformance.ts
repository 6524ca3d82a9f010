import { readFile, writeFile } from "node:fs/promises";
import { parseArgs } from "node:util";
import { conformancePage, pagePath } from "./conformance-page.ts";
import { runEtsiSuite } from "./etsi-run.ts";
import { resultsPath } from "./etsi-section.ts";
import { ledger, wrong } from "./ledger.ts";

/**
 * `npm run conformance:ngsi-ld`: prints what of GS CIM 009 no code or no test names, and writes docs/conformance/ngsi-ld.md.
 * `--check` compares the page instead; `--suite <checkout>` first runs the open half of the ETSI suite, some minutes.
 * Ends with 1 where something is missing or stale.
 */
async function main(): Promise<void> {
  const { values } = parseArgs({ options: { check: { type: "boolean" }, suite: { type: "string" } } });
  if (values.suite !== undefined) {
    const results = await runEtsiSuite(values.suite);
    await writeFile(resultsPath, `${JSON.stringify(results, null, 2)}\n`);
  }
  const lines = ledger();
  for (const line of lines) {
    const problem = wrong(line);
    if (problem !== undefined) fail(problem);
  }
  const page = conformancePage(lines);
  if (values.check !== true) await writeFile(pagePath, page);
  else if ((await readFile(pagePath, "utf8").catch(() => "")) !== page) {
    fail("docs/conformance/ngsi-ld.md is stale: npm run conformance:ngsi-ld writes it anew");
  }
}

function fail(problem: string): void {
  console.error(problem);
  process.exitCode = 1;
}

await main();
