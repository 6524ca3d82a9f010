import type { Command } from "commander";
import { createApiKey } from "../security/api-keys.ts";

/** `twinweave key`: a new API key, shown once, and the lines that make the hub know it. */
export function addKey(program: Command): void {
  program
    .command("key")
    .description("make an API key and the configuration that knows it")
    .argument("[name]", "who will use it", "client")
    .option("--rights <list>", "read, write, admin", "read")
    .action((name: string, { rights }: { rights: string }) => {
      const { key, hash } = createApiKey();
      const list = rights.split(/[ ,]+/).join(", ");
      process.stdout.write(
        [
          `The key, shown this once (send it as \`Authorization: Bearer …\` or \`X-API-Key: …\`):`,
          "",
          `  ${key}`,
          "",
          "In twinweave.yaml, which keeps only its hash:",
          "",
          "security:",
          "  apiKeys:",
          `    - { name: ${name}, rights: [${list}], hash: "${hash}" }`,
          "",
        ].join("\n"),
      );
    });
}
