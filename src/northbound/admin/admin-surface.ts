import { HubError } from "../../core/errors.ts";
import type { ApiRequest, ApiResponse, Operation, Surface } from "../operation-types.ts";
import { jsonResponse, problemDetails } from "../problem-details.ts";
import type { AdminPorts } from "./ports.ts";

const clause = "Twinweave admin API";

/** What an operator sees and does: sources, certificates, mappings, tenants. */
export function createAdminSurface(ports: AdminPorts): Surface {
  return {
    name: "admin",
    base: "/admin",
    operations: [...sourceOperations(ports), ...mappingOperations(ports)],
    tenantOf: () => "default",
    renderError: (error, { requestId }) => problemDetails(error, requestId),
  };
}

function sourceOperations({ sources }: AdminPorts): readonly Operation[] {
  const inboxOf = (request: ApiRequest) => {
    const { source = "" } = request.params;
    sources.status(source);
    const inbox = sources.trust(source);
    if (inbox === undefined)
      throw new HubError("not-found", `${source} speaks a protocol without certificates of this kind`);
    return inbox;
  };
  return [
    get("GetSources", "/sources", () => jsonResponse({ sources: sources.all() })),
    get("GetSource", "/sources/{source}", ({ params }) => jsonResponse(sources.status(params.source ?? ""))),
    get("GetSourceTags", "/sources/{source}/tags", ({ params, query }) => {
      const offset = wholeNumber(query, "offset", 0, 0, Number.MAX_SAFE_INTEGER);
      const limit = wholeNumber(query, "limit", 100, 1, 1000);
      return jsonResponse(sources.tags(params.source ?? "", offset, limit));
    }),
    get("GetSourceCertificates", "/sources/{source}/certificates", async (request) => {
      return jsonResponse({ certificates: await inboxOf(request).list() });
    }),
    change("TrustCertificate", "/sources/{source}/certificates/{thumbprint}/trust", async (request) => {
      await inboxOf(request).trust(request.params.thumbprint ?? "");
      return { status: 204 };
    }),
    change("RejectCertificate", "/sources/{source}/certificates/{thumbprint}/reject", async (request) => {
      await inboxOf(request).reject(request.params.thumbprint ?? "");
      return { status: 204 };
    }),
  ];
}

function mappingOperations({ mappings, tenants }: AdminPorts): readonly Operation[] {
  return [
    get("GetMappings", "/mappings", () => jsonResponse(mappings.report())),
    change("ReloadMappings", "/mappings/reload", async () => jsonResponse(await mappings.reload())),
    get("GetTenants", "/tenants", async () => {
      const reports = await tenants.all();
      const spoken = reports.map(({ twin, ...rest }) => {
        const { refusal, ...figures } = twin;
        return {
          ...rest,
          twin:
            refusal === undefined ? figures : { ...figures, refusal: { code: refusal.code, message: refusal.message } },
        };
      });
      return jsonResponse({ tenants: spoken });
    }),
  ];
}

type Handler = (request: ApiRequest) => Promise<ApiResponse> | ApiResponse;

function get(name: string, path: string, handle: Handler): Operation {
  return { name, method: "GET", path, clause, right: "read", handle };
}

function change(name: string, path: string, handle: Handler): Operation {
  return { name, method: "POST", path, clause, right: "admin", bodyLimit: 64 * 1024, handle };
}

function wholeNumber(query: URLSearchParams, name: string, fallback: number, min: number, max: number): number {
  const text = query.get(name);
  if (text === null) return fallback;
  const value = Number(text);
  if (Number.isInteger(value) && value >= min && value <= max) return value;
  const expected = `a whole number from ${min} to ${max}`;
  throw new HubError("malformed", `${name} is no such number: ${text}`, {
    problems: [{ place: name, message: `was ${text}`, expected }],
  });
}
