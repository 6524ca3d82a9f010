import { HubError } from "../../core/errors.ts";
import {
  type Check,
  type Fields,
  type Invariant,
  list,
  needed,
  object,
  oneOf,
  optional,
  text,
} from "../validation/check.ts";
import { assetKind, identifiable, identifier, semantics, specificAssetIds } from "../validation/common-shapes.ts";
import { supplementalNeedsSemantic, uniqueIn } from "../validation/invariants.ts";
import { at, Report } from "../validation/report.ts";
import { type ShellDescriptor, type SubmodelDescriptor, securityTypes } from "./descriptor.ts";

/** Shapes of IDTA-01002 v3.1.2, "Metamodel Specification Details". */

const unbounded = Number.POSITIVE_INFINITY;

/** The API's schemas let most arrays of descriptors be empty, where the metamodel would leave them out. */
function orEmpty(check: Check): Check {
  return (value, pointer, report) => {
    if (!Array.isArray(value) || value.length > 0) check(value, pointer, report);
  };
}

const name = text(1, 128);

/** The table of ProtocolInformation: a body belongs to a subprotocol, an encoding to a body. */
const subprotocolRules: Invariant = (value, pointer, report) => {
  const chain = [
    ["subprotocolBody", "subprotocol"],
    ["subprotocolBodyEncoding", "subprotocolBody"],
  ] as const;
  for (const [member, needs] of chain) {
    if (value[member] === undefined || value[needs] !== undefined) continue;
    report.add(at(pointer, member), `${member} without ${needs}`, `${needs}, or no ${member}`);
  }
};

const endpoint = object("Endpoint", {
  interface: needed(name),
  protocolInformation: needed(
    object(
      "ProtocolInformation",
      {
        href: needed(
          text(1, 2048, {
            grammar: /^[A-Za-z][A-Za-z0-9+.-]*:\S+$/,
            expected: "a URL such as https://example.org/aas",
          }),
        ),
        endpointProtocol: optional(name),
        endpointProtocolVersion: optional(orEmpty(list(name))),
        subprotocol: optional(name),
        subprotocolBody: optional(text(0, 2048)),
        subprotocolBodyEncoding: optional(text(0, 128)),
        securityAttributes: optional(
          list(
            object("SecurityAttributeObject", {
              type: needed(oneOf(securityTypes)),
              key: needed(text(0, unbounded)),
              value: needed(text(0, unbounded)),
            }),
          ),
        ),
      },
      subprotocolRules,
    ),
  ),
});

/** What descriptors share: an identifiable's members but its category, their texts possibly none. */
const described: Fields = Object.fromEntries(
  Object.entries(identifiable)
    .filter(([member]) => member !== "category")
    .map(([member, field]) => {
      const isTexts = member === "description" || member === "displayName";
      return [member, isTexts ? { ...field, check: orEmpty(field.check) } : field];
    }),
);

const submodelDescriptor = object(
  "SubmodelDescriptor",
  { ...described, ...semantics, endpoints: needed(list(endpoint)) },
  supplementalNeedsSemantic,
);

const submodelDescriptors: Check = (value, pointer, report) => {
  orEmpty(list(submodelDescriptor))(value, pointer, report);
  uniqueIn("id", "the submodel's id")(value, pointer, report);
};

const shellDescriptor = object("AssetAdministrationShellDescriptor", {
  ...described,
  assetKind: optional(assetKind),
  assetType: optional(identifier),
  endpoints: optional(list(endpoint)),
  globalAssetId: optional(identifier),
  specificAssetIds: optional(orEmpty(specificAssetIds)),
  submodelDescriptors: optional(submodelDescriptors),
});

/** What discovery keeps of a shell: its specific asset identifiers, the global one among them (AASd-116). */
export const assetLinksShape: Check = orEmpty(specificAssetIds);

export const validateShellDescriptor = (body: unknown): ShellDescriptor =>
  judged<ShellDescriptor>(shellDescriptor, body, "the shell's descriptor");
export const validateSubmodelDescriptor = (body: unknown): SubmodelDescriptor =>
  judged<SubmodelDescriptor>(submodelDescriptor, body, "the submodel's descriptor");

/** The body as what it was judged to be. @throws HubError `invalid` with all problems at once */
export function judged<T>(check: Check, body: unknown, what: string): T {
  const report = new Report();
  check(body, "", report);
  const { problems } = report;
  if (problems.length > 0) throw new HubError("invalid", `${what} is not valid`, { problems });
  return body as T;
}
