import { mkdir, mkdtemp, rm, symlink, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { dirname, join } from "node:path";
import { expect } from "chai";
import { ROOMS, ROOT, survey } from "./walls.ts";

describe("the walls of the house", function () {
  this.timeout(60_000);

  it("stand: no room imports what it may not see, and there is no cycle", async () => {
    const { files, violations } = await survey(ROOT);
    expect(files).to.include("src/core/errors.ts");
    expect(files.length).to.be.greaterThan(50);
    expect(violations).to.deep.equal([]);
  });

  it("leave no file outside a room", async () => {
    const { files } = await survey(ROOT);
    const homeless = files.filter((file) => !ROOMS.some(({ files: pattern }) => new RegExp(pattern).test(file)));
    expect(homeless).to.deep.equal([]);
  });

  describe("are seen to be broken", () => {
    let folder: string;
    before(async () => {
      folder = await mkdtemp(join(tmpdir(), "twinweave-walls-"));
      await symlink(join(ROOT, "node_modules"), join(folder, "node_modules"));
    });
    after(() => rm(folder, { recursive: true }));

    async function violationsOf(files: Readonly<Record<string, string>>): Promise<readonly string[]> {
      await rm(join(folder, "src"), { recursive: true, force: true });
      for (const [name, text] of Object.entries(files)) {
        const file = join(folder, "src", name);
        await mkdir(dirname(file), { recursive: true });
        await writeFile(file, text);
      }
      return (await survey(folder)).violations;
    }

    const target = { "aas/element.ts": "export interface Element { id: string }\nexport const one = 1;\n" };

    it("by an import between the two standards", async () => {
      const files = {
        ...target,
        "ngsi-ld/entity.ts": 'import { one } from "../aas/element.ts";\nexport const two = one + 1;\n',
      };
      expect(await violationsOf(files)).to.deep.equal(["ngsi-ld: src/ngsi-ld/entity.ts → src/aas/element.ts"]);
    });

    it("by an import of a type alone", async () => {
      const files = {
        ...target,
        "mapping/plan.ts": 'import type { Element } from "../aas/element.ts";\nexport type Plan = Element;\n',
      };
      expect(await violationsOf(files)).to.deep.equal(["mapping: src/mapping/plan.ts → src/aas/element.ts"]);
    });

    it("by a dynamic import", async () => {
      const files = { ...target, "twin/twin.ts": 'export const late = () => import("../aas/element.ts");\n' };
      expect(await violationsOf(files)).to.deep.equal(["twin: src/twin/twin.ts → src/aas/element.ts"]);
    });

    it("by a connector that uses another one, but not by its own parts", async () => {
      const files = {
        "southbound/contract.ts": "export interface Connector { type: string }\n",
        "southbound/mqtt/topic.ts": "export const topic = 1;\n",
        "southbound/mqtt/connector.ts":
          'import type { Connector } from "../contract.ts";\nimport { topic } from "./topic.ts";\nexport const mqtt: Connector = { type: String(topic) };\n',
        "southbound/opcua/connector.ts": 'export { topic } from "../mqtt/topic.ts";\n',
      };
      expect(await violationsOf(files)).to.deep.equal([
        "connector: src/southbound/opcua/connector.ts → src/southbound/mqtt/topic.ts",
      ]);
    });

    it("by a surface that reaches for another standard", async () => {
      const files = {
        ...target,
        "northbound/aas/routes.ts": 'export { one } from "../../aas/element.ts";\n',
        "northbound/ngsi-ld/routes.ts": 'export { one } from "../../aas/element.ts";\n',
      };
      expect(await violationsOf(files)).to.deep.equal([
        "surface: src/northbound/ngsi-ld/routes.ts → src/aas/element.ts",
      ]);
    });

    it("by Express outside of operation.ts, anything in core, and a cycle", async () => {
      const files = {
        "northbound/operation.ts": 'import express from "express";\nexport const app = express();\n',
        "northbound/router.ts": 'import express from "express";\nexport const app = express();\n',
        "core/clock.ts": 'import { hrtime } from "node:process";\nexport const now = hrtime;\n',
        "core/a.ts": 'import type { B } from "./b.ts";\nexport interface A { b: B }\n',
        "core/b.ts": 'import type { A } from "./a.ts";\nexport interface B { a: A }\n',
      };
      const rules = (await violationsOf(files)).map((violation) => violation.replace(/ → .*/, ""));
      expect([...new Set(rules)]).to.deep.equal([
        "core-imports-nothing: src/core/clock.ts",
        "no-cycle: src/core/a.ts",
        "only-operation-knows-express: src/northbound/router.ts",
      ]);
    });
  });
});
