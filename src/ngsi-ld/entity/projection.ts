import { HubError } from "../../core/errors.ts";
import { requireName } from "../names.ts";

/** What `pick` or `omit` names (CIM 009 4.21), expanded; `id`, `type` and `scope` stand for themselves. */
export interface Projection {
  /** Members of the entity itself; one that only leads to linked entities is none of an omission's. */
  readonly names: ReadonlySet<string>;
  /** By Relationship: what is named of the entities that it links to. */
  readonly linked: ReadonlyMap<string, Projection>;
}

const HEAD_MEMBERS: ReadonlySet<string> = new Set(["id", "type", "scope"]);
const MAX_DEPTH = 32;

/**
 * Reads `name,owner{name|home{street}}`. Throws HubError `invalid`.
 * @param what the parameter's name; `omit` keeps a Relationship that braces follow
 */
export function parseProjection(text: string, what: "pick" | "omit", expand: (name: string) => string): Projection {
  const tokens = text.match(/[{},|]|[^{},|]+/g) ?? [];
  let at = 0;
  const refuse = (): never => {
    throw new HubError("invalid", `${what}=${text} is no list of members (CIM 009 4.21)`);
  };
  const list = (depth: number): Projection => {
    if (depth > MAX_DEPTH) throw new HubError("invalid", `${what} leads over more than ${MAX_DEPTH} entities`);
    const names = new Set<string>();
    const linked = new Map<string, Projection>();
    for (;;) {
      const written = tokens[at++]?.trim() ?? "";
      if (!/^[^{},|]+$/.test(written)) refuse();
      const name = HEAD_MEMBERS.has(written) ? written : expand(requireName(written, `the name in "${what}"`));
      if (tokens[at] === "{") {
        at += 1;
        linked.set(name, list(depth + 1));
        if (tokens[at++] !== "}") refuse();
        if (what === "pick") names.add(name);
      } else {
        names.add(name);
      }
      if (tokens[at] !== "," && tokens[at] !== "|") return { names, linked };
      at += 1;
    }
  };
  const projection = list(1);
  return at === tokens.length ? projection : refuse();
}

/** How many Relationships it follows. */
export function depthOf({ linked }: Projection): number {
  let depth = 0;
  for (const below of linked.values()) depth = Math.max(depth, 1 + depthOf(below));
  return depth;
}
