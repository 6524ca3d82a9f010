import { createReadStream } from "node:fs";
import { access } from "node:fs/promises";
import { json } from "node:stream/consumers";
import { type Command, Option } from "commander";
import { HubError, type Problem } from "../core/errors.ts";
import { type AdminFlags, withAdminFlags } from "./admin-client.ts";
import { streamHub } from "./hub-stream.ts";

interface ImportFlags extends AdminFlags {
  readonly strict?: boolean;
  readonly onConflict: string;
  readonly tenant: string;
}

type Counts = Readonly<Record<"created" | "replaced" | "skipped" | "refused", number>>;

/** What the hub says of an import (`POST /admin/import`). */
interface Report {
  readonly format: string;
  readonly shells: Counts;
  readonly submodels: Counts;
  readonly conceptDescriptions: Counts;
  readonly files: number;
  readonly notes: readonly (Problem & { readonly what: string })[];
  readonly moreNotes: number;
}

/** What was taken, and what ended the import before all of it was. */
interface Answer extends Report {
  readonly failed?: Pick<HubError, "code" | "message" | "problems">;
}

const help = `
What is wrong in a file is mended where its meaning is plain, left out where it is not, and told with its place either way.

  twinweave import plant.aasx                         what is here already stays
  twinweave import --on-conflict replace *.json       what is here is replaced; linked values keep their signal
  twinweave import --strict plant.xml                 all of it is right, or nothing is taken

Exit codes: 0 everything was taken, 1 something was left out or refused, 2 the command line.
`;

/** `twinweave import`: AAS files into a running hub. */
export function addImport(program: Command): void {
  const command = program
    .command("import")
    .description("take AAS files (JSON, XML, AASX) into a running hub")
    .argument("<files...>", "files of any name: what they are is told by their content")
    .option("--strict", "take a file whole or not at all, and mend nothing")
    .addOption(
      new Option("--on-conflict <what>", "what becomes of documents whose id is there already")
        .choices(["skip", "replace", "fail"])
        .default("skip"),
    )
    .option("--tenant <name>", "the tenant that gets them", "default")
    .addHelpText("after", help);
  withAdminFlags(command).action(async (files: readonly string[], flags: ImportFlags) => {
    for (const file of files) {
      const { failed, ...report } = await send(file, flags);
      process.stdout.write(reportText(file, report));
      if (failed !== undefined) {
        const message = `${file}: ${failed.message}; what was taken by then stays`;
        throw new HubError(failed.code, message, { problems: failed.problems });
      }
      const refused = report.shells.refused + report.submodels.refused + report.conceptDescriptions.refused;
      if (refused > 0 || report.moreNotes > 0 || report.notes.some(({ what }) => what === "left-out")) {
        process.exitCode = 1;
      }
    }
  });
}

async function send(file: string, flags: ImportFlags): Promise<Answer> {
  await access(file).catch((error: unknown) => {
    throw new HubError("not-found", `there is no file ${file}`, { cause: error });
  });
  const query = new URLSearchParams({
    mode: flags.strict === true ? "strict" : "mend",
    conflict: flags.onConflict,
    tenant: flags.tenant,
  });
  const headers = { "content-type": "application/octet-stream" };
  const call = { method: "POST", path: `/admin/import?${query}`, headers, body: createReadStream(file) } as const;
  try {
    return (await json(await streamHub(flags, call))) as Answer;
  } catch (thrown) {
    const error = HubError.from(thrown);
    throw new HubError(error.code, `${file}: ${error.message}`, { cause: error, problems: error.problems });
  }
}

function reportText(file: string, report: Report): string {
  const kinds = [
    ["shells", report.shells],
    ["submodels", report.submodels],
    ["concept descriptions", report.conceptDescriptions],
  ] as const;
  const lines = kinds.flatMap(([what, counts]) => {
    const said = Object.entries(counts).flatMap(([outcome, count]) => (count === 0 ? [] : [`${count} ${outcome}`]));
    return said.length === 0 ? [] : [`  ${what}: ${said.join(", ")}`];
  });
  const files = report.files === 0 ? [] : [`  files: ${report.files}`];
  const notes = report.notes.map(({ what, place, message, rule }) => {
    return `  ${what} ${place}: ${message}${rule === undefined ? "" : ` (${rule})`}`;
  });
  const more = report.moreNotes === 0 ? [] : [`  and ${report.moreNotes} more of these`];
  const nothing = lines.length === 0 ? ["  nothing is in it"] : [];
  return `${[`${file} (${report.format})`, ...nothing, ...lines, ...files, ...notes, ...more].join("\n")}\n`;
}
