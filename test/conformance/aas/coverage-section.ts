import type { Pair } from "./coverage.ts";
import { corrections } from "./official/corrections.ts";
import { reasonOf } from "./reasons.ts";

export type Standing = "covered" | "failed" | "listed" | "not served" | "open";

/** Listed counts where nothing was asked; what is not served may have a reason too. */
export function standingOf(pair: Pair): Standing {
  if (pair.problems.length > 0) return "failed";
  if (pair.asked > 0) return "covered";
  if (reasonOf(pair) !== undefined) return "listed";
  return pair.served ? "open" : "not served";
}

const signs: Readonly<Record<Standing, string>> = {
  covered: "",
  failed: " ✗",
  listed: "\\*",
  "not served": " –",
  open: " ?",
};

/** The page's part that says which operation and status of the official OpenAPI is shown by a test. */
export function coverageSection(pairs: readonly Pair[]): string {
  const faces = [...new Set(pairs.map(({ operation }) => operation.face))];
  return [
    "## Operations and status codes of the official OpenAPI",
    "",
    `**${count(pairs, "covered")} of ${pairs.length}** pairs of operation and status are shown by a test: a running hub is asked for it, and`,
    "status, headers, media type and body are judged by IDTA's `Entire-API-Collection.yaml` (v3.1.2). A `Location` is",
    "followed. Statuses 500 and `default` come from a hub whose services fail or that is still starting (503), 401 and 403",
    "from requests without a key and with another tenant's.",
    "",
    ...table(
      ["interface", "operations", "pairs", "covered", "listed", "not served"],
      faces.map((face) => faceRow(face, pairs)),
    ),
    "",
    ...listing(pairs),
    "Where the official OpenAPI refuses what its own text demands, it is read as meant:",
    "",
    ...corrections.map(({ reason }) => `- ${reason}`),
    "",
    ...faces.flatMap((face) =>
      operationTable(
        face,
        pairs.filter(({ operation }) => operation.face === face),
      ),
    ),
  ].join("\n");
}

const count = (pairs: readonly Pair[], standing: Standing): number =>
  pairs.filter((pair) => standingOf(pair) === standing).length;

function faceRow(face: string, all: readonly Pair[]): readonly string[] {
  const pairs = all.filter(({ operation }) => operation.face === face);
  const operations = new Set(pairs.map(({ operation }) => operation.id)).size;
  const counts = [
    operations,
    pairs.length,
    ...(["covered", "listed", "not served"] as const).map((one) => count(pairs, one)),
  ];
  return [face, ...counts.map(String)];
}

function listing(pairs: readonly Pair[]): readonly string[] {
  const listed = pairs.filter((pair) => standingOf(pair) === "listed");
  if (listed.length === 0) return [];
  const rows = listed.map((pair) => [pair.operation.id, pair.status, reasonOf(pair) ?? ""]);
  return ["Listed, not exercised:", "", ...table(["operation", "status", "reason"], rows), ""];
}

function operationTable(face: string, pairs: readonly Pair[]): readonly string[] {
  const operations = [...new Set(pairs.map(({ operation }) => operation))];
  const rows = operations.map((operation) => {
    const own = pairs.filter((pair) => pair.operation === operation);
    const statuses = own.map((pair) => `${pair.status}${signs[standingOf(pair)]}`);
    return [`\`${operation.verb} ${operation.path}\``, statuses.join(", ")];
  });
  return [`### ${face}`, "", ...table(["operation", "status codes (\\*: listed, –: not served)"], rows), ""];
}

export function table(heads: readonly string[], rows: readonly (readonly string[])[]): readonly string[] {
  const line = (cells: readonly string[]): string => `| ${cells.join(" | ")} |`;
  return [line(heads), line(heads.map(() => "---")), ...rows.map(line)];
}
