import { expect } from "chai";
import { base64url, type HubFixture, hubFixture, type Json } from "./hub-fixture.ts";
import { ModbusDevice } from "./modbus-device.ts";

const semantics = "urn:test:temperature";
const environment = {
  submodels: [
    {
      modelType: "Submodel",
      kind: "Template",
      id: "urn:test:template",
      idShort: "Data",
      submodelElements: [
        {
          modelType: "Property",
          idShort: "Temperature",
          valueType: "xs:double",
          semanticId: { type: "ExternalReference", keys: [{ type: "GlobalReference", value: semantics }] },
        },
      ],
    },
  ],
  conceptDescriptions: [{ modelType: "ConceptDescription", id: semantics, idShort: "Temperature" }],
};
const asset = (name: string, register: number): string => `twinweave: 1
source: plant
twin:
  shell: { id: "urn:test:${name}", assetId: "urn:test:asset:${name}" }
  submodels: { Data: { id: "urn:test:data:${name}", template: ../template.json } }
points:
  temperature: { from: "input:${register}:uint16", type: double, unit: Cel, aas: Data.Temperature }
`;

describe("the AAS side of a whole hub", function () {
  this.timeout(20_000);
  let device: ModbusDevice;
  let fixture: HubFixture;

  before(async () => {
    device = await new ModbusDevice().start();
    fixture = await hubFixture({
      "twinweave.yaml": `
mappings: [./mappings]
sources: { plant: { type: modbus, host: 127.0.0.1, port: ${device.port}, interval: 100 } }
`,
      "template.json": JSON.stringify(environment),
      "mappings/a.yaml": asset("a", 1),
      "mappings/b.yaml": asset("b", 2),
    });
    await fixture.hub.settled;
  });
  after(async () => {
    await fixture.close();
    await device.stop();
  });

  const elements = (name: string): string => `/submodels/${base64url(`urn:test:data:${name}`)}/submodel-elements`;

  it("shows a unit as people write it, with its code beside it (IEC 61360)", async () => {
    const { body } = await fixture.get(`/api/v3.1${elements("a")}/Temperature`);
    const [specification] = (body?.embeddedDataSpecifications ?? []) as unknown as Json[];
    const content = specification?.dataSpecificationContent;
    expect(specification?.dataSpecification?.keys?.[0]?.value).to.equal(
      "https://admin-shell.io/DataSpecificationTemplates/DataSpecificationIec61360/3",
    );
    expect(content).to.include({ modelType: "DataSpecificationIec61360", unit: "°C" });
    expect(content?.unitId?.keys?.[0]?.value).to.match(/#CEL$/);
  });

  it("serves the concept descriptions that came with a template, once for all assets", async () => {
    const { body } = await fixture.get("/api/v3.1/concept-descriptions");
    expect(body?.result).to.deep.equal(environment.conceptDescriptions);
    const everything = await fixture.get("/api/v3.1/serialization");
    expect(everything.body).to.have.keys("assetAdministrationShells", "submodels", "conceptDescriptions");
  });

  it("answers clients of v3.0 at a base of their own", async () => {
    device.input[1] = 61;
    await fixture.until(`/api/v3.0${elements("a")}/Temperature/$value`, ({ body }) => Number(body?.Temperature) === 61);
    const { body } = await fixture.get(`/api/v3.1${elements("a")}/Temperature/$value`);
    expect(body).to.equal(61);
  });
});
