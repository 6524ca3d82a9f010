import type { PartText } from "../../core/document.ts";
import { childMember } from "../metamodel/children.ts";
import type { SubmodelElement } from "../metamodel/types.ts";
import { normalElement } from "../value-only/content.ts";
import type { Modifiers } from "../value-only/modifiers.ts";

/**
 * A stored submodel in format Normal, deep, put together from the texts that it is stored in: nothing is parsed but Blobs
 * whose content is left out. Of what has no linked leaf, this is what is shown.
 */
export function storedText(head: string, parts: readonly PartText[], extent: Modifiers["extent"]): string {
  const byParent = Map.groupBy(parts, ({ parent }) => parent);
  const build = (part: PartText): string => {
    if (part.kind === "Blob" && extent === "withoutBlobValue") {
      return JSON.stringify(normalElement(JSON.parse(part.body) as SubmodelElement, { level: "deep", extent }));
    }
    const member = childMember(part.kind);
    return member === undefined ? part.body : withMember(part.body, member, byParent.get(part.key));
  };
  function withMember(text: string, member: string, below: readonly PartText[] | undefined): string {
    if (below === undefined) return text;
    return `${text.slice(0, -1)},"${member}":[${below.map(build).join(",")}]}`;
  }
  return withMember(head, "submodelElements", byParent.get(undefined));
}
