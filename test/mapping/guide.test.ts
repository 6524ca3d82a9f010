import { readFileSync } from "node:fs";
import { expect } from "chai";
import { fakeEnvironment } from "./support/fake-environment.ts";
import { compileTexts } from "./support/mapping-text.ts";

describe("docs/mapping.md", () => {
  it("shows a mapping file that compiles", async () => {
    const guide = readFileSync(new URL("../../docs/mapping.md", import.meta.url), "utf8");
    const example = /```yaml\n([\s\S]*?)```/.exec(guide)?.[1] ?? "";
    const nodes = Array.from({ length: 12 }, (_, index) => {
      const name = `P${index}`;
      const path = `Objects/Line1/${name}`;
      return { address: path, name, path, kind: "folder", fields: { serial: `47${index}` } } as const;
    });
    const { plans, problems } = await compileTexts(example, fakeEnvironment({ "press-line": { nodes } }));
    expect(problems).to.deep.equal([]);
    expect(plans.get("default")?.links).to.have.length(36);
  });
});
