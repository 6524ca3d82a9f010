import { readdirSync, readFileSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { fileURLToPath } from "node:url";
import { expect } from "chai";
import type { Link } from "../../src/core/link.ts";
import type { Value } from "../../src/core/value.ts";
import { type CompiledMappings, compileMappings } from "../../src/mapping/compile.ts";
import { loadMappings } from "../../src/mapping/load.ts";
import { problemText } from "../../src/mapping/problem.ts";
import { type FakeSource, fakeEnvironment } from "./support/fake-environment.ts";

/**
 * Each folder is a case: mapping files, what the sources answer (`source.json`), values to send through the links
 * (`values.json`), and all that must come of it (`expected.json`; `UPDATE_GOLDEN=1` writes it anew, to be read in the diff).
 */
const FOLDER = fileURLToPath(new URL("../golden/mapping/", import.meta.url));

interface Trials {
  readonly decode?: readonly Value[];
  readonly encode?: readonly Value[];
  readonly derive?: readonly Readonly<Record<string, Value>>[];
  readonly when?: readonly Readonly<Record<string, Value>>[];
}

const read = (file: string): unknown => JSON.parse(readFileSync(file, "utf8"));

function outcome(run: (() => unknown) | undefined): unknown {
  try {
    return run === undefined ? "no such thing" : run();
  } catch (error) {
    return `${(error as { code?: string }).code}: ${(error as Error).message}`;
  }
}

function tried(link: Link | undefined, trials: Trials): unknown {
  if (link === undefined) return "no such link";
  const { decode, write, derive } = link;
  return {
    ...(trials.decode && { decode: trials.decode.map((value) => outcome(() => decode(value))) }),
    ...(trials.encode && { encode: trials.encode.map((value) => outcome(write && (() => write.encode(value)))) }),
    ...(trials.derive && {
      derive: trials.derive.map((points) => outcome(derive && (() => derive.evaluate((point) => points[point])))),
    }),
    ...(trials.when && {
      when: trials.when.map((points) => outcome(write?.when && (() => write.when?.holds((point) => points[point])))),
    }),
  };
}

function shown(compiled: CompiledMappings, values: Readonly<Record<string, Trials>>): unknown {
  const links = [...compiled.plans.values()].flatMap((plan) => plan.links);
  return {
    problems: compiled.problems.map(problemText),
    coverage: compiled.coverage,
    tags: Object.fromEntries(compiled.tags),
    plans: [...compiled.plans.values()],
    values: Object.fromEntries(
      Object.entries(values).map(([key, trials]) => [
        key,
        tried(
          links.find((link) => link.key === key),
          trials,
        ),
      ]),
    ),
  };
}

describe("mapping files, golden", () => {
  for (const name of readdirSync(FOLDER)) {
    it(name, async () => {
      const folder = join(FOLDER, name);
      const sources = read(join(folder, "source.json")) as Readonly<Record<string, FakeSource>>;
      const values = read(join(folder, "values.json")) as Readonly<Record<string, Trials>>;
      const compiled = await compileMappings(await loadMappings(["."], folder), fakeEnvironment(sources));
      const actual: unknown = JSON.parse(JSON.stringify(shown(compiled, values)));
      const file = join(folder, "expected.json");
      if (process.env.UPDATE_GOLDEN === "1") writeFileSync(file, `${JSON.stringify(actual, null, 2)}\n`);
      expect(actual).to.deep.equal(read(file));
    });
  }
});
