import type { Collection, DocumentRow } from "../../core/document.ts";
import { HubError } from "../../core/errors.ts";
import type { Filter } from "../../core/filter.ts";
import type { DocumentPort } from "../../store/contract.ts";
import type { PageWish } from "../services/paging.ts";

/** What the repository holds, and what was posted about shells or submodels that live elsewhere. */
export interface TwoCollections {
  readonly held: Collection;
  readonly posted: Collection;
}

/** One page over both, what is held first; each id is there once. */
export interface BothPage {
  readonly held: readonly DocumentRow[];
  readonly posted: readonly DocumentRow[];
  readonly cursor?: string;
}

interface Place {
  readonly in: "held" | "posted";
  readonly after: number;
}

/** Reads that one page makes at most where many posted ones are shadowed; it may be short then. */
const mostReads = 10;
const largestRead = 1_000;

/** A page in one stable order: what the repository holds, then what was posted, each in order of creation. */
export async function listBoth(
  documents: DocumentPort,
  collections: TwoCollections,
  filter: Filter | undefined,
  { limit, cursor }: PageWish,
): Promise<BothPage> {
  const place = placeOf(cursor);
  if (place.in === "posted")
    return { held: [], ...(await listPosted(documents, collections, filter, limit, place.after)) };
  const page = await documents.list(collections.held, filter, { limit, after: place.after });
  if (page.next !== undefined) {
    return { held: page.items, posted: [], cursor: textOf({ in: "held", after: page.next }) };
  }
  const rest = await listPosted(documents, collections, filter, limit - page.items.length, 0);
  return { held: page.items, ...rest };
}

/** What was posted of an id that the repository holds (by now) is shadowed: the shell itself is the source of truth. */
async function listPosted(
  documents: DocumentPort,
  { held, posted }: TwoCollections,
  filter: Filter | undefined,
  wanted: number,
  from: number,
): Promise<Omit<BothPage, "held">> {
  const shown: DocumentRow[] = [];
  let after = from;
  for (let reads = 0; reads < mostReads; reads++) {
    const limit = Math.min(wanted + 1, largestRead);
    const page = await documents.list(posted, filter, { limit, after });
    if (page.items.length === 0) return { posted: shown };
    const ids = page.items.map(({ id }) => id);
    const shadowing = await documents.list(held, { kind: "id", in: ids }, { limit: ids.length });
    const shadowed = new Set(shadowing.items.map(({ id }) => id));
    shown.push(...page.items.filter(({ id }) => !shadowed.has(id)));
    if (shown.length > wanted) {
      const items = shown.slice(0, wanted);
      return { posted: items, cursor: textOf({ in: "posted", after: items.at(-1)?.ordinal ?? from }) };
    }
    if (page.next === undefined) return { posted: shown };
    after = page.next;
  }
  return { posted: shown, cursor: textOf({ in: "posted", after }) };
}

function textOf(place: Place): string {
  return Buffer.from(`${place.in}:${place.after}`).toString("base64url");
}

/** @throws HubError `malformed` for a cursor that was never given */
function placeOf(cursor: string | undefined): Place {
  if (cursor === undefined) return { in: "held", after: 0 };
  const [, where, after] = /^(held|posted):(\d{1,15})$/.exec(Buffer.from(cursor, "base64url").toString()) ?? [];
  if (where !== undefined) return { in: where === "held" ? "held" : "posted", after: Number(after) };
  throw new HubError("malformed", "the cursor is none of this server's", {
    problems: [{ place: "cursor", message: "unknown cursor", expected: "the cursor of the page before, or none" }],
  });
}
