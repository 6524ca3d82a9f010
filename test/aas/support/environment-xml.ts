import { environmentEnd, environmentStart, identifiableXml } from "../../../src/aas/xml/write-xml.ts";
import { environmentLists, type XmlVersion } from "../../../src/aas/xml/xml-shapes.ts";

/** A whole Environment as XML, for tests. */
export function environmentXml(environment: object, version: XmlVersion = "3.1"): string {
  const lists = Object.entries(environmentLists).map(([list, type]) => {
    const items = (environment as Record<string, readonly unknown[] | undefined>)[list];
    if (items === undefined) return "";
    return `<${list}>${items.map((item) => identifiableXml(type, item)).join("")}</${list}>`;
  });
  return `${environmentStart(version)}${lists.join("")}${environmentEnd}`;
}
