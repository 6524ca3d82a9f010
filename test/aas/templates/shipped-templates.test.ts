import { readdirSync, readFileSync } from "node:fs";
import { fileURLToPath } from "node:url";
import { Ajv2019 } from "ajv/dist/2019.js";
import { expect } from "chai";
import { childrenOf } from "../../../src/aas/metamodel/children.ts";
import type { ConceptDescription, Submodel, SubmodelElement } from "../../../src/aas/metamodel/types.ts";
import { rulesOf } from "../../../src/aas/templates/template-rules.ts";
import { validateConcept, validateSubmodel } from "../../../src/aas/validation/validate.ts";
import { requireFile } from "../../support/foreign-server.ts";

interface Environment {
  readonly submodels: readonly Submodel[];
  readonly conceptDescriptions?: readonly ConceptDescription[];
}

/** IDTA-01003-a 3.1: the one identifier of its content for IEC 61360. */
const iec61360 = "https://admin-shell.io/DataSpecificationTemplates/DataSpecificationIec61360/3";
const folder = fileURLToPath(new URL("../../../aas-templates/", import.meta.url));
const files = readdirSync(folder).filter((file) => file.endsWith(".json"));

function readEnvironment(path: string): Environment {
  const content = JSON.parse(readFileSync(path, "utf8")) as Environment | Submodel;
  return "submodels" in content ? content : { submodels: [content] };
}

interface Placed {
  readonly path: string;
  readonly element: SubmodelElement;
}

/** Every element with its path, variables of operations among them; all items of a list count as one. */
function elementsOf(elements: readonly SubmodelElement[], above = ""): readonly Placed[] {
  return elements.flatMap((element) => {
    const path = `${above}/${element.idShort ?? "[]"}`;
    const variables =
      element.modelType === "Operation"
        ? [...(element.inputVariables ?? []), ...(element.outputVariables ?? [])].map(({ value }) => value)
        : [];
    return [{ path, element }, ...elementsOf([...childrenOf(element), ...variables], path)];
  });
}

/** What tells two templates apart for programs: no word of prose is in it. */
function facts(element: SubmodelElement): Record<string, unknown> {
  const { cardinality, allowedIdShort } = rulesOf(element);
  const member = (name: string): unknown => (element as unknown as Record<string, unknown>)[name];
  return {
    modelType: element.modelType,
    semanticId: element.semanticId,
    supplemental: element.supplementalSemanticIds,
    cardinality: cardinality?.name,
    allowedIdShort,
    valueType: member("valueType"),
    contentType: member("contentType"),
    list: [member("typeValueListElement"), member("valueTypeListElement"), member("semanticIdListElement")],
    order: member("orderRelevant"),
    entityType: member("entityType"),
  };
}

interface Comparison {
  readonly ours: string;
  readonly theirs: string;
  /** Paths that only ours has, and why. */
  readonly more: readonly { readonly path: RegExp; readonly reason: string }[];
  /** Facts in which ours differ on purpose, and why. */
  readonly differ: readonly { readonly path: RegExp; readonly facts: readonly string[]; readonly reason: string }[];
  /** Names of ours for theirs. */
  readonly renamed?: Readonly<Record<string, string>>;
}

const itemCardinality = {
  path: /\[\]$/,
  facts: ["cardinality"],
  reason: "the published file leaves the cardinality of some lists' items out; ours says that there may be many",
};

const comparisons: readonly Comparison[] = [
  {
    ours: "nameplate.json",
    theirs: "02006-3-0-1_DigitalNameplate.json",
    more: [{ path: /^\/AddressInformation\//, reason: "a drop-in: the elements of IDTA 02002 that an address needs" }],
    differ: [],
  },
  {
    ours: "technical-data.json",
    theirs: "02003-2-0-1_TechnicalData.json",
    more: [{ path: /^\/TechnicalPropertyAreas\/\[\]\/(Rated|NumberOfStages)/, reason: "what pumps are rated for" }],
    differ: [
      itemCardinality,
      {
        path: /^\/(GeneralInformation|TechnicalPropertyAreas)$/,
        facts: ["supplemental"],
        reason: "the published identifier has a space in it, which is none of an IRI",
      },
    ],
  },
  { ours: "handover-documentation.json", theirs: "02004-2-0-1_HandoverDocumentation.json", more: [], differ: [] },
  {
    ours: "time-series.json",
    theirs: "02008-1-1-1_TimeSeriesData_withOperations.json",
    more: [],
    differ: [
      {
        path: /^\/(DeriveSegment|ReadSegments|ReadRecords)\/(Segments?|Records)$/,
        facts: ["semanticId"],
        reason: "the file gives a method's identifier or none; tables 13 to 15 of the text say what they mean",
      },
    ],
    renamed: {
      "/DeriveSegment/Segments": "/DeriveSegment/Segment",
      "/ReadSegments/Segment": "/ReadSegments/Segments",
    },
  },
];

describe("aas-templates", () => {
  for (const file of files) {
    it(`${file} is a template of the metamodel that says what each element is, means, and how often it stands`, () => {
      const { submodels, conceptDescriptions = [] } = readEnvironment(`${folder}${file}`);
      for (const concept of conceptDescriptions) validateConcept(concept);
      const specifications = JSON.stringify(submodels).matchAll(/"([^"]*\/DataSpecificationIec61360[^"]*)"/g);
      for (const [, id] of specifications) expect(id).to.equal(iec61360);
      for (const { embeddedDataSpecifications = [] } of conceptDescriptions) {
        expect(
          embeddedDataSpecifications.map(({ dataSpecification }) => dataSpecification.keys[0]?.value),
        ).to.deep.equal([iec61360]);
      }
      const [submodel, ...others] = submodels.map((one) => validateSubmodel(one));
      expect(others).to.deep.equal([]);
      expect(submodel?.kind).to.equal("Template");
      expect(submodel?.administration?.templateId).to.match(/^https:\/\//);
      for (const { path, element } of elementsOf(submodel?.submodelElements ?? [])) {
        const isVariable = /^\/(DeriveSegment|ReadSegments|ReadRecords)\//.test(path);
        if (!isVariable) expect(rulesOf(element).cardinality, path).to.not.equal(undefined);
        expect(element.semanticId?.keys[0]?.value, path).to.match(/^(https:\/\/|0173-1#|0112\/2)/);
        expect(element.description?.[0]?.text ?? "", path).to.match(/\w/);
      }
    });
  }

  it("agree with the official JSON schema", function () {
    const schema = requireFile(this, "../shared/specs/aas/aas.schema.json");
    const ajv = new Ajv2019({ strict: false, allErrors: true });
    const check = ajv.compile(JSON.parse(readFileSync(schema, "utf8")));
    for (const file of files) {
      check(readEnvironment(`${folder}${file}`));
      expect(check.errors ?? [], file).to.deep.equal([]);
    }
  });

  for (const comparison of comparisons) {
    it(`${comparison.ours} has the structure of ${comparison.theirs}, but for what is listed here`, function () {
      const theirs = readEnvironment(requireFile(this, `../shared/idta-templates/${comparison.theirs}`)).submodels[0];
      const ours = readEnvironment(`${folder}${comparison.ours}`).submodels[0];
      expect(ours?.semanticId).to.deep.equal(theirs?.semanticId);
      expect(ours?.idShort).to.equal(theirs?.idShort);
      expect(ours?.administration?.version).to.equal(theirs?.administration?.version);
      expect(ours?.administration?.revision).to.equal(theirs?.administration?.revision);
      const own = new Map(elementsOf(ours?.submodelElements ?? []).map(({ path, element }) => [path, facts(element)]));
      const seen = new Set<string>();
      for (const { path, element } of elementsOf(theirs?.submodelElements ?? [])) {
        const here = comparison.renamed?.[path] ?? path;
        const mine = own.get(here);
        expect(mine, here).to.not.equal(undefined);
        seen.add(here);
        for (const [name, fact] of Object.entries(facts(element))) {
          const waived = comparison.differ.some((one) => one.path.test(here) && one.facts.includes(name));
          if (!waived) expect(mine?.[name], `${here}: ${name}`).to.deep.equal(fact);
        }
      }
      const more = [...own.keys()].filter((path) => !seen.has(path));
      const unlisted = more.filter((path) => !comparison.more.some((one) => one.path.test(path)));
      expect(unlisted).to.deep.equal([]);
    });
  }
});
