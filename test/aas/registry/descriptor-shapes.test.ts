import { expect } from "chai";
import { validateShellDescriptor, validateSubmodelDescriptor } from "../../../src/aas/registry/descriptor-shapes.ts";
import { HubError, type Problem } from "../../../src/core/errors.ts";
import { shellDescriptor, submodelDescriptor } from "./descriptors.ts";
import { officialSchemas } from "./official-schemas.ts";

function problemsOf(action: () => unknown): readonly Problem[] {
  try {
    action();
  } catch (thrown) {
    if (thrown instanceof HubError && thrown.code === "invalid") return thrown.problems;
    throw thrown;
  }
  return [];
}

const shell = (changes: object): object => ({ ...shellDescriptor(1), ...changes });
const [endpoint] = shellDescriptor(1).endpoints ?? [];
const information = (changes: object): object => ({
  endpoints: [{ ...endpoint, protocolInformation: { ...endpoint?.protocolInformation, ...changes } }],
});
const below = (changes: object): object => ({ submodelDescriptors: [{ ...submodelDescriptor(1), ...changes }] });
const protocol = "/endpoints/0/protocolInformation";

/** What IDTA's schema refuses too, each with the place that is named. */
const refused: readonly (readonly [what: string, body: object, place: string])[] = [
  ["no id", { idShort: "Shell" }, ""],
  ["an id that is no text", shell({ id: 7 }), "/id"],
  ["an id that is empty", shell({ id: "" }), "/id"],
  ["an idShort of another form", shell({ idShort: "1x" }), "/idShort"],
  ["an unknown kind of asset", shell({ assetKind: "Thing" }), "/assetKind"],
  ["no endpoint in the list", shell({ endpoints: [] }), "/endpoints"],
  [
    "an endpoint without interface",
    shell({ endpoints: [{ protocolInformation: { href: "https://a" } }] }),
    "/endpoints/0",
  ],
  ["no protocolInformation", shell({ endpoints: [{ interface: "AAS-3.1" }] }), "/endpoints/0"],
  ["no href", shell({ endpoints: [{ interface: "AAS-3.1", protocolInformation: {} }] }), protocol],
  [
    "a version that is no list",
    shell(information({ endpointProtocolVersion: "1.1" })),
    `${protocol}/endpointProtocolVersion`,
  ],
  [
    "a security attribute of another type",
    shell(information({ securityAttributes: [{ type: "TLS", key: "a", value: "b" }] })),
    `${protocol}/securityAttributes/0/type`,
  ],
  ["a specific asset id without value", shell({ specificAssetIds: [{ name: "serial" }] }), "/specificAssetIds/0"],
  ["a submodel without endpoints", shell(below({ endpoints: undefined })), "/submodelDescriptors/0"],
  ["a semanticId that is a text", shell(below({ semanticId: "urn:x" })), "/submodelDescriptors/0/semanticId"],
];

/** What its text says, and no schema. */
const refusedByText: readonly (readonly [what: string, body: object, place: string])[] = [
  ["an unknown member", shell({ href: "https://a" }), "/href"],
  ["a category", shell({ category: "CONSTANT" }), "/category"],
  ["an interface without a name", shell({ endpoints: [{ ...endpoint, interface: "" }] }), "/endpoints/0/interface"],
  ["an href that is no URL", shell(information({ href: "somewhere" })), `${protocol}/href`],
  ["a body without subprotocol", shell(information({ subprotocol: undefined })), ""],
  ["an encoding without body", shell(information({ subprotocolBody: undefined })), ""],
  ["an unknown member of an endpoint", shell({ endpoints: [{ ...endpoint, url: "https://a" }] }), "/endpoints/0/url"],
  [
    "one submodel twice",
    shell({ submodelDescriptors: [submodelDescriptor(1), submodelDescriptor(1)] }),
    "/submodelDescriptors/1/id",
  ],
  ["a revision without version", shell({ administration: { revision: "1" } }), "/administration/revision"],
];

/** As they come over the wire. */
const sent = (body: object): unknown => JSON.parse(JSON.stringify(body));

describe("descriptors", () => {
  const judge = officialSchemas();

  it("are taken as the standard describes them, empty lists among them", () => {
    const bodies = [
      shellDescriptor(1),
      { id: "urn:least" },
      shell({ description: [], displayName: [], specificAssetIds: [], submodelDescriptors: [] }),
      shell(information({ endpointProtocolVersion: [] })),
      shell({ endpoints: [{ interface: "SOMETHING-ELSE", protocolInformation: { href: "opc.tcp://plc:4840" } }] }),
    ];
    for (const body of bodies) expect(problemsOf(() => validateShellDescriptor(sent(body)))).to.deep.equal([]);
    expect(problemsOf(() => validateSubmodelDescriptor(submodelDescriptor(1)))).to.deep.equal([]);
    for (const body of bodies)
      expect(judge?.("AssetAdministrationShellDescriptor", sent(body)) ?? []).to.deep.equal([]);
  });

  for (const [what, body, place] of refused) {
    it(`are refused with ${what}, as by IDTA's schema`, () => {
      const problems = problemsOf(() => validateShellDescriptor(sent(body)));
      expect(problems.map((problem) => problem.place)).to.deep.equal([place]);
      if (judge !== undefined) expect(judge("AssetAdministrationShellDescriptor", sent(body))).not.to.deep.equal([]);
    });
  }

  for (const [what, body, place] of refusedByText) {
    it(`are refused with ${what}`, () => {
      const problems = problemsOf(() => validateShellDescriptor(sent(body)));
      expect(problems).to.have.length(1);
      if (place !== "") expect(problems[0]?.place).to.equal(place);
      expect(problems[0]?.expected).to.be.a("string");
    });
  }

  it("say all problems at once", () => {
    const body = shell({ id: "", idShort: "1x", endpoints: [{ interface: 1 }], ...below({ endpoints: [] }) });
    expect(problemsOf(() => validateShellDescriptor(sent(body))).map(({ place }) => place)).to.have.members([
      "/id",
      "/idShort",
      "/endpoints/0/interface",
      "/endpoints/0",
      "/submodelDescriptors/0/endpoints",
    ]);
    for (const body of [null, [], "x"]) expect(problemsOf(() => validateSubmodelDescriptor(body))).to.have.length(1);
  });
});
