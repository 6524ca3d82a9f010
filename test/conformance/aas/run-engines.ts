import { spawn } from "node:child_process";
import { text } from "node:stream/consumers";
import { base64url, type HubFixture, hubFixture } from "../../hub/hub-fixture.ts";
import { environment } from "../../northbound/aas/all-elements.ts";
import { type Check, checksOf } from "./engine-report.ts";
import { type EngineSuite, engineSuites, waiverOf } from "./engine-suites.ts";

const command = process.env.AAS_TEST_ENGINES ?? "aas_test_engines";
const base = "/api/v3.0";

/**
 * Runs the public suites of `aas-test-engines` (PyPI, 1.0.3) against a whole hub and prints what they say. Ends with 1
 * where a check fails that no waiver names, or a waiver names none.
 */
async function main(): Promise<void> {
  const hub = await seededHub();
  try {
    const [shell, submodel] = [environment.shells[0], environment.submodels[0]];
    for (const suite of engineSuites(base64url(shell?.id ?? ""), base64url(submodel?.id ?? ""))) {
      if (!report(suite, await run(`${hub.hub.url}${base}`, suite))) process.exitCode = 1;
    }
  } finally {
    await hub.close();
  }
}

async function seededHub(): Promise<HubFixture> {
  const hub = await hubFixture({ "twinweave.yaml": "{}\n" });
  await hub.hub.woven;
  const documents: readonly (readonly [string, object])[] = [
    ...environment.submodels.map((one) => ["/submodels", one] as const),
    ...environment.shells.map((one) => ["/shells", one] as const),
    ["/concept-descriptions", { modelType: "ConceptDescription", id: "urn:test:speed", idShort: "Speed" }],
  ];
  for (const [path, document] of documents) {
    const { status, body } = await hub.request("POST", `${base}${path}`, document);
    if (status !== 201) throw new Error(`${path} was not taken: ${status} ${JSON.stringify(body)}`);
  }
  return hub;
}

async function run(api: string, { name, path, prefix }: EngineSuite): Promise<readonly Check[]> {
  const options = prefix === "" ? [] : ["--remove-path-prefix", prefix];
  const engine = spawn(command, ["check_server", `${api}${path}`, name, ...options, "--output", "json"], {
    stdio: ["ignore", "pipe", "inherit"],
  });
  const started = new Promise<void>((resolve, reject) => engine.once("spawn", resolve).once("error", reject));
  await started.catch((cause: unknown) => {
    const hint = "pip install aas-test-engines==1.0.3, and name its command in AAS_TEST_ENGINES";
    throw new Error(`${command} cannot be started: ${hint}`, { cause });
  });
  // It ends with 1 where a check fails; what it prints says which.
  return checksOf(JSON.parse(await text(engine.stdout)));
}

/** @returns whether nothing but what is waived has failed */
function report(suite: EngineSuite, checks: readonly Check[]): boolean {
  const count = (outcome: Check["outcome"]): number => checks.filter((check) => check.outcome === outcome).length;
  const failed = checks.filter(({ outcome }) => outcome === "failed");
  const unexplained = failed.filter((check) => waiverOf(suite, check) === undefined);
  const idle = suite.waivers.filter(({ operation }) => !failed.some((check) => check.operation === operation));
  const waived = failed.length - unexplained.length;
  console.log(`${suite.name.replace(/^\//, "")}: ${checks.length} checks`);
  console.log(
    `  ${count("ok")} ok, ${count("warning")} with a warning, ${unexplained.length} failed, ${waived} waived`,
  );
  for (const check of checks.filter(({ outcome }) => outcome !== "ok")) {
    const why = waiverOf(suite, check)?.reason ?? [...new Set(check.reasons)].slice(0, 3).join("; ");
    console.log(`  ${check.outcome}: ${check.operation}, ${check.name}: ${why}`);
  }
  for (const { operation } of idle) console.log(`  the waiver of ${operation} is no longer needed`);
  return checks.length > 0 && unexplained.length === 0 && idle.length === 0;
}

await main();
