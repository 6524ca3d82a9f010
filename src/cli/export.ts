import { createWriteStream } from "node:fs";
import { rename, rm } from "node:fs/promises";
import { json } from "node:stream/consumers";
import { pipeline } from "node:stream/promises";
import { type Command, InvalidArgumentError } from "commander";
import { HubError } from "../core/errors.ts";
import { type AdminFlags, withAdminFlags } from "./admin-client.ts";
import { streamHub } from "./hub-stream.ts";

interface ExportFlags extends AdminFlags {
  readonly shell: readonly string[];
  readonly submodel: readonly string[];
  readonly concepts: boolean;
  readonly tenant: string;
  readonly apiVersion: string;
}

const types: Readonly<Record<string, string>> = {
  json: "application/json",
  xml: "application/xml",
  aasx: "application/asset-administration-shell-package+xml",
};

const help = `
Without --shell and --submodel: everything that the hub has. A shell brings its submodels along.

  twinweave export plant.aasx
  twinweave export pump.json --shell https://example.org/pump/1
  twinweave export old-tools.xml --api-version 3.0
`;

/** `twinweave export`: AAS documents of a running hub into a file. */
export function addExport(program: Command): void {
  const command = program
    .command("export")
    .description("write AAS documents of a running hub to a file (.json, .xml or .aasx)")
    .argument("<file>", "its extension is the format; what was there is replaced once all is written")
    .option("--shell <id>", "this shell with its submodels; may be repeated", collect, [])
    .option("--submodel <id>", "this submodel; may be repeated", collect, [])
    .option("--no-concepts", "leave out the concept descriptions that the submodels refer to")
    .option("--tenant <name>", "whose they are", "default")
    .option("--api-version <version>", "3.1, or 3.0 for tools that know no later XML", version, "3.1")
    .addHelpText("after", help);
  withAdminFlags(command).action(async (file: string, flags: ExportFlags) => {
    const type = types[/\.(\w+)$/.exec(file)?.[1]?.toLowerCase() ?? ""];
    if (type === undefined) throw new HubError("invalid", `${file}: the format is told by .json, .xml or .aasx`);
    const tenant = flags.tenant === "default" ? "" : `/tenants/${encodeURIComponent(flags.tenant)}`;
    const base = `${tenant}/api/v${flags.apiVersion}`;
    const query = new URLSearchParams({ includeConceptDescriptions: String(flags.concepts) });
    for (const id of flags.shell) query.append("aasIds", encoded(id));
    for (const id of await submodelsOf(base, flags)) query.append("submodelIds", encoded(id));
    const path = `${base}/serialization?${query}`;
    const body = await streamHub(flags, { method: "GET", path, headers: { accept: type } });
    const part = `${file}.part`;
    try {
      await pipeline(body, createWriteStream(part));
      await rename(part, file);
    } catch (thrown) {
      await rm(part, { force: true });
      throw HubError.from(thrown);
    }
    process.stdout.write(`${file}\n`);
  });
}

/** Those named, and those of the shells named. */
async function submodelsOf(base: string, flags: ExportFlags): Promise<ReadonlySet<string>> {
  const ids = new Set(flags.submodel);
  for (const id of flags.shell) {
    const path = `${base}/shells/${encoded(id)}`;
    const shell = (await json(await streamHub(flags, { method: "GET", path }))) as Shell;
    for (const { keys } of shell.submodels ?? []) {
      const [first] = keys;
      if (first?.type === "Submodel") ids.add(first.value);
    }
  }
  return ids;
}

interface Shell {
  readonly submodels?: readonly { readonly keys: readonly { readonly type: string; readonly value: string }[] }[];
}

const encoded = (id: string): string => Buffer.from(id).toString("base64url");
const collect = (id: string, before: readonly string[]): readonly string[] => [...before, id];

function version(text: string): string {
  if (text === "3.1" || text === "3.0") return text;
  throw new InvalidArgumentError("3.1 or 3.0 is wanted.");
}
