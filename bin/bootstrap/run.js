import { fileURLToPath } from "node:url";
import { ensureInstalled } from "./install.js";
import { launch } from "./launch.js";
import { nodeFor } from "./runtime.js";

/** The clone's, or the installed package's, folder. */
export const ROOT = fileURLToPath(new URL("../../", import.meta.url));

/**
 * Installs what is missing, then runs Node 26 with `args` in place of this process. A problem is one line on stderr
 * and exit code 1.
 * @param {string[]} args
 * @param {{ dev: boolean, env?: NodeJS.ProcessEnv }} options
 */
export function run(args, { dev, env }) {
  try {
    ensureInstalled(ROOT, { dev });
    launch(nodeFor(ROOT), args, env === undefined ? {} : { env });
  } catch (error) {
    process.stderr.write(`${error instanceof Error ? error.message : error}\n`);
    process.exit(1);
  }
}
