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
    const operations = /```yaml\n(operations:[\s\S]*?)```/.exec(guide)?.[1] ?? "";
    const number = (name: string) => ({ name, valueType: "double", list: false }) as const;
    const values = { name: "values", valueType: "double", list: true } as const;
    const methods = Object.fromEntries(
      nodes.flatMap(({ address }) => [
        [`${address}/Control/Start`, { inputs: [], outputs: [] }],
        [`${address}/Control/SetSpeed`, { inputs: [number("Speed")], outputs: [number("PreviousSpeed")] }],
        [`${address}/Control/Mix`, { inputs: [values, number("count")], outputs: [number("sum")] }],
      ]),
    );
    const environment = fakeEnvironment({ "press-line": { nodes, methods } });
    const { plans, problems } = await compileTexts(`${example}${operations}`, environment);
    expect(problems).to.deep.equal([]);
    expect(plans.get("default")?.links).to.have.length(36);
    expect(plans.get("default")?.operations).to.have.length(48);
  });
});
