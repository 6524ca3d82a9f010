import { HubError } from "../../core/errors.ts";
import type { Filter } from "../../core/filter.ts";
import { typeFilter } from "../service/type-selection.ts";
import { type AttributePath, isOwn, type PathNames, placeOf, saidAt } from "./attribute-path.ts";
import { QueryReader } from "./query-reader.ts";
import { parseValueTest } from "./value-grammar.ts";

const MAX_TERMS = 512;
const MAX_DEPTH = 32;

export interface QueryOptions extends PathNames {
  /** Expanded names of attributes whose values in the query are terms to be expanded (`expandValues`). */
  readonly expandValues?: ReadonlySet<string>;
  /** How many Relationships may be followed; none unless linked entities are retrieved too (5.7.2.4). */
  readonly joinDepth?: number;
}

export interface ParsedQuery {
  readonly filter: Filter;
  /** Says nothing of any attribute: too wide to stand alone (5.7.2.4). */
  readonly isSystemOnly: boolean;
}

/**
 * A query of attribute values (CIM 009 4.9) as a filter over what entities and their attributes say, and the entities that
 * they are linked to. Throws HubError `invalid`, and `too-complex` beyond 512 terms.
 */
export function parseQuery(text: string, options: QueryOptions): ParsedQuery {
  const reader = new QueryReader(text);
  const { joinDepth = 0 } = options;
  let terms = 0;
  let isSystemOnly = true;
  const chain = (kind: "all" | "any", operator: string, next: () => Filter): Filter => {
    const of = [next()];
    while (reader.take(operator)) of.push(next());
    return of.length === 1 ? (of[0] as Filter) : { kind, of };
  };
  const either = (depth: number): Filter => chain("any", "|", () => chain("all", ";", () => term(depth)));
  const term = (depth: number): Filter => {
    terms += 1;
    if (terms > MAX_TERMS || depth > MAX_DEPTH) {
      throw new HubError("too-complex", `the query has more than ${MAX_TERMS} terms, or ${MAX_DEPTH} levels`);
    }
    if (reader.take("(")) {
      const inner = either(depth + 1);
      reader.need(")");
      return inner;
    }
    const hops = hopsOf(reader);
    if (hops.length > joinDepth) {
      reader.refuse(
        joinDepth === 0
          ? "what linked entities say can be asked only with join, so no {"
          : `only ${joinDepth} levels of linked entities are joined (joinLevel), so no more {`,
      );
    }
    const path = pathOf(reader);
    for (const _hop of hops) reader.need("}");
    isSystemOnly &&= isOwn(path) && hops.length === 0;
    const isTerm = options.expandValues?.has(options.expand(path.names[0] ?? "")) === true;
    const said = saidAt(path, parseValueTest(reader, isTerm ? options.expand : undefined), options);
    return hops.reduceRight<Filter>((of, hop) => linkedBy(hop, of, options), said);
  };
  const filter = either(0);
  return reader.isAtEnd ? { filter, isSystemOnly } : reader.refuse("the end is expected");
}

/** One `name{` on the way to what is compared, and the types that the linked entity may have. */
interface Hop {
  readonly relationship: string;
  readonly types: readonly string[];
}

function hopsOf(reader: QueryReader): readonly Hop[] {
  const hops: Hop[] = [];
  for (let relationship = reader.hop(); relationship !== undefined; relationship = reader.hop()) {
    hops.push({ relationship, types: reader.typeHint() });
  }
  return hops;
}

/** Entities whose Relationship leads to one that passes. */
function linkedBy({ relationship, types }: Hop, of: Filter, options: PathNames): Filter {
  const part = placeOf({ names: [relationship], trailing: [] }, [["object"], ["objectList"]], options);
  const typed = types.map((name) => typeFilter({ kind: "type", iri: options.expand(name) }));
  const hinted: Filter = { kind: "all", of: [{ kind: "any", of: typed }, of] };
  return { kind: "linked", collection: "entity", part, of: typed.length === 0 ? of : hinted };
}

/** The production ValuePath: dotted names, then maybe members of the value in brackets. */
export function pathOf(reader: QueryReader): AttributePath {
  const dotted = (): readonly string[] => {
    const names = [reader.name()];
    while (!reader.next("..") && reader.take(".")) names.push(reader.name());
    return names;
  };
  const names = dotted();
  if (!reader.take("[")) return { names, trailing: [] };
  const trailing = reader.take("*") ? ["*"] : reader.members();
  reader.need("]");
  return { names, trailing };
}
