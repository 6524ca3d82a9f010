type Node = Readonly<Record<string, unknown>>;

/** Members that every element may have: with them one body takes a second to make up. */
const branching = new Set([
  "administration",
  "description",
  "displayName",
  "embeddedDataSpecifications",
  "extensions",
  "qualifiers",
  "referredSemanticId",
  "supplementalSemanticIds",
]);
/** Elements that hold no others: a submodel of them has an end. */
const leaves = ["Blob", "Capability", "File", "MultiLanguageProperty", "Property", "Range", "ReferenceElement"];

/** Bodies are made from copies of the schemas of their own, so that answers are judged by the whole ones. */
export const requestFile = (file: string): string => `Request-${file}`;

/**
 * An official document of which a fuzzer can make up requests in time: patterns that spell Unicode surrogate by
 * surrogate are left out, and what bodies may hold is bounded.
 */
export function generable(document: unknown, forRequests = false): unknown {
  return simplified(document, "", forRequests);
}

function simplified(node: unknown, key: string, inRequest: boolean): unknown {
  if (typeof node === "string" && key === "$ref" && inRequest)
    return node.replace(/^\.\/(?=Part)/, `./${requestFile("")}`);
  if (Array.isArray(node)) return node.map((one) => simplified(one, "", inRequest));
  if (typeof node !== "object" || node === null) return node;
  const kept = Object.entries(node).filter(([name]) => !(inRequest && key === "properties" && branching.has(name)));
  const inner = Object.fromEntries(
    kept.map(([name, value]) => [name, simplified(value, name, inRequest || name === "requestBody")]),
  );
  return withoutBranches(withoutSurrogates(inner), key, inRequest);
}

function withoutSurrogates(node: Node): Node {
  const { pattern, ...others } = node;
  const unusable = typeof pattern === "string" && (pattern.includes("\\ud800") || pattern.length > 500);
  return unusable ? others : node;
}

function withoutBranches(node: Node, key: string, inRequest: boolean): Node {
  if (!inRequest || key !== "SubmodelElement_choice") return node;
  const choices = node.oneOf as readonly { readonly $ref: string }[];
  return { ...node, oneOf: choices.filter(({ $ref }) => leaves.some((leaf) => $ref.endsWith(`/${leaf}`))) };
}
