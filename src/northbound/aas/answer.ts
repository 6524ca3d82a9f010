import type { PageOf } from "../../aas/services/paging.ts";
import type { Written } from "../../aas/services/submodel-service.ts";
import type { ApiResponse } from "../operation-types.ts";

const type = "application/json";

/** Names the linked elements that keep showing their signal although the body held another value for them (rule 5). */
const keptHeader = "twinweave-linked-unchanged";

export function json(value: unknown, etag?: string): ApiResponse {
  return jsonText(JSON.stringify(value), etag);
}

export function jsonText(body: string, etag?: string): ApiResponse {
  return etag === undefined ? { status: 200, type, body } : { status: 200, type, body, headers: { etag } };
}

export function created(value: unknown, location: string, written?: Written): ApiResponse {
  return { status: 201, type, body: JSON.stringify(value), headers: { location, ...kept(written) } };
}

export function noContent(written?: Written): ApiResponse {
  return { status: 204, headers: kept(written) };
}

/** The Result of a paged read; `paging_metadata` is always there, its cursor on all pages but the last. */
export function paged<T>({ items, cursor }: PageOf<T>, text: (item: T) => string = JSON.stringify): ApiResponse {
  return pagedText(`[${items.map(text).join(",")}]`, cursor);
}

export function pagedText(result: string, cursor: string | undefined): ApiResponse {
  const paging = JSON.stringify(cursor === undefined ? {} : { cursor });
  return jsonText(`{"paging_metadata":${paging},"result":${result}}`);
}

function kept(written: Written | undefined): Record<string, string> {
  return written === undefined || written.kept.length === 0 ? {} : { [keptHeader]: written.kept.join(", ") };
}
