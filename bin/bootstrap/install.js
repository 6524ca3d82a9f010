import { spawnSync } from "node:child_process";
import { existsSync, readFileSync } from "node:fs";
import { basename, join } from "node:path";
import { hasPlatformPackage, installedNode, runningNodeSuffices } from "./runtime.js";

/**
 * @typedef {{ version?: string, dev?: boolean, optional?: boolean, devOptional?: boolean }} LockedPackage
 */

/**
 * The packages of a lock file, by their folder.
 * @param {string} file
 * @returns {Record<string, LockedPackage>}
 */
function lockedPackages(file) {
  if (!existsSync(file)) return {};
  const { packages = {} } = JSON.parse(readFileSync(file, "utf8"));
  const { "": _root, ...installed } = packages;
  return installed;
}

/**
 * What package-lock.json asks for and node_modules does not hold, as `name@version`.
 * npm keeps a lock file of its own inside node_modules, so that an install by hand counts just as well as ours.
 * @param {string} root
 * @param {{ dev: boolean }} wanted
 * @returns {string[]}
 */
export function missingPackages(root, { dev }) {
  const present = lockedPackages(join(root, "node_modules/.package-lock.json"));
  return Object.entries(lockedPackages(join(root, "package-lock.json")))
    .filter(([, { optional, dev: isDev, devOptional }]) => !optional && !devOptional && (dev || !isDev))
    .filter(([folder, { version }]) => present[folder]?.version !== version || !existsSync(join(root, folder)))
    .map(([folder, { version }]) => `${folder.replace(/^.*node_modules\//, "")}@${version}`);
}

/**
 * Command line of the npm that is running this script, else of the one on the PATH.
 * @returns {{ command: string, args: string[], shell: boolean }}
 */
function npm() {
  const running = process.env.npm_execpath;
  if (running !== undefined && /^np[mx]-cli\.[cm]?js$/.test(basename(running))) {
    return { command: process.execPath, args: [running.replace(/npx-cli(\.[cm]?js)$/, "npm-cli$1")], shell: false };
  }
  return { command: "npm", args: [], shell: process.platform === "win32" };
}

/**
 * Installs what a clone lacks, exactly as locked and without install scripts; says so on stderr. A published package
 * has no lock file beside it, and nothing to install.
 * @param {string} root
 * @param {{ dev: boolean }} wanted whether the development dependencies are needed as well
 * @throws {Error} when npm fails
 */
export function ensureInstalled(root, wanted) {
  if (!existsSync(join(root, "package-lock.json"))) return;
  const missing = missingPackages(root, wanted);
  const lacksNode = hasPlatformPackage() && installedNode(root) === undefined && !runningNodeSuffices();
  if (missing.length === 0 && !lacksNode) return;
  const examples = missing.slice(0, 3).join(", ") + (missing.length > 3 ? ", …" : "");
  const lack = missing.length > 0 ? `${missing.length} packages (${examples})` : "Node 26 for this platform";
  process.stderr.write(`Installing ${lack}, as locked, without install scripts.\n`);

  const { command, args, shell } = npm();
  // Said outright, since NODE_ENV=production or an .npmrc would otherwise leave some of them out.
  const options = ["--ignore-scripts", "--include=dev", "--include=optional", "--engine-strict=false"];
  const quiet = ["--no-audit", "--no-fund", "--loglevel=error"];
  // npm 12 refuses this setting in the environment, and no script runs here anyway.
  const { npm_config_allow_scripts: _refused, ...env } = process.env;
  const { status, error } = spawnSync(command, [...args, "ci", ...options, ...quiet], {
    cwd: root,
    env,
    shell,
    stdio: ["ignore", process.stderr.fd, process.stderr.fd],
  });
  if (error !== undefined) throw new Error(`Could not start npm (${error.message}). Is it on the PATH?`);
  if (status !== 0) throw new Error(`\`npm ci\` failed with exit code ${status}; its message stands above.`);
}
