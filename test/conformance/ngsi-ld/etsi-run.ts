import { spawn } from "node:child_process";
import { once } from "node:events";
import { existsSync } from "node:fs";
import { mkdtemp, readFile, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { fileURLToPath } from "node:url";
import { hubFixture } from "../../hub/hub-fixture.ts";
import type { EtsiResults } from "./etsi-section.ts";

const runner = fileURLToPath(new URL("../../../../shared/conformance/run-ngsi-ld", import.meta.url));

/** Of one broker; registrations, distributed operations and snapshots are another matter. */
const areas = [
  ...["CommonBehaviours", "ContextInformation/Provision", "ContextInformation/Consumption"],
  ...["ContextInformation/EntityMap", "ContextInformation/Subscription", "jsonldContext"],
];

/** As the suite wants a broker: contexts and receivers on loopback, tenants made by creates. */
const configuration = "egress: { allowPrivate: true }\ntenants: { implicit: true }\n";

/**
 * Runs the open half of the suite against fresh hubs, an area after the other.
 * @param suite its checkout; the runner with the list of open tests lies in `../shared/conformance`
 */
export async function runEtsiSuite(suite: string): Promise<EtsiResults> {
  if (!existsSync(runner)) throw new Error("the runner is wanted at ../shared/conformance/run-ngsi-ld");
  const folder = await mkdtemp(join(tmpdir(), "twinweave-etsi-"));
  try {
    const tests: Test[] = [];
    for (const area of areas) tests.push(...(await runArea(suite, area, folder)));
    const folders = [...new Set(tests.map((test) => test.folder))].map((name) => {
      const own = tests.filter((test) => test.folder === name);
      return { folder: name, tests: own.length, passed: own.filter(({ passed }) => passed).length };
    });
    return {
      suite: await output("git", ["-C", suite, "rev-parse", "--short", "HEAD"]),
      folders,
      failures: tests.filter(({ passed }) => !passed).map(({ name }) => name),
    };
  } finally {
    await rm(folder, { recursive: true, force: true });
  }
}

interface Test {
  readonly folder: string;
  readonly name: string;
  readonly passed: boolean;
}

async function runArea(suite: string, area: string, folder: string): Promise<readonly Test[]> {
  const out = join(folder, area.replace("/", "_"));
  const hub = await hubFixture({ "twinweave.yaml": configuration });
  try {
    const run = spawn(runner, [`${hub.hub.url}/ngsi-ld/v1`, out, area], {
      env: { VENV: join(folder, "venv"), ...process.env, SUITE_SRC: suite },
      stdio: ["ignore", "inherit", "inherit"],
    });
    await once(run, "exit");
  } finally {
    await hub.close();
  }
  const [, ...rows] = parseCsv(await readFile(join(out, "tests.csv"), "utf8"));
  return rows.map(([, file = "", name = "", status = ""]) => ({
    folder: folderOf(file),
    name,
    passed: status === "PASS",
  }));
}

/** Rows of fields, quoted where they hold commas, quotes or lines (RFC 4180). */
export function parseCsv(text: string): readonly (readonly string[])[] {
  const rows: string[][] = [[]];
  for (const [, quoted, plain = "", end] of text.matchAll(/(?:"((?:[^"]|"")*)"|([^",\r\n]*))(,|\r?\n|$)/g)) {
    rows.at(-1)?.push(quoted?.replaceAll('""', '"') ?? plain);
    if (end !== ",") rows.push([]);
  }
  return rows.filter((row) => row.length > 1);
}

/** `TP/NGSI-LD/ContextInformation/Provision/Entities/…` is in ContextInformation/Provision/Entities. */
function folderOf(file: string): string {
  return file.split("/").slice(2, -1).slice(0, 3).join("/");
}

async function output(command: string, arguments_: readonly string[]): Promise<string> {
  const child = spawn(command, arguments_, { stdio: ["ignore", "pipe", "inherit"] });
  let text = "";
  for await (const chunk of child.stdout) text += String(chunk);
  return text.trim();
}
