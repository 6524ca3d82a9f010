type Scalar = string | number | boolean | null;
/** What a statement is given; arrays are for `unnest` and `ANY`. */
export type Parameter = Scalar | Buffer | readonly Scalar[];

/** An array as PostgreSQL reads it; -0, which `String` would lose, kept. */
export function arrayOf(items: readonly Scalar[]): string {
  return `{${items.map(itemOf).join(",")}}`;
}

function itemOf(item: Scalar): string {
  if (item === null) return "NULL";
  if (typeof item === "number") return Object.is(item, -0) ? "-0" : String(item);
  if (typeof item === "boolean") return item ? "t" : "f";
  return `"${item.replaceAll("\\", "\\\\").replaceAll('"', '\\"')}"`;
}
