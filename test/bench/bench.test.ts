import { execFile } from "node:child_process";
import { mkdtemp, readFile, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { fileURLToPath } from "node:url";
import { promisify } from "node:util";
import { expect } from "chai";
import { type Figure, meetsTarget, ratioOf } from "../../bench/report/figure.ts";
import { markdownTable } from "../../bench/report/markdown-table.ts";
import { quantile } from "../../bench/report/quantile.ts";

const main = fileURLToPath(new URL("../../bench/main.ts", import.meta.url));

describe("npm run bench", () => {
  it("runs sections by name, prints a table and writes JSON", async () => {
    const folder = await mkdtemp(join(tmpdir(), "twinweave-bench-test-"));
    try {
      const json = join(folder, "figures.json");
      const args = [main, "--quick", "store", "twin", "--json", json];
      const { stdout } = await promisify(execFile)(process.execPath, args);
      const { figures } = JSON.parse(await readFile(json, "utf8")) as { figures: Figure[] };
      expect(figures.map(({ section }) => section)).to.include.members(["store", "twin"]);
      for (const figure of figures) {
        expect(figure.value, figure.what).to.be.greaterThan(0);
        expect(ratioOf(figure), figure.what).to.be.greaterThan(0);
        expect(stdout).to.contain(`| ${figure.what} |`);
      }
    } finally {
      await rm(folder, { recursive: true, force: true });
    }
  });

  it("judges a figure by its value or by its ratio", () => {
    const figure: Figure = { section: "s", what: "w", value: 60, unit: "/s", baseline: { what: "b", value: 100 } };
    expect(meetsTarget(figure)).to.equal(undefined);
    expect(meetsTarget({ ...figure, target: { of: "ratio", atLeast: 0.5 } })).to.equal(true);
    expect(meetsTarget({ ...figure, target: { of: "value", atMost: 50 } })).to.equal(false);
    expect(markdownTable([{ ...figure, target: { of: "ratio", atLeast: 0.7 } }])).to.contain(
      "0.60 | ratio ≥ 0.7: missed",
    );
  });

  it("takes quantiles of unsorted samples", () => {
    expect(quantile([3, 1, 2], 0.5)).to.equal(2);
    expect(quantile([3, 1, 2], 0.99)).to.equal(3);
    expect(quantile([], 0.5)).to.be.NaN;
  });
});
