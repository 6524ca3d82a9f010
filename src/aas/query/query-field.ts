import type { BodyPath, ElementStep } from "../../core/filter.ts";

export const roots = ["$aas", "$sm", "$sme", "$cd", "$aasdesc", "$smdesc"] as const;
export type Root = (typeof roots)[number];

/** A FieldIdentifier (IDTA-01002 v3.1.2, "Identification of Fields"). */
export interface QueryField {
  readonly root: Root;
  /** The idShortPath of `$sme`, which may begin at any element; none: every element at any depth. */
  readonly path: readonly ElementStep[];
  /** Where the attribute stands in the JSON form of what the root names; its last step names a text. */
  readonly attribute: BodyPath;
  readonly text: string;
}

const reference = (path: string): readonly string[] => [
  path,
  `${path}.type`,
  `${path}.keys[].type`,
  `${path}.keys[].value`,
];
const specificAssetIds = (path: string): readonly string[] => [
  `${path}[].name`,
  `${path}[].value`,
  ...reference(`${path}[].externalSubjectId`),
];
const submodelDescriptor = (path: string): readonly string[] => [
  `${path}id`,
  `${path}idShort`,
  ...reference(`${path}semanticId`),
  ...endpoints(path),
];
const endpoints = (path: string): readonly string[] => [
  `${path}endpoints[].interface`,
  `${path}endpoints[].protocolinformation.href`,
];

/** The attributes of each root; `[]` stands for an index too ("Attribute Elements for Field Identifiers"). */
export const attributes: Readonly<Record<Root, readonly string[]>> = {
  $aas: [
    "id",
    "idShort",
    "assetInformation.assetKind",
    "assetInformation.assetType",
    "assetInformation.globalAssetId",
    ...specificAssetIds("assetInformation.specificAssetIds"),
    ...reference("submodels[]"),
  ],
  $sm: ["id", "idShort", ...reference("semanticId")],
  $sme: ["idShort", "value", "valueType", "language", ...reference("semanticId")],
  $cd: ["id", "idShort"],
  $aasdesc: [
    "id",
    "idShort",
    "assetKind",
    "assetType",
    "globalAssetId",
    ...specificAssetIds("specificAssetIds"),
    ...endpoints(""),
    ...submodelDescriptor("submodelDescriptors[]."),
  ],
  $smdesc: submodelDescriptor(""),
};

const form = /^(\$[a-z]+)(?:\.([^#]*))?#(.*)$/s;
const pathForm = /^[A-Za-z](?:[A-Za-z0-9_-]*[A-Za-z0-9_])?(?:\[[0-9]{0,9}\])*$/;

export type ParsedField = { readonly field: QueryField } | { readonly message: string; readonly expected: string };

/** Reads a FieldIdentifier; else says what is wrong with it and what would be right. */
export function parseField(text: string): ParsedField {
  const [, rootText = "", pathText, attributeText = ""] = form.exec(text) ?? [];
  const root = roots.find((one) => one === rootText);
  if (root === undefined) return { message: "no field identifier", expected: `${roots.join("#…, ")}#…` };
  if (pathText !== undefined && root !== "$sme") {
    return { message: `only $sme has an idShortPath, ${root} has none (AASa-005)`, expected: `${root}#…` };
  }
  const names = pathText?.split(".") ?? [];
  if (names.some((name) => !pathForm.test(name))) {
    return { message: "the idShortPath is none", expected: "idShorts joined by dots, list items as [0] or []" };
  }
  // `[]` may be left off after these two ("Attribute Elements for Field Identifiers", its examples).
  const whole = attributeText.replace(/^(submodels|submodelDescriptors)(?=\.|$)/, "$1[]");
  const shape = whole.replace(/\[[0-9]{1,9}\]/g, "[]");
  if (!attributes[root].includes(shape)) {
    return { message: `${root} has no such attribute`, expected: `one of ${attributes[root].join(", ")}` };
  }
  // A reference by itself is the value of its first key ("References").
  const isReference = attributes[root].includes(`${shape}.keys[].value`);
  const attribute = stepsOf(isReference ? `${whole}.keys[0].value` : whole).map(memberName);
  return { field: { root, path: names.flatMap(stepsOf), attribute, text } };
}

function stepsOf(text: string): BodyPath {
  const steps = text.matchAll(/([^.[\]]+)|\[(\d*)\]/g);
  return [...steps].map(([, name, index]) => {
    if (name !== undefined) return name;
    return { index: index === undefined || index === "" ? "any" : Number(index) };
  });
}

/** The grammar and the JSON schema of descriptors spell one member differently. */
function memberName(step: BodyPath[number]): BodyPath[number] {
  return step === "protocolinformation" ? "protocolInformation" : step;
}
