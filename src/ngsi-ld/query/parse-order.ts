import { HubError } from "../../core/errors.ts";
import type { Order, OrderTerm } from "../../core/filter.ts";
import type { Json } from "../json/json.ts";
import { isOwn, type PathNames, placeOf, timeMembers, valuePaths } from "./attribute-path.ts";
import { geometryOf } from "./parse-geo-query.ts";
import { pathOf } from "./parse-query.ts";
import { QueryReader } from "./query-reader.ts";

const MAX_TERMS = 16;

/** How entities are to be sorted (CIM 009 4.23, 5.2.43): texts of a URL, or members of a JSON body. */
export interface Ordering {
  readonly orderBy: readonly string[];
  readonly collation: string | undefined;
  /** Where distances are measured from: an array, or its JSON text. */
  readonly coordinates: Json | undefined;
  readonly geometry: Json | undefined;
}

const refuse = (message: string): never => {
  throw new HubError("invalid", `${message} (CIM 009 4.23)`);
};

/** Throws HubError `invalid`, and `too-complex` beyond 16 terms. */
export function parseOrder({ orderBy, collation, coordinates, geometry }: Ordering, names: PathNames): Order {
  if (orderBy.length > MAX_TERMS) throw new HubError("too-complex", `there may be ${MAX_TERMS} terms to order by`);
  const from =
    coordinates === undefined ? undefined : geometryOf(geometry ?? "Point", coordinates, "the place to order from");
  if (from === undefined && geometry !== undefined) refuse("a geometry to order from needs coordinates");
  const terms = orderBy.map((text): OrderTerm => {
    const [path = "", direction = "asc", ...more] = text.split(";");
    const [, distance, end] = /^(dist-)?(asc|desc)$/.exec(direction) ?? [];
    if (end === undefined || more.length > 0)
      refuse(`"${text}" ends with something else than ;asc, ;desc, ;dist-asc or ;dist-desc`);
    if (distance !== undefined && from === undefined) refuse(`"${text}" needs coordinates to order from`);
    return {
      by: keyOf(path, names),
      descending: end === "desc",
      ...(distance === undefined || from === undefined ? {} : { from }),
    };
  });
  return { terms, ...collationOf(collation) };
}

function keyOf(text: string, names: PathNames): OrderTerm["by"] {
  if (text === "id") return { kind: "id" };
  const reader = new QueryReader(text);
  const path = pathOf(reader);
  if (!reader.isAtEnd) reader.refuse("the end is expected");
  if (isOwn(path) || text === "type") return { kind: "own", values: [path.names], overlay: timeMembers };
  const values = [...valuePaths(path.trailing, { kind: "equal" })];
  return { kind: "said", ...placeOf(path, values, names) };
}

/** ICU's settings that `Intl.Collator` does not read from the tag; 4.23.3 takes `identic` to look past case. */
const strengths: Readonly<Record<string, Order["sensitivity"]>> = {
  level1: "base",
  level2: "accent",
  level3: "variant",
  identic: "accent",
};

/** 4.23.1: ICU's root order (`und-x-icu`) by default, which is that of English. */
function collationOf(tag = "und"): Pick<Order, "collation" | "sensitivity"> {
  try {
    const locale = new Intl.Locale(tag);
    const sensitivity = strengths[/-u-(?:.*-)?ks-([a-z0-9]+)/i.exec(tag)?.[1]?.toLowerCase() ?? ""];
    const collation = locale.language === "und" ? `en${locale.toString().slice(3)}` : locale.toString();
    new Intl.Collator(collation);
    return { collation, ...(sensitivity === undefined ? {} : { sensitivity }) };
  } catch (cause) {
    throw new HubError("invalid", `the collation "${tag}" is no BCP 47 tag of an ICU collation (CIM 009 4.23)`, {
      cause,
    });
  }
}
