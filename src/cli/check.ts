import type { Command } from "commander";
import { loadConfig } from "../config/load.ts";
import { checkAgainstSources } from "../hub/check-against-sources.ts";
import { problemText } from "../mapping/problem.ts";
import { flagSettings, type HubFlags } from "./hub-flags.ts";
import { numberFlag } from "./number-flag.ts";

type CheckFlags = Pick<HubFlags, "config" | "data"> & { readonly wait: number };

const help = `
Exit codes: 0 nothing is wrong (warnings may be), 1 errors, 2 the command line.

  twinweave check                       all mapping files of the configuration
  twinweave check mappings/pumps.yaml   one file, against the sources that it names
  twinweave check --wait 0              without waiting for sources that are away
`;

/** `twinweave check`: everything that is wrong with mapping files, before a hub runs them. */
export function addCheck(program: Command): void {
  program
    .command("check")
    .description("check mapping files: every problem at once, with its line and what would be right")
    .argument("[files...]", "mapping files, folders, globs (default: `mappings` of the configuration)")
    .option("--config <file>", "configuration with the sources (default: twinweave.yaml, if there is one)")
    .option("--data <folder>", "where the hub's own certificates are kept (default: ./data)")
    .option(
      "--wait <seconds>",
      "how long sources are waited for that mappings have to ask",
      numberFlag(0, 600, false),
      10,
    )
    .addHelpText("after", help)
    .action(async (files: readonly string[], { config: file, data, wait }: CheckFlags) => {
      const flags = flagSettings(data === undefined ? {} : { data });
      const config = await loadConfig(file === undefined ? { flags } : { file, flags });
      const check = await checkAgainstSources(config, files, wait * 1000);
      for (const problem of check.problems) process.stdout.write(`${problemText(problem)}\n`);
      for (const { file: of, matched, unmatched } of check.coverage) {
        const rest = unmatched.length === 0 ? "" : `, ${unmatched.length} points that the source does not have`;
        process.stdout.write(`${of}: ${counted(matched.length, "asset")}${rest}\n`);
      }
      const counts = [
        [check.files.length, "file"],
        [check.errors, "error"],
        [check.warnings, "warning"],
      ] as const;
      process.stdout.write(`${counts.map(([count, what]) => counted(count, what)).join(", ")}\n`);
      process.exitCode = check.errors > 0 ? 1 : 0;
    });
}

const counted = (count: number, what: string): string => `${count} ${what}${count === 1 ? "" : "s"}`;
