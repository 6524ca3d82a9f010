import type { Command } from "commander";
import { HubError } from "../core/errors.ts";
import type { OfferedCertificate } from "../southbound/contract.ts";
import { type AdminFlags, adminKeyFlag, adminUrlFlag, askHub } from "./admin-client.ts";

/** `twinweave trust`: shows the certificates that a source's servers offered, and trusts one after an explicit word. */
export function addTrust(program: Command): void {
  program
    .command("trust")
    .description("show the certificates that a source offered, or trust one of them")
    .argument("<source>", "the connection's name in twinweave.yaml")
    .argument("[thumbprint]", "SHA-1 thumbprint of the certificate to trust; its first digits are enough")
    .option(...adminUrlFlag)
    .option(...adminKeyFlag)
    .action(async (source: string, thumbprint: string | undefined, flags: AdminFlags) => {
      const path = `/sources/${encodeURIComponent(source)}/certificates`;
      const { certificates } = await askHub<{ certificates: readonly OfferedCertificate[] }>(flags, "GET", path);
      if (thumbprint === undefined) {
        process.stdout.write(
          certificates.length === 0 ? "no certificate was offered\n" : `${certificates.map(line).join("\n")}\n`,
        );
        return;
      }
      const chosen = certificates.filter((one) => one.thumbprint.startsWith(thumbprint.toLowerCase()));
      const [only] = chosen;
      if (only === undefined || chosen.length > 1) {
        throw new HubError("not-found", `${chosen.length} certificates of ${source} begin with ${thumbprint}`);
      }
      await askHub(flags, "POST", `${path}/${only.thumbprint}/trust`);
      process.stdout.write(`trusted from now on: ${line(only)}\n`);
    });
}

function line({ thumbprint, subject, validTo, state }: OfferedCertificate): string {
  return `${thumbprint}  ${state.padEnd(8)}  ${subject}  until ${validTo}`;
}
