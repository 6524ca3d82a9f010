import { HubError } from "../../core/errors.ts";
import type { ApiRequest } from "../operation-types.ts";

export const DEFAULT_LIMIT = 20;
export const MAX_LIMIT = 1000;

/** Throws HubError `malformed` (InvalidRequest) for a parameter that the operation does not know, or that comes twice. */
export function checkParameters(query: URLSearchParams, known: readonly string[]): void {
  const seen = new Set<string>();
  for (const name of query.keys()) {
    if (!known.includes(name)) {
      throw new HubError("malformed", `there is no parameter "${name}" here; there are ${known.join(", ") || "none"}`, {
        problems: [{ place: name, message: "unknown parameter" }],
      });
    }
    if (seen.has(name)) throw new HubError("malformed", `the parameter "${name}" is there twice`);
    seen.add(name);
  }
}

export function listParameter(
  query: URLSearchParams,
  name: string,
  divider: string | RegExp = ",",
): readonly string[] | undefined {
  const text = query.get(name);
  if (text === null) return undefined;
  const items = text.split(divider).map((item) => item.trim());
  if (items.some((item) => item === "")) throw new HubError("invalid", `the parameter "${name}" has an empty entry`);
  return items;
}

export function flagParameter(query: URLSearchParams, name: string): boolean {
  const text = query.get(name);
  if (text === null || text === "false") return false;
  if (text === "true") return true;
  throw new HubError("invalid", `the parameter "${name}" must be true or false`);
}

function countParameter(query: URLSearchParams, name: string, fallback: number): number {
  const text = query.get(name);
  if (text === null) return fallback;
  const number = /^\d{1,9}$/.test(text) ? Number(text) : Number.NaN;
  if (Number.isNaN(number)) throw new HubError("invalid", `the parameter "${name}" must be a whole number from 0`);
  return number;
}

export interface Paging {
  readonly limit: number;
  readonly offset: number;
  readonly count: boolean;
}

/** 4.12, 4.13, 6.3.10, 6.3.13: `limit=0` only with `count=true`. */
export function pagingOf(query: URLSearchParams): Paging {
  const limit = countParameter(query, "limit", DEFAULT_LIMIT);
  const offset = countParameter(query, "offset", 0);
  const count = flagParameter(query, "count");
  if (limit === 0 && !count) throw new HubError("invalid", "limit=0 makes sense with count=true only");
  if (limit > MAX_LIMIT) throw new HubError("invalid", `limit must not be over ${MAX_LIMIT}`);
  return { limit, offset, count };
}

/** Links to the pages before and after, and the count (5.5.9.1, 5.5.9.2, 6.3.10, 6.3.13). Relative to the host, parameters sorted. */
export function pagingHeaders(
  request: ApiRequest,
  paging: Paging,
  type: string,
  more: boolean,
  total: number | undefined,
  /** Where the next page begins. */
  next: number = paging.offset + paging.limit,
): { readonly links: readonly string[]; readonly headers: Readonly<Record<string, string>> } {
  const path = (request.url.split("?")[0] ?? request.url).replace(/\/+$/, "");
  const link = (offset: number, rel: string): string => {
    const query = new URLSearchParams(request.query);
    query.set("offset", String(offset));
    query.set("limit", String(paging.limit));
    query.sort();
    return `<${path}?${query}>;rel="${rel}";type="${type}"`;
  };
  const links: string[] = [];
  if (more && paging.limit > 0) links.push(link(next, "next"));
  if (paging.offset > 0 && paging.limit > 0) links.push(link(Math.max(0, paging.offset - paging.limit), "prev"));
  return { links, headers: paging.count && total !== undefined ? { "NGSILD-Results-Count": String(total) } : {} };
}
