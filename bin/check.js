// `npm run check`: everything that has to hold before a change lands, one after the other, all of it even when a
// part fails, with a line for each part at the end.
import { spawnSync } from "node:child_process";
import { join } from "node:path";
import { ROOT } from "./bootstrap/run.js";

/** npm scripts whose pieces this is; the walls stand in test/architecture and are part of the tests. */
const PARTS = ["check:types", "check:lint", "check:docs", "test"];

/** @param {string} script */
function runScript(script) {
  const npm = process.env.npm_execpath;
  const [command, args] = npm === undefined ? ["npm", []] : [process.execPath, [npm]];
  const shell = npm === undefined && process.platform === "win32";
  return spawnSync(command, [...args, "run", "--silent", script], { cwd: join(ROOT), stdio: "inherit", shell }).status;
}

const results = PARTS.map((script) => {
  process.stderr.write(`\n── ${script}\n`);
  return { script, passed: runScript(script) === 0 };
});
process.stderr.write(`\n${results.map(({ script, passed }) => `${passed ? "✔" : "✘"} ${script}`).join("\n")}\n`);
process.exit(results.every(({ passed }) => passed) ? 0 : 1);
