import { spawnSync } from "node:child_process";
import { existsSync } from "node:fs";
import { delimiter, join } from "node:path";
import { fileURLToPath } from "node:url";
import type { Context } from "mocha";

/** Servers and tools that are not ours and that a test talks to; `.ci/run` installs all of them. */
export type Foreign = PythonModule | NpmPackage | "mosquitto" | "strace" | "chromium" | "openssl" | "postgres";

/** `lxml` judges XML by XSD (it wraps libxml2); `basyx` is the BaSyx Python SDK. */
type PythonModule = "asyncua" | "pymodbus" | "aas_test_engines" | "basyx" | "lxml" | "ngsildclient" | "schemathesis";

/** Its license and size keep it out of the project's own dependencies. */
type NpmPackage = "iotagent-node-lib";

const ROOT = fileURLToPath(new URL("../../", import.meta.url));
const PLACES_BESIDE_PATH = ["/usr/sbin", "/usr/local/sbin", "/usr/lib/postgresql/15/bin"];

function onPath(...names: string[]): string | undefined {
  const folders = [...(process.env.PATH ?? "").split(delimiter), ...PLACES_BESIDE_PATH];
  for (const name of names) {
    const found = folders.map((folder) => join(folder, name)).find((file) => existsSync(file));
    if (found !== undefined) return found;
  }
  return undefined;
}

/** Modules that cannot live with the others, and the folder of their own Python. */
const APART: Readonly<Record<string, string>> = { ngsildclient: ".foreign/ngsildclient" };

/** The Python that has a module: the clone's own if there is one, else `python3` on the PATH. */
function pythonOf(module: string): string | undefined {
  const own = join(ROOT, APART[module] ?? ".venv", "bin/python3");
  return existsSync(own) ? own : onPath("python3");
}

/** Finding a Python module starts an interpreter, which is asked once for each module. */
const pythonModules = new Map<string, string | undefined>();

function pythonWith(module: string): string | undefined {
  if (!pythonModules.has(module)) {
    const interpreter = pythonOf(module);
    const found =
      interpreter !== undefined &&
      spawnSync(interpreter, ["-c", `import ${module}`], { stdio: "ignore", timeout: 20_000 }).status === 0;
    pythonModules.set(module, found ? interpreter : undefined);
  }
  return pythonModules.get(module);
}

/**
 * Path of the executable that runs `what` (for a Python module: the interpreter that has it; for an npm package: its
 * folder), or undefined.
 */
export function findForeign(what: Foreign): string | undefined {
  switch (what) {
    case "asyncua":
    case "pymodbus":
    case "aas_test_engines":
    case "basyx":
    case "lxml":
    case "ngsildclient":
    case "schemathesis":
      return pythonWith(what);
    case "iotagent-node-lib": {
      const folder = join(ROOT, ".foreign/node_modules", what);
      return existsSync(folder) ? folder : undefined;
    }
    case "chromium":
      return onPath("chromium", "chromium-browser", "google-chrome");
    default:
      return onPath(what);
  }
}

/**
 * For a mocha `before` hook: the path of the executable that runs `what`. Where it is missing the suite is skipped,
 * saying so; with CI=true it fails instead, because there nobody reads what was skipped.
 *
 *     before(function () { mosquitto = requireForeign(this, "mosquitto"); });
 */
export function requireForeign(context: Context, what: Foreign): string {
  const found = findForeign(what);
  if (found !== undefined) return found;
  return missing(context, `${what} is not installed on this machine (.ci/run shows how to install it)`);
}

/**
 * Like `requireForeign`, for the published schemas and templates beside the clone (`../shared`); gives the absolute
 * path. A clone that has none of them skips aloud, under CI too: they are not ours to ship.
 */
export function requireFile(context: Context, path: string): string {
  const file = join(ROOT, path);
  if (existsSync(file)) return file;
  return missing(context, `${path} is not there`, existsSync(join(ROOT, "../shared")));
}

function missing(context: Context, reason: string, strict = true): never {
  const suite = context.test?.parent?.fullTitle() ?? "a suite";
  if (process.env.CI === "true" && strict) throw new Error(`${suite}: ${reason}, and under CI nothing may be skipped`);
  console.error(`  SKIPPED ${suite}: ${reason}`);
  return context.skip();
}
