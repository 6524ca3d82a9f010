import type { Command } from "commander";
import { HubError } from "../core/errors.ts";
import { type AdminFlags, askHub, withAdminFlags } from "./admin-client.ts";

const help = `
Outside registries are named in twinweave.yaml, section registries:

  twinweave registries                      how registration goes
  twinweave registries withdraw plant       take everything back, until the hub starts again
  twinweave registries register plant       tell everything anew
`;

interface Shown {
  readonly registry: string;
  readonly tenant: string;
  readonly state: string;
  readonly registered: number;
  readonly pending: number;
  readonly refused: number;
  readonly lastError?: { readonly message: string; readonly at: string };
}

/** `twinweave registries`: shows outside registries, registers everything anew, or withdraws it. */
export function addRegistries(program: Command): void {
  const command = program
    .command("registries")
    .description("show the outside registries, register everything anew, or withdraw it")
    .argument("[action]", "register or withdraw")
    .argument("[registry]", "the registry's name in twinweave.yaml")
    .addHelpText("after", help);
  withAdminFlags(command).action(async (action: string | undefined, name: string | undefined, flags: AdminFlags) => {
    if (action !== undefined) {
      if ((action !== "register" && action !== "withdraw") || name === undefined) {
        throw new HubError("malformed", "say `register` or `withdraw`, and the registry's name");
      }
      await askHub(flags, "POST", `/registries/${encodeURIComponent(name)}/${action}`);
    }
    const { registries } = await askHub<{ registries: readonly Shown[] }>(flags, "GET", "/registries");
    const lines = registries.length === 0 ? ["no registry is configured"] : registries.map(line);
    process.stdout.write(`${lines.join("\n")}\n`);
  });
}

function line({ registry, tenant, state, registered, pending, refused, lastError }: Shown): string {
  const counts = `${registered} registered, ${pending} pending, ${refused} refused`;
  const error = lastError === undefined ? "" : `\n  ${lastError.at}  ${lastError.message}`;
  return `${registry}  ${tenant}  ${state}  ${counts}${error}`;
}
