import { readdirSync, readFileSync } from "node:fs";
import { fileURLToPath } from "node:url";
import { Ajv2019 } from "ajv/dist/2019.js";
import { expect } from "chai";
import type { Submodel, SubmodelElement } from "../../src/aas/metamodel/types.ts";
import { validateSubmodel } from "../../src/aas/validation/validate.ts";
import { requireFile } from "../support/foreign-server.ts";

const folder = fileURLToPath(new URL("../../aas-templates/", import.meta.url));
const files = readdirSync(folder).filter((file) => file.endsWith(".json"));
const readTemplate = (file: string): unknown => JSON.parse(readFileSync(`${folder}${file}`, "utf8"));

/** Every element with its path. */
function elementsOf(elements: readonly SubmodelElement[], above = ""): { path: string; element: SubmodelElement }[] {
  return elements.flatMap((element, index) => {
    const path = `${above}/${element.idShort ?? index}`;
    const collection = element.modelType === "SubmodelElementCollection" || element.modelType === "SubmodelElementList";
    const children = collection ? ((element.value ?? []) as readonly SubmodelElement[]) : [];
    return [{ path, element }, ...elementsOf(children, path)];
  });
}

describe("aas-templates", () => {
  it("are there", () => {
    expect(files).to.include.members(["operational-data.json", "nameplate.json", "technical-data.json"]);
  });

  for (const file of files) {
    it(`${file} is a template of the metamodel, and says how often each element stands`, () => {
      const submodel: Submodel = validateSubmodel(readTemplate(file));
      expect(submodel.kind).to.equal("Template");
      for (const { path, element } of elementsOf(submodel.submodelElements ?? [])) {
        const cardinality = element.qualifiers?.find(({ type }) => type === "SMT/Cardinality")?.value;
        expect(cardinality, path).to.be.oneOf(["One", "ZeroToOne", "ZeroToMany", "OneToMany"]);
        expect(element.semanticId?.keys[0]?.value, path).to.match(/^(https:\/\/|0173-1#|0112\/2)/);
      }
    });
  }

  it("agree with the official JSON schema", function () {
    const schema = requireFile(this, "../shared/specs/aas/aas.schema.json");
    const ajv = new Ajv2019({ strict: false, allErrors: true });
    const check = ajv.compile(JSON.parse(readFileSync(schema, "utf8")));
    check({ submodels: files.map(readTemplate) });
    expect(check.errors ?? []).to.deep.equal([]);
  });

  for (const [file, original] of [
    ["nameplate.json", "02006-3-0-1_DigitalNameplate.json"],
    ["technical-data.json", "02003-2-0-1_TechnicalData.json"],
  ] as const) {
    it(`${file} has every required element of the published one, meaning the same`, function () {
      const published = JSON.parse(readFileSync(requireFile(this, `../shared/idta-templates/${original}`), "utf8")) as {
        submodels: readonly Submodel[];
      };
      const ours = readTemplate(file) as Submodel;
      const theirs = published.submodels[0];
      expect(ours.semanticId).to.deep.equal(theirs?.semanticId);
      for (const { path, element } of elementsOf(theirs?.submodelElements ?? [])) {
        const found = elementsOf(ours.submodelElements ?? []).find((one) => one.path === path)?.element;
        const required = element.qualifiers?.some(({ value }) => value === "One") && path.split("/").length === 2;
        if (required) expect(found, path).to.not.equal(undefined);
        if (found === undefined) continue;
        expect(found.modelType, path).to.equal(element.modelType);
        expect(found.semanticId?.keys, path).to.deep.equal(element.semanticId?.keys);
      }
    });
  }
});
