import { existsSync, readFileSync } from "node:fs";
import { Ajv, type ValidateFunction } from "ajv";
import { expect } from "chai";
import { parse } from "yaml";
import { servedProfiles } from "../../../src/northbound/aas/description-operation.ts";
import { type AasRoom, type Answer, b64, openAasRoom } from "./aas-room.ts";
import { environment } from "./all-elements.ts";

const specs = new URL("../../../../shared/specs/aas/", import.meta.url);
const sm = (number: number): string => `/submodels/${b64(`urn:test:sm:${number}`)}`;
const aas = (number: number): string => `/shells/${b64(`urn:test:aas:${number}`)}`;

describe("the AAS API and IDTA's OpenAPI", () => {
  let room: AasRoom;
  const get = async (path: string, headers?: Record<string, string>): Promise<Answer> =>
    await room.call("GET", path, undefined, headers);

  before(async () => {
    room = await openAasRoom();
    for (const submodel of environment.submodels)
      expect((await room.call("POST", "/submodels", submodel)).status).to.equal(201);
    for (const shell of environment.shells) expect((await room.call("POST", "/shells", shell)).status).to.equal(201);
  });
  after(async () => await room.close());

  describe("beside IDTA's OpenAPI", () => {
    before(function () {
      if (existsSync(specs)) return;
      console.warn("skipped: ../shared/specs/aas is not here");
      this.skip();
    });

    it("answers what the schemas describe", async () => {
      const validate = schemas();
      const cases: readonly (readonly [path: string, schema: string])[] = [
        ["/shells", "GetAssetAdministrationShellsResult"],
        ["/shells/$reference", "GetReferencesResult"],
        [aas(1), "AssetAdministrationShell"],
        [`${aas(1)}/asset-information`, "AssetInformation"],
        [`${aas(1)}/submodel-refs`, "GetReferencesResult"],
        ["/submodels", "GetSubmodelsResult"],
        ["/submodels/$metadata", "GetSubmodelsMetadataResult"],
        ["/submodels/$value", "GetSubmodelsValueResult"],
        ["/submodels/$path", "GetPathItemsResult"],
        [sm(1), "Submodel"],
        [`${sm(1)}?extent=withBlobValue`, "Submodel"],
        [`${sm(1)}?level=core`, "Submodel"],
        [`${sm(1)}/$value`, "SubmodelValue"],
        [`${sm(1)}/$reference`, "Reference"],
        [`${sm(1)}/submodel-elements`, "GetSubmodelElementsResult"],
        [`${sm(1)}/submodel-elements/$value`, "GetSubmodelElementsValueResult"],
        [`${sm(1)}/submodel-elements/$reference`, "GetReferencesResult"],
        [`${sm(1)}/submodel-elements/$path`, "GetPathItemsResult"],
        ["/concept-descriptions", "GetConceptDescriptionsResult"],
        // Not /description: its schema wants at least one profile, and none is whole yet.
        ["/shells?limit=0", "Result"],
      ];
      for (const [path, schema] of cases) {
        const check = validate(schema);
        expect(check((await get(path)).body), `${path}: ${JSON.stringify(check.errors?.slice(0, 3))}`).to.equal(true);
      }
    });

    it("claims exactly the profiles that are whole", () => {
      const served = new Set(room.surface.operations.map(({ method, path }) => `${method} ${path}`));
      const whole = [
        "ConceptDescriptionRepositoryService_SSP-001",
        "SubmodelRepositoryService_SSP-001",
        "SubmodelRepositoryService_SSP-002",
        "AssetAdministrationShellRepositoryService_SSP-001",
        "AssetAdministrationShellRepositoryService_SSP-002",
      ].filter((file) => {
        const { paths } = parse(readFileSync(new URL(`${file}.yaml`, specs), "utf8")) as {
          paths: Record<string, object>;
        };
        return Object.entries(paths).every(([path, methods]) =>
          Object.keys(methods)
            .filter((method) => /^(?:get|put|post|patch|delete)$/.test(method))
            .every((method) => served.has(`${method.toUpperCase()} ${path}`)),
        );
      });
      const claimed = servedProfiles.map((profile) => profile.replace(/^.*\/(\w+)Specification\/(SSP-\d+)$/, "$1_$2"));
      expect(claimed).to.deep.equal(whole);
    });
  });
});

/** Validators of IDTA's schemas by name; its two files refer to each other by file name. */
function schemas(): (name: string) => ValidateFunction {
  const ajv = new Ajv({ strict: false, validateFormats: false, allErrors: true });
  const files = ["Part1-MetaModel-Schemas.yaml", "Part2-API-Schemas.yaml"];
  const contents = files.map((file) => readFileSync(new URL(file, specs), "utf8"));
  const names = contents.map((text) =>
    Object.keys((parse(text) as { components: { schemas: object } }).components.schemas),
  );
  for (const [index, text] of contents.entries()) {
    ajv.addSchema(JSON.parse(JSON.stringify(parse(text)).replaceAll('"./Part', '"Part')), files[index]);
  }
  return (name) => {
    const file = names[0]?.includes(name) === true ? files[0] : files[1];
    const check = ajv.getSchema(`${file}#/components/schemas/${name}`);
    if (check === undefined) throw new Error(`no schema ${name}`);
    return check as ValidateFunction;
  };
}
