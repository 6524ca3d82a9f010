import type { Command } from "commander";
import { loadConfig } from "../config/load.ts";
import { checkAgainstSources } from "../hub/check-against-sources.ts";
import { problemText } from "../mapping/problem.ts";
import { flagSettings, type HubFlags } from "./hub-flags.ts";

/** `twinweave check`: everything that is wrong with mapping files, before a hub runs them. */
export function addCheck(program: Command): void {
  program
    .command("check")
    .description("check mapping files: every problem at once, with its line and what would be right")
    .argument("[files...]", "mapping files, folders, globs (default: `mappings` of the configuration)")
    .option("--config <file>", "configuration with the sources (default: twinweave.yaml)")
    .option("--wait <seconds>", "how long sources are waited for that mappings have to ask", "10")
    .action(async (files: readonly string[], flags: Pick<HubFlags, "config"> & { wait: string }) => {
      const config = await loadConfig({
        ...(flags.config === undefined ? {} : { file: flags.config }),
        flags: flagSettings({}),
      });
      const check = await checkAgainstSources(config, files, Number(flags.wait) * 1000);
      for (const problem of check.problems) process.stdout.write(`${problemText(problem)}\n`);
      for (const { file, matched, unmatched } of check.coverage) {
        process.stdout.write(
          `${file}: ${matched.length} assets${unmatched.length === 0 ? "" : `, ${unmatched.length} points that the source does not have`}\n`,
        );
      }
      const counts = `${check.files.length} files, ${check.errors} errors, ${check.warnings} warnings`;
      process.stdout.write(`${counts}\n`);
      process.exitCode = check.errors > 0 ? 1 : 0;
    });
}
