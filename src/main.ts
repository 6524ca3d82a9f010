import { Command, CommanderError } from "commander";
import { addCheck } from "./cli/check.ts";
import { addDemo } from "./cli/demo.ts";
import { addExport } from "./cli/export.ts";
import { addImport } from "./cli/import.ts";
import { addKey } from "./cli/key.ts";
import { problemText } from "./cli/print-problem.ts";
import { addRegistries } from "./cli/registries.ts";
import { addRun } from "./cli/run.ts";
import { addStart } from "./cli/start.ts";
import { addTemplate } from "./cli/template.ts";
import { addTrust } from "./cli/trust.ts";
import { readVersion } from "./hub/version.ts";

const help = `
Exit codes: 0 done, 1 something is wrong and was said on stderr, 2 the command line was not understood.
Every setting of twinweave.yaml also has an environment variable, such as TWINWEAVE_HTTP_PORT.
`;

/** The `twinweave` command: a verb a file. */
async function main(): Promise<void> {
  // What a hub writes (twins, history, private keys) is for its own user alone, whatever the shell says.
  process.umask(0o077);
  const { version } = await readVersion();
  const program = new Command("twinweave")
    .description("weaves a plant's signals into standard digital twins: AAS and NGSI-LD")
    .version(version)
    .showSuggestionAfterError()
    .showHelpAfterError("(--help says what there is)")
    .addHelpText("after", help)
    .exitOverride();
  const verbs = [
    addRun,
    addStart,
    addDemo,
    addCheck,
    addTemplate,
    addTrust,
    addKey,
    addRegistries,
    addImport,
    addExport,
  ];
  for (const add of verbs) add(program);
  await program.parseAsync(process.argv);
}

main().catch((thrown: unknown) => {
  // The command line's own errors are on the screen already, as help and version are, which are none.
  if (thrown instanceof CommanderError) process.exit(thrown.exitCode === 0 ? 0 : 2);
  process.stderr.write(`${problemText(thrown)}\n`);
  process.exit(1);
});
