import { HubError } from "../../core/errors.ts";

/** A page as clients ask for it: at most `limit` items after an opaque cursor. */
export interface PageWish {
  readonly limit: number;
  readonly cursor?: string;
}

export interface PageOf<T> {
  readonly items: readonly T[];
  /** Absent on the last page. */
  readonly cursor?: string;
}

/** A place in an order (an ordinal, an index) as an opaque text. */
export function cursorText(place: number): string {
  return Buffer.from(`after:${place}`).toString("base64url");
}

/** @throws HubError `malformed` for what `cursorText` never gave */
export function cursorPlace(cursor: string): number {
  const place = /^after:(\d{1,15})$/.exec(Buffer.from(cursor, "base64url").toString())?.[1];
  if (place !== undefined) return Number(place);
  throw new HubError("malformed", "the cursor is none of this server's", {
    problems: [{ place: "cursor", message: "unknown cursor", expected: "the cursor of the page before, or none" }],
  });
}

/** A page of what is in memory, in its own order. */
export function pageOf<T>(items: readonly T[], { limit, cursor }: PageWish): PageOf<T> {
  const start = cursor === undefined ? 0 : cursorPlace(cursor);
  const page = items.slice(start, start + limit);
  const next = start + page.length;
  return next < items.length ? { items: page, cursor: cursorText(next) } : { items: page };
}
