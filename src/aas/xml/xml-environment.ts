import { environmentEnd, environmentStart, identifiableXml } from "./write-xml.ts";
import { type EnvironmentList, environmentLists, type XmlVersion } from "./xml-shapes.ts";

export interface XmlItem {
  readonly list: EnvironmentList;
  readonly value: unknown;
}

/** An Environment in XML, in chunks of one document; what is empty is left out. */
export async function* xmlEnvironment(items: AsyncIterable<XmlItem>, version: XmlVersion): AsyncGenerator<string> {
  yield environmentStart(version);
  let open: EnvironmentList | undefined;
  for await (const { list, value } of items) {
    const start = list === open ? "" : `${open === undefined ? "" : `</${open}>`}<${list}>`;
    open = list;
    yield start + identifiableXml(environmentLists[list], value);
  }
  yield `${open === undefined ? "" : `</${open}>`}${environmentEnd}`;
}
