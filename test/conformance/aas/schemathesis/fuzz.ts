import { spawn } from "node:child_process";
import { mkdtemp, readFile, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { text } from "node:stream/consumers";
import { fileURLToPath } from "node:url";
import { officialFiles, readOfficial } from "../official/openapi.ts";
import { generable, requestFile } from "./generable.ts";

const hooks = fileURLToPath(new URL("hooks.py", import.meta.url));
const checks = [
  "not_a_server_error",
  "status_code_conformance",
  "content_type_conformance",
  "response_headers_conformance",
  "response_schema_conformance",
];

export interface Found {
  readonly requests: number;
  /** Kinds of failure with their operations, and what schemathesis says of each. */
  readonly failures: readonly string[];
}

/** What of schemathesis' JSON report is read. */
interface Report {
  readonly operations: { readonly total: number; readonly tested: number };
  readonly test_cases: { readonly generated: number };
  readonly failures: readonly { readonly title: string; readonly operations: readonly string[] }[];
  readonly errors: readonly { readonly title: string; readonly count: number }[];
}

/**
 * Lets schemathesis ask a hub what the official OpenAPI permits, and what it does not.
 * @param python the interpreter that has it
 * @param hub its URL; it holds the engines' test data
 * @param examples how many requests to make of each operation
 * @param seconds after which it stops, and says so
 */
export async function fuzz(python: string, hub: string, examples: number, seconds: number): Promise<Found> {
  const folder = await mkdtemp(join(tmpdir(), "twinweave-fuzz-"));
  try {
    for (const [file, content] of readOfficial() ?? []) {
      await writeFile(join(folder, file), JSON.stringify(generable(content)));
      await writeFile(join(folder, requestFile(file)), JSON.stringify(generable(content, true)));
    }
    const report = join(folder, "report.json");
    const command = [
      ...["-m", "schemathesis.cli", "run", join(folder, officialFiles[0]), "--url", `${hub}/api/v3.1`],
      ...["--checks", checks.join(), "--phases", "fuzzing", "--max-examples", `${examples}`],
      // One worker: with more, its own parser of Python runs out of depth now and then.
      ...["--workers", "1", "--seed", "20261122", "--continue-on-failure", "--no-shrink", "--no-color"],
      ...["--generation-database", "none", "--suppress-health-check", "all", "--request-timeout", "20"],
      ...["--warnings", "off", "--report", "json", "--report-json-path", report],
    ];
    const environment = { ...process.env, SCHEMATHESIS_HOOKS: hooks };
    const run = spawn(python, command, {
      cwd: folder,
      env: environment,
      stdio: ["ignore", "pipe", "inherit"],
      timeout: seconds * 1000,
    });
    const said = await text(run.stdout);
    if (run.signalCode !== null) return { requests: 0, failures: [`it had not ended after ${seconds} s`] };
    return found(JSON.parse(await readFile(report, "utf8")) as Report, said);
  } finally {
    await rm(folder, { recursive: true, force: true });
  }
}

function found({ operations, test_cases, failures, errors }: Report, said: string): Found {
  const kinds = [
    ...failures.map(({ title, operations: where }) => `${title}: ${where.join(", ")}`),
    ...errors.map(({ title, count }) => `${title}: ${count}`),
    ...(operations.tested < operations.total
      ? [`${operations.total - operations.tested} operations were not asked`]
      : []),
  ];
  const details = kinds.length === 0 ? [] : [said.slice(said.indexOf("=== FAILURES ===")).slice(0, 20_000)];
  return { requests: test_cases.generated, failures: [...kinds, ...details] };
}

/** The page's part that says what the fuzzer was asked to find. */
export function fuzzSection(examples: number): string {
  return [
    "## schemathesis",
    "",
    `\`schemathesis\` 4.32.5 makes ${examples} requests of each operation of the official OpenAPI, three of four with`,
    "identifiers and idShortPaths of what the hub holds. It finds no status 5xx, no status, media type or header that is not",
    "documented, and no body that breaks its schema.",
    "",
  ].join("\n");
}
