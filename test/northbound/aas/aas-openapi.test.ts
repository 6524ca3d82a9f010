import { existsSync, readdirSync, readFileSync } from "node:fs";
import { Ajv, type ValidateFunction } from "ajv";
import { expect } from "chai";
import { parse } from "yaml";
import type { Operation } from "../../../src/northbound/operation-types.ts";
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

    it("serves every operation of the entire collection, by its official name", () => {
      const served = new Map(room.surface.operations.map(({ method, path, name }) => [`${method} ${path}`, name]));
      const { paths } = parse(readFileSync(new URL("Entire-API-Collection.yaml", specs), "utf8")) as {
        paths: Record<string, Record<string, { operationId: string }>>;
      };
      const official = Object.entries(paths).flatMap(([path, methods]) =>
        Object.entries(methods)
          .filter(([method]) => /^(?:get|put|post|patch|delete)$/.test(method))
          .map(([method, { operationId }]) => [`${method.toUpperCase()} ${path}`, operationId]),
      );
      // A path that is misspelt there is served beside the right one, which has the name.
      const misspelt = /invoke-asnyc$/;
      const differing = official.filter(([place = "", name]) => served.get(place) !== name && !misspelt.test(place));
      expect([official.length, differing]).to.deep.equal([224, []]);
      expect(new Set(served.values()).size).to.equal(served.size);
    });

    it("claims exactly the profiles that are whole, those of templates at their own base", async () => {
      const files = readdirSync(specs).filter((file) => /_SSP-\d+\.yaml$/.test(file));
      const templates = /^SubmodelRepositoryService_SSP-00[34]$/;
      const profiles = files.map((file) => file.replace(".yaml", "")).sort();
      const surfaces = [
        { base: room.base, surface: room.surface, holds: (profile: string) => !templates.test(profile) },
        {
          base: room.baseTemplates,
          surface: room.templatesSurface,
          holds: (profile: string) => templates.test(profile),
        },
      ];
      for (const { base, surface, holds } of surfaces) {
        const whole = profiles.filter((profile) => holds(profile) && missing(profile, surface.operations).length === 0);
        const claims = (await room.call("GET", `${base}/description`)).body.profiles as unknown as readonly string[];
        const names = whole.map((profile) => profile.replace("Service_", "ServiceSpecification/"));
        const of = (version: string) => claims.flatMap((one) => one.split(`/API/${version}/`)[1] ?? []);
        expect(of("3/1"), base).to.have.members(names);
        expect(names).to.include.members([...of("3/0")]);
        expect(claims).to.have.length(of("3/0").length + of("3/1").length);
      }
      expect(profiles).to.have.length(27);
    });
  });
});

/** The operations of a profile's official OpenAPI that are not served. */
function missing(profile: string, operations: readonly Operation[]): readonly string[] {
  const served = new Set(operations.map(({ method, path }) => `${method} ${path}`));
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
