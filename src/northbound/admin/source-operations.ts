import { HubError } from "../../core/errors.ts";
import type { SourceStatus } from "../../southbound/source-status.ts";
import type { ApiRequest } from "../operation-types.ts";
import { adminJson } from "./admin-json.ts";
import { type AdminOperation, change, look, type NumberParameter, numberOf } from "./admin-operation.ts";
import type { AdminPorts } from "./ports.ts";

const offset: NumberParameter = {
  name: "offset",
  description: "How many are passed over.",
  min: 0,
  max: Number.MAX_SAFE_INTEGER,
  fallback: 0,
};
const limit: NumberParameter = {
  name: "limit",
  description: "How many come at most.",
  min: 1,
  max: 1000,
  fallback: 100,
};

/** Where the values come from: connections, their points, their servers' certificates. */
export function sourceOperations({ sources }: AdminPorts): readonly AdminOperation[] {
  const nameOf = ({ params }: ApiRequest): string => params.source ?? "";
  const pageOf = ({ query }: ApiRequest) => ({ from: numberOf(query, offset), count: numberOf(query, limit) });
  const inboxOf = (request: ApiRequest) => {
    const source = nameOf(request);
    sources.status(source);
    const inbox = sources.trust(source);
    if (inbox !== undefined) return inbox;
    throw new HubError("not-found", `${source} speaks a protocol without certificates of this kind`);
  };
  const linked = (status: SourceStatus, { baseUrl }: ApiRequest) => {
    const self = `${baseUrl}/sources/${encodeURIComponent(status.source)}`;
    const certificates = sources.trust(status.source) === undefined ? {} : { certificates: `${self}/certificates` };
    return { ...status, links: { self, tags: `${self}/tags`, ...certificates } };
  };
  return [
    look(
      "GetSources",
      "/sources",
      "All connections: state, last error, rates, counts, and where their points are",
      (request) => {
        const { from, count } = pageOf(request);
        const all = sources.all();
        const page = all.slice(from, from + count).map((status) => linked(status, request));
        const next = from + count < all.length ? { next: nextPage(request, "/sources", from + count, count) } : {};
        return adminJson({ total: all.length, sources: page, ...next }, request);
      },
      [offset, limit],
    ),
    look("GetSource", "/sources/{source}", "One connection", (request) =>
      adminJson(linked(sources.status(nameOf(request)), request), request),
    ),
    look(
      "GetSourceTags",
      "/sources/{source}/tags",
      "The points of a connection: last value, quality, times, age in ms, and what is wrong with them",
      (request) => {
        const { from, count } = pageOf(request);
        const source = nameOf(request);
        const { total, tags, next } = sources.tags(source, from, count);
        const path = `/sources/${encodeURIComponent(source)}/tags`;
        const more = next === undefined ? {} : { next: nextPage(request, path, next, count) };
        return adminJson({ source, total, tags, ...more }, request);
      },
      [offset, limit],
    ),
    look("GetSourceCertificates", "/sources/{source}/certificates", "What its servers showed", async (request) =>
      adminJson({ certificates: await inboxOf(request).list() }, request),
    ),
    change(
      "TrustCertificate",
      "/sources/{source}/certificates/{thumbprint}/trust",
      "Trust a server's certificate from now on",
      async (request) => {
        await inboxOf(request).trust(request.params.thumbprint ?? "");
        return { status: 204 };
      },
    ),
    change(
      "RejectCertificate",
      "/sources/{source}/certificates/{thumbprint}/reject",
      "Trust a server's certificate no longer",
      async (request) => {
        await inboxOf(request).reject(request.params.thumbprint ?? "");
        return { status: 204 };
      },
    ),
  ];
}

const nextPage = ({ baseUrl }: ApiRequest, path: string, from: number, count: number): string =>
  `${baseUrl}${path}?offset=${from}&limit=${count}`;
