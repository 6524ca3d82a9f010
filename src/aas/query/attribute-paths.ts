import type { BodyField, BodyPath } from "../../core/filter.ts";
import type { QueryField } from "./query-field.ts";

const any = { index: "any" } as const;

/** The value of a Property, File or Blob; of a MultiLanguageProperty its texts; of a reference its first key's. */
const valuePaths: readonly BodyPath[] = [["value"], ["value", any, "text"], ["value", "keys", { index: 0 }, "value"]];

/** Where a field's texts stand in what its path leads to. @param from how many steps of the attribute are behind */
export function attributePaths({ root, attribute }: QueryField, from: number): Omit<BodyField, "level"> {
  if (root === "$sme" && attribute[0] === "value") return { paths: valuePaths, live: true };
  if (root === "$sme" && attribute[0] === "language") return { paths: [["value", any, "language"]] };
  return { paths: [attribute.slice(from)] };
}
