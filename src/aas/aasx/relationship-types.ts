/** Relationships of an AASX package (IDTA-01005 v3.1); V2 and V3.0 tools write `www.` before the host. */
const own = "http://admin-shell.io/aasx/relationships/";

export const relationshipTypes = {
  origin: `${own}aasx-origin`,
  spec: `${own}aas-spec`,
  supplement: `${own}aas-suppl`,
  thumbnail: "http://schemas.openxmlformats.org/package/2006/relationships/metadata/thumbnail",
} as const;

export type RelationshipKind = keyof typeof relationshipTypes;

const kinds = new Map<string, RelationshipKind>(
  Object.entries(relationshipTypes).map(([kind, type]) => [type, kind as RelationshipKind]),
);
kinds.set(`${own}aas-spec-split`, "spec");

/** What a relationship is to an AASX; `undefined` for those of other kinds. */
export function relationshipKind(type: string): RelationshipKind | undefined {
  return kinds.get(type.trim().replace(/^https?:\/\/(?:www\.)?admin-shell\.io\//, "http://admin-shell.io/"));
}
