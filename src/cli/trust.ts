import type { Command } from "commander";
import { HubError } from "../core/errors.ts";
import type { OfferedCertificate } from "../southbound/contract.ts";
import { type AdminFlags, askHub, withAdminFlags } from "./admin-client.ts";

const help = `
A source whose server is not trusted waits, and its certificate stands in this list:

  twinweave trust press-line            what its servers showed
  twinweave trust press-line 4f0c       trust the one whose thumbprint begins so
`;

/** `twinweave trust`: shows the certificates that a source's servers offered, and trusts one after an explicit word. */
export function addTrust(program: Command): void {
  const command = program
    .command("trust")
    .description("show the certificates that a source offered, or trust one of them")
    .argument("<source>", "the connection's name in twinweave.yaml")
    .argument("[thumbprint]", "SHA-1 thumbprint of the certificate to trust; its first digits are enough")
    .addHelpText("after", help);
  withAdminFlags(command).action(async (source: string, thumbprint: string | undefined, flags: AdminFlags) => {
    const path = `/sources/${encodeURIComponent(source)}/certificates`;
    const { certificates } = await askHub<{ certificates: readonly OfferedCertificate[] }>(flags, "GET", path);
    if (thumbprint === undefined) {
      const lines = certificates.length === 0 ? ["no certificate was offered"] : certificates.map(line);
      process.stdout.write(`${lines.join("\n")}\n`);
      return;
    }
    const begin = thumbprint.toLowerCase().replaceAll(":", "");
    const chosen = certificates.filter((one) => one.thumbprint.startsWith(begin));
    const [only] = chosen;
    if (only === undefined || chosen.length > 1) {
      const count = chosen.length === 0 ? "no certificate" : `${chosen.length} certificates`;
      throw new HubError("not-found", `${count} of ${source} begin${chosen.length > 1 ? "" : "s"} with ${thumbprint}`);
    }
    await askHub(flags, "POST", `${path}/${only.thumbprint}/trust`);
    process.stdout.write(`trusted from now on: ${line(only)}\n`);
  });
}

function line({ thumbprint, subject, validTo, state }: OfferedCertificate): string {
  return `${thumbprint}  ${state.padEnd(8)}  ${subject}  until ${validTo}`;
}
