import { readdirSync } from "node:fs";
import { dirname } from "node:path";
import { expect } from "chai";
import { newInstance } from "../../../src/aas/templates/new-instance.ts";
import { readTemplate } from "../../../src/aas/templates/template-file.ts";
import { HubError } from "../../../src/core/errors.ts";
import { requireFile } from "../../support/foreign-server.ts";

/** Published files that break the metamodel themselves, by the rule. */
const broken: Readonly<Record<string, string>> = {
  "02017-1-1_AssetInterfacesDescription.json": "AASd-109",
  "02026-1-0-1_ProvisionOf3DModels.json": "AASd-002",
};

/** Instances that need what their template cannot know. */
const needy: readonly string[] = ["02011-1-1-1_HierarchicalStructures.json"];

describe("IDTA's own templates", () => {
  it("give instances that lack values alone, or are refused by the rule that they break", async function () {
    const folder = dirname(requireFile(this, "../shared/idta-templates/02006-3-0-1_DigitalNameplate.json"));
    const files = readdirSync(folder).filter((file) => file.endsWith(".json"));
    expect(files.length).to.be.greaterThan(10);
    for (const file of files) {
      const template = await readTemplate(folder, file).catch((thrown: unknown) => HubError.from(thrown));
      if (template instanceof HubError) {
        expect(
          template.problems.map(({ rule }) => rule),
          file,
        ).to.include(broken[file] ?? "no rule");
        continue;
      }
      const { findings, submodel } = newInstance(template.submodel, { id: "urn:test:new" }, {});
      expect(submodel.kind, file).to.equal("Instance");
      const odd = findings.filter(({ kind }) => kind !== "missing").map(({ message }) => message);
      expect(odd.length, `${file}: ${odd.join()}`).to.equal(needy.includes(file) ? 1 : 0);
    }
  });
});
