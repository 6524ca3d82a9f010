import { readFileSync } from "node:fs";
import { fileURLToPath } from "node:url";
import { contradictions, ofRegistrations } from "./contradictions.ts";
import { table } from "./table.ts";

/** What the last run of the ETSI suite's open half said; `npm run conformance:ngsi-ld -- --suite <checkout>` records it. */
export interface EtsiResults {
  /** Commit of the suite's checkout. */
  readonly suite: string;
  readonly folders: readonly { readonly folder: string; readonly tests: number; readonly passed: number }[];
  /** Tests that did not pass, by name. */
  readonly failures: readonly string[];
}

export const resultsPath = fileURLToPath(new URL("etsi-results.json", import.meta.url));

export function readResults(): EtsiResults {
  return JSON.parse(readFileSync(resultsPath, "utf8")) as EtsiResults;
}

/** The page's part on the suite: a row a folder, and what failed without contradicting the text. */
export function etsiSection(results: EtsiResults = readResults()): string {
  const { suite, folders, failures } = results;
  const listed = new Set([...contradictions.map(({ test }) => test), ...ofRegistrations]);
  const open = failures.filter((name) => !listed.has(name.split(" ")[0] ?? ""));
  const sum = (what: "tests" | "passed"): number => folders.reduce((total, folder) => total + folder[what], 0);
  return [
    "## The ETSI suite",
    "",
    "The open half of the Robot Framework suite's tests for one broker (`marek-mraz/ngsi-ld-test-suite`, commit",
    `\`${suite}\`), without the folders of registrations, distributed operations and snapshots:`,
    "",
    ...table(
      ["folder", "tests", "pass"],
      [...folders, { folder: "all", tests: sum("tests"), passed: sum("passed") }].map(({ folder, tests, passed }) => [
        folder,
        String(tests),
        String(passed),
      ]),
    ),
    "",
    `${ofRegistrations.join(", ")} ask for registrations and fail; so do the tests below that contradict the text.`,
    "",
    ...(open.length === 0 ? [] : ["Open:", "", ...open.map((name) => `- ${name}`), ""]),
  ].join("\n");
}
