import { HubError } from "../../core/errors.ts";
import type { Page, PageRequest } from "../../core/filter.ts";

const LARGEST_PAGE = 1_000;

/** Throws `invalid` for a limit out of bounds. */
export function pageLimit({ limit }: PageRequest): number {
  if (Number.isInteger(limit) && limit >= 0 && limit <= LARGEST_PAGE) return limit;
  throw new HubError("invalid", `a page has 0 to ${LARGEST_PAGE} items, not ${limit}`);
}

/** `found` holds one item more than the page where there is a next one. */
export function pageOf<T extends { readonly ordinal: number }>(
  found: readonly T[],
  limit: number,
  total?: number,
): Page<T> {
  const items = found.slice(0, limit);
  const last = items.at(-1);
  return {
    items,
    ...(found.length > limit && last !== undefined ? { next: last.ordinal } : {}),
    ...(total === undefined ? {} : { total }),
  };
}
