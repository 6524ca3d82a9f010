import { readdir, readFile, writeFile } from "node:fs/promises";
import { basename, isAbsolute, join, resolve } from "node:path";
import { fileURLToPath } from "node:url";
import { type Command, InvalidArgumentError } from "commander";
import { parseDocument } from "yaml";
import { checkInstance } from "../aas/templates/check-instance.ts";
import { newInstance } from "../aas/templates/new-instance.ts";
import { readTemplate } from "../aas/templates/template-file.ts";
import type { Finding } from "../aas/templates/value-findings.ts";
import { HubError } from "../core/errors.ts";

interface NewFlags {
  readonly id: string;
  readonly idShort?: string;
  readonly submodel?: string;
  readonly values?: string;
  readonly out?: string;
  readonly environment?: true;
}

const shipped = fileURLToPath(new URL("../../aas-templates", import.meta.url));

const help = `
A template is a name of \`twinweave template list\`, or a JSON, XML or AASX file, IDTA's own among them.

  twinweave template list
  twinweave template new nameplate --id urn:acme:pump:1:nameplate --values pump-1.yaml --out pump-1.json
  twinweave template check pump-1.json --template nameplate

Exit codes: 0 nothing is missing, 1 something is (the submodel is written all the same), 2 the command line.
`;

/** `twinweave template`: submodels from submodel templates, and what they lack. */
export function addTemplate(program: Command): void {
  const template = program
    .command("template")
    .description("submodel templates: list them, make submodels from them, check submodels against them")
    .addHelpText("after", help);
  template
    .command("list")
    .description("the templates that come with Twinweave, or those of a folder")
    .argument("[folder]", "a folder with templates", shipped)
    .action(async (folder: string) => {
      for (const line of await listed(folder)) process.stdout.write(`${line}\n`);
    });
  template
    .command("new")
    .description("make a submodel from a template")
    .argument("<template>", "a name of the list, or a file")
    .requiredOption("--id <id>", "identifier of the new submodel", identifier)
    .option("--id-short <name>", "its idShort (default: the template's)")
    .option("--submodel <idShort>", "which submodel of a file that holds several")
    .option("--values <file>", "YAML or JSON: values by idShort path")
    .option("--out <file>", "where to write it (default: the standard output)")
    .option("--environment", "write an environment, with the concept descriptions of the template")
    .action(async (name: string, flags: NewFlags) => {
      process.exitCode = await create(name, flags);
    });
  template
    .command("check")
    .description("say in what a submodel is no instance of a template")
    .argument("<submodel>", "JSON, XML or AASX file with the submodel")
    .requiredOption("--template <template>", "a name of the list, or a file")
    .option("--submodel <idShort>", "which submodel of files that hold several")
    .action(async (file: string, flags: { readonly template: string; readonly submodel?: string }) => {
      const { submodel: pattern } = await found(flags.template, flags.submodel);
      const { submodel } = await readTemplate(process.cwd(), file, flags.submodel ?? pattern.idShort);
      process.exitCode = tell(checkInstance(submodel, pattern), process.stdout);
    });
}

async function create(name: string, flags: NewFlags): Promise<number> {
  const { submodel: template, concepts } = await found(name, flags.submodel);
  const values = flags.values === undefined ? {} : await readValues(flags.values);
  const head = flags.idShort === undefined ? { id: flags.id } : { id: flags.id, idShort: flags.idShort };
  const { submodel, findings } = newInstance(template, head, values);
  const content = flags.environment === true ? { submodels: [submodel], conceptDescriptions: concepts } : submodel;
  const text = `${JSON.stringify(content, undefined, 2)}\n`;
  if (flags.out === undefined) process.stdout.write(text);
  else await writeFile(flags.out, text);
  return tell(findings, process.stderr);
}

/** One line for each finding: where, what, and what would be right. */
function tell(findings: readonly Finding[], stream: NodeJS.WritableStream): number {
  for (const { message, expected } of findings) stream.write(`${message}\n    wanted: ${expected}\n`);
  const things = findings.length === 1 ? "1 thing" : `${findings.length} things`;
  stream.write(findings.length === 0 ? "nothing is missing\n" : `${things} to do\n`);
  return findings.length === 0 ? 0 : 1;
}

async function listed(folder: string): Promise<readonly string[]> {
  const files = (await readdir(folder)).filter((file) => file.endsWith(".json")).sort();
  return await Promise.all(
    files.map(async (file) => {
      const { submodel } = await readTemplate(folder, file);
      const { version = "-", revision = "-", templateId = submodel.id } = submodel.administration ?? {};
      return [basename(file, ".json").padEnd(24), `${version}.${revision}`.padEnd(6), templateId].join(" ");
    }),
  );
}

async function found(name: string, idShort: string | undefined): ReturnType<typeof readTemplate> {
  const isName = /^[a-z0-9-]+$/.test(name);
  const path = isName ? join(shipped, `${name}.json`) : isAbsolute(name) ? name : resolve(name);
  return await readTemplate(process.cwd(), path, idShort);
}

async function readValues(file: string): Promise<Readonly<Record<string, unknown>>> {
  const text = await readFile(file, "utf8").catch((cause: unknown) => {
    throw new HubError("config", `${file} cannot be read`, { cause });
  });
  const document = parseDocument(text, { prettyErrors: false });
  const [error] = document.errors;
  if (error !== undefined) {
    const problems = [{ place: file, message: error.message }];
    throw new HubError("config", `${file} is no YAML`, { problems });
  }
  const values: unknown = document.toJS({ maxAliasCount: 100 });
  if (typeof values === "object" && values !== null && !Array.isArray(values)) {
    return values as Readonly<Record<string, unknown>>;
  }
  throw new HubError("config", `${file} holds no values`, {
    problems: [{ place: file, message: "this is no map", expected: "SerialNumber: HM-1, one path a line" }],
  });
}

function identifier(text: string): string {
  if (text.length > 0 && text.length <= 2048) return text;
  throw new InvalidArgumentError("An identifier of at most 2048 characters is wanted, such as urn:acme:pump:1.");
}
