import { spawn } from "node:child_process";
import { text } from "node:stream/consumers";
import { table } from "./coverage-section.ts";
import { type Check, checksOf } from "./engine-report.ts";
import { type EngineSuite, engineSuites, waiverOf } from "./engine-suites.ts";

export interface SuiteScore {
  readonly suite: EngineSuite;
  readonly checks: readonly Check[];
  /** Failed without a waiver. */
  readonly unexplained: readonly Check[];
  /** Waivers of what does not fail any more. */
  readonly idle: readonly string[];
}

/**
 * What the four public suites of `aas-test-engines` say of a hub.
 * @param python the interpreter that has the module
 * @param hub its URL; it holds the test environment, thumbnail and attachment included
 */
export async function runEngines(python: string, hub: string): Promise<readonly SuiteScore[]> {
  return await Promise.all(
    engineSuites.map(async (suite) => scored(suite, await run(python, `${hub}/api/v3.0`, suite))),
  );
}

async function run(python: string, api: string, { name, path, prefix }: EngineSuite): Promise<readonly Check[]> {
  const options = prefix === "" ? [] : ["--remove-path-prefix", prefix];
  const command = ["-m", "aas_test_engines", "check_server", `${api}${path}`, name, ...options, "--output", "json"];
  const engine = spawn(python, command, { stdio: ["ignore", "pipe", "inherit"] });
  // It ends with 1 where a check fails; what it prints says which.
  return checksOf(JSON.parse(await text(engine.stdout)));
}

function scored(suite: EngineSuite, checks: readonly Check[]): SuiteScore {
  const failed = checks.filter(({ outcome }) => outcome === "failed");
  const unexplained = failed.filter((check) => waiverOf(suite, check) === undefined);
  const waived = suite.waivers.map(({ operation }) => operation);
  return { suite, checks, unexplained, idle: waived.filter((one) => !failed.some((check) => check.operation === one)) };
}

/** The page's part that gives the engines' score. */
export function enginesSection(scores: readonly SuiteScore[]): string {
  const all = scores.flatMap(({ checks }) => checks).length;
  const rows = scores.map(({ suite, checks, unexplained }) => {
    const count = (outcome: Check["outcome"]): number => checks.filter((check) => check.outcome === outcome).length;
    const counts = [
      checks.length,
      count("ok"),
      count("warning"),
      unexplained.length,
      count("failed") - unexplained.length,
    ];
    return [suite.name.replace(/^\//, ""), ...counts.map(String)];
  });
  const waivers = scores.flatMap(({ suite }) =>
    suite.waivers.map(({ operation, reason }) => [suite.name.replace(/^\//, ""), operation, reason]),
  );
  return [
    "## IDTA's test engines",
    "",
    `\`aas-test-engines\` 1.0.3, its four public server suites against a running hub at \`/api/v3.0\`: ${all} checks.`,
    "",
    ...table(["suite", "checks", "ok", "warnings", "failed", "waived"], rows),
    "",
    "Waived, since the engine is mistaken:",
    "",
    ...table(["suite", "operation", "reason"], waivers),
    "",
  ].join("\n");
}
