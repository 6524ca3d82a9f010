import { type Command, InvalidArgumentError } from "commander";
import type { Right } from "../core/scope.ts";
import { createApiKey } from "../security/api-keys.ts";

const rights: readonly Right[] = ["read", "write", "admin"];

/** `twinweave key`: a new API key, shown once, and the lines that make the hub know it. */
export function addKey(program: Command): void {
  program
    .command("key")
    .description("make an API key and the configuration that knows it")
    .argument("[name]", "who will use it; the hub's log names it", "client")
    .option("--rights <list>", "any of read, write, admin, with commas between", rightsFlag, ["read"])
    .action((name: string, flags: { readonly rights: readonly Right[] }) => {
      const { key, hash } = createApiKey();
      process.stdout.write(
        [
          "The key, shown this once (send it as `Authorization: Bearer …` or `X-API-Key: …`):",
          "",
          `  ${key}`,
          "",
          "In twinweave.yaml, which keeps only its hash:",
          "",
          "security:",
          "  apiKeys:",
          `    - { name: ${JSON.stringify(name)}, rights: [${flags.rights.join(", ")}], hash: "${hash}" }`,
          "",
        ].join("\n"),
      );
    });
}

function rightsFlag(text: string): readonly Right[] {
  const words = text.split(/[ ,]+/).filter((word) => word !== "");
  const known = words.flatMap((word) => rights.find((right) => right === word) ?? []);
  if (words.length > 0 && known.length === words.length) return known;
  throw new InvalidArgumentError(`Any of ${rights.join(", ")} is wanted, with commas between.`);
}
