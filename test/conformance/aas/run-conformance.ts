import { mkdir, writeFile } from "node:fs/promises";
import { dirname } from "node:path";
import { type Foreign, findForeign } from "../../support/foreign-server.ts";
import { clientsSection } from "./clients-section.ts";
import { conformancePage, pagePath } from "./conformance-page.ts";
import { measureCoverage } from "./coverage.ts";
import { coverageSection, standingOf } from "./coverage-section.ts";
import { openEngineHub } from "./engine-hub.ts";
import { enginesSection, runEngines } from "./engines.ts";
import { readOfficial } from "./official/openapi.ts";
import { fuzz, fuzzSection } from "./schemathesis/fuzz.ts";

/** Requests that schemathesis makes of each operation. */
const examples = 20;

/**
 * `npm run conformance:aas`: measures everything that docs/conformance/aas.md says and writes the page.
 * Ends with 1 where anything is not as the standard has it.
 */
async function main(): Promise<void> {
  const files = readOfficial();
  if (files === undefined) throw new Error("IDTA's OpenAPI files are wanted at ../shared/specs/aas");
  const pairs = await measureCoverage(files);
  for (const pair of pairs) {
    const standing = standingOf(pair);
    if (standing === "open") fail(`${pair.operation.id} ${pair.status} is neither exercised nor listed`);
    for (const problem of pair.problems) fail(`${pair.operation.id} ${pair.status}: ${problem}`);
  }
  const hub = await openEngineHub();
  try {
    const scores = await runEngines(interpreter("aas_test_engines"), hub.url);
    for (const { suite, unexplained, idle } of scores) {
      for (const { operation, name, reasons } of unexplained) {
        fail(`${suite.name}: ${operation}, ${name}: ${reasons.join("; ")}`);
      }
      for (const operation of idle) fail(`${suite.name}: the waiver of ${operation} is no longer needed`);
    }
    const found = await fuzz(interpreter("schemathesis"), hub.url, examples, 240);
    for (const failure of found.failures) fail(`schemathesis: ${failure}`);
    await mkdir(dirname(pagePath), { recursive: true });
    await writeFile(
      pagePath,
      conformancePage([coverageSection(pairs), enginesSection(scores), fuzzSection(examples), clientsSection]),
    );
    const covered = pairs.filter((pair) => standingOf(pair) === "covered").length;
    const checks = scores.flatMap((score) => score.checks).length;
    console.log(
      `${covered} of ${pairs.length} pairs, ${checks} checks of the engines, ${found.requests} requests of schemathesis`,
    );
  } finally {
    await hub.close();
  }
}

function interpreter(module: Foreign): string {
  const found = findForeign(module);
  if (found === undefined) throw new Error(`${module} is wanted (.ci/run shows how to install it)`);
  return found;
}

function fail(reason: string): void {
  console.error(reason);
  process.exitCode = 1;
}

await main();
