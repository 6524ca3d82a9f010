/**
 * One reversible way between an AAS idShort, which may hold hyphens (AASd-002), and an NGSI-LD name, which may not
 * (CIM 009 4.6.2): a hyphen is written `_x2d_`.
 */
const HYPHEN = "_x2d_";

/** `undefined` where the idShort holds the escape itself: the way back would give another idShort. */
export function attributeNameOf(idShort: string): string | undefined {
  return idShort.includes(HYPHEN) ? undefined : idShort.replaceAll("-", HYPHEN);
}

export function idShortOf(attribute: string): string {
  return attribute.replaceAll(HYPHEN, "-");
}
