import { existsSync, readdirSync, readFileSync } from "node:fs";
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
        ["/serialization", "Environment"],
        ["/description", "ServiceDescription"],
        ["/shells?limit=0", "Result"],
      ];
      for (const [path, schema] of cases) {
        const check = validate(schema);
        expect(check((await get(path)).body), `${path}: ${JSON.stringify(check.errors?.slice(0, 3))}`).to.equal(true);
      }
    });

    /** What keeps a profile from being whole, by the official file of it; no entry: not begun. */
    const gaps: Readonly<Record<string, readonly string[]>> = {
      "AssetAdministrationShellRepositoryService_SSP-001": ["thumbnail", "attachment", "invoke", "operation-"],
      "AssetAdministrationShellRepositoryService_SSP-002": ["thumbnail", "attachment"],
      "ConceptDescriptionRepositoryService_SSP-001": [],
      "SubmodelRepositoryService_SSP-001": ["attachment", "invoke", "operation-"],
      "SubmodelRepositoryService_SSP-002": ["attachment"],
    };

    for (const [profile, expected] of Object.entries(gaps)) {
      const what = expected.length === 0 ? "is whole and claimed" : `lacks ${expected.join(", ")} alone`;
      it(`${profile} ${what}`, () => {
        const left = missing(profile, room);
        const known = (path: string): boolean => expected.some((part) => path.includes(`/${part}`));
        expect(left.filter((path) => !known(path))).to.deep.equal([]);
        expect(expected.filter((part) => !left.some((path) => path.includes(`/${part}`)))).to.deep.equal([]);
      });
    }

    it("claims exactly the profiles that are whole, in both versions", () => {
      // A repository of templates holds nothing else (AASa-003, AASa-004), which this one does not promise.
      const templates = /^SubmodelRepositoryService_SSP-00[34]$/;
      const profiles = readdirSync(specs)
        .filter((file) => /_SSP-\d+\.yaml$/.test(file))
        .map((file) => file.replace(".yaml", ""));
      const whole = profiles.filter((profile) => !templates.test(profile) && missing(profile, room).length === 0);
      const claims = whole.map((profile) => profile.replace(/Service_/, "ServiceSpecification/"));
      expect(claims).not.to.deep.equal([]);
      expect(servedProfiles).to.deep.equal(
        ["3/0", "3/1"].flatMap((version) =>
          claims.map((claim) => `https://admin-shell.io/aas/API/${version}/${claim}`),
        ),
      );
    });
  });
});

/** The operations of a profile's official OpenAPI that are not served. */
function missing(profile: string, room: AasRoom): readonly string[] {
  const served = new Set(room.surface.operations.map(({ method, path }) => `${method} ${path}`));
  const { paths } = parse(readFileSync(new URL(`${profile}.yaml`, specs), "utf8")) as { paths: Record<string, object> };
  return Object.entries(paths)
    .flatMap(([path, methods]) => Object.keys(methods).map((method) => `${method.toUpperCase()} ${path}`))
    .filter((one) => /^(?:GET|PUT|POST|PATCH|DELETE) /.test(one) && !served.has(one));
}

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
