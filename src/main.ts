import { Command } from "commander";
import { addCheck } from "./cli/check.ts";
import { addDemo } from "./cli/demo.ts";
import { addKey } from "./cli/key.ts";
import { problemText } from "./cli/print-problem.ts";
import { addRun } from "./cli/run.ts";
import { addStart } from "./cli/start.ts";
import { addTrust } from "./cli/trust.ts";
import { readVersion } from "./hub/version.ts";

/** The `twinweave` command: a verb a file. */
async function main(): Promise<void> {
  const { version } = await readVersion();
  const program = new Command("twinweave")
    .description("weaves a plant's signals into standard digital twins: AAS and NGSI-LD")
    .version(version)
    .showSuggestionAfterError();
  for (const add of [addRun, addStart, addDemo, addCheck, addTrust, addKey]) add(program);
  await program.parseAsync(process.argv);
}

main().catch((thrown: unknown) => {
  process.stderr.write(`${problemText(thrown)}\n`);
  process.exit(1);
});
