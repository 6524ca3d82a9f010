import type { DocumentPort } from "../../store/contract.ts";
import type { Modifiers } from "../value-only/modifiers.ts";
import { cursorPlace, type PageOf, type PageWish } from "./paging.ts";

/**
 * A page of the idShortPaths of a submodel: they are the keys of its parts, so that nothing is parsed, and the work is
 * that of the page. Its cursor is a top element's place and how many paths of the next one were in the page before.
 */
export async function pathPage(
  documents: Pick<DocumentPort, "partPage">,
  submodel: string,
  { limit, cursor }: PageWish,
  level: Modifiers["level"],
): Promise<PageOf<string>> {
  const from = placeIn(cursor);
  const after = from.after === undefined ? {} : { after: from.after };
  const page = await documents.partPage("submodel", submodel, { limit, ...after });
  const items: string[] = [];
  let before = from.after;
  let top: number | undefined;
  let within = 0;
  for (const { key, parent, position } of page.items) {
    if (parent === undefined) {
      before = top ?? before;
      top = position;
      within = 0;
    } else if (level === "core") continue;
    const skipped = before === from.after && within < from.within;
    if (!skipped && items.length === limit) return { items, cursor: cursorOf(before, within) };
    if (!skipped) items.push(key);
    within += 1;
  }
  return page.next === undefined ? { items } : { items, cursor: cursorOf(page.next, 0) };
}

interface Place {
  /** Position of the last top element that was in the pages before whole. */
  readonly after: number | undefined;
  readonly within: number;
}

function cursorOf(after: number | undefined, within: number): string {
  return Buffer.from(`paths:${after ?? ""}:${within}`).toString("base64url");
}

/** @throws HubError `malformed` */
function placeIn(cursor: string | undefined): Place {
  if (cursor === undefined) return { after: undefined, within: 0 };
  const found = /^paths:(\d{0,15}):(\d{1,9})$/.exec(Buffer.from(cursor, "base64url").toString());
  if (found === null) cursorPlace("");
  const [, after = "", within = "0"] = found ?? [];
  return { after: after === "" ? undefined : Number(after), within: Number(within) };
}
