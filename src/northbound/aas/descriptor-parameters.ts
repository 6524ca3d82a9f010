import { assetKinds } from "../../aas/metamodel/literals.ts";
import type { EntryRoots } from "../../aas/registry/entry-roots.ts";
import { HubError } from "../../core/errors.ts";
import type { Filter } from "../../core/filter.ts";
import type { ApiRequest } from "../operation-types.ts";
import { edition30, edition31 } from "./edition.ts";
import { identifiersOf } from "./parameters.ts";

/** The NGSI-LD API beside this one, whose entities shells name. */
export interface EntityApi {
  /** The version of its standard: `1.9`. */
  readonly version: string;
  /** `/ngsi-ld/v1` */
  readonly base: string;
}

/** Each edition is served beside the other; the newer one first. */
const editions = [
  { version: "3.1", base: edition31.base },
  { version: "3.0", base: edition30.base },
] as const;

/** Where clients of this request reach what its tenant holds: behind a proxy, and below the tenant's own path. */
export function entryRoots(request: Pick<ApiRequest, "baseUrl" | "scope">, entities?: EntityApi): EntryRoots {
  const edition = editions.find(({ base }) => request.baseUrl.endsWith(base));
  const root = request.baseUrl.slice(0, request.baseUrl.length - (edition?.base.length ?? 0));
  return rootsOf(root, request.scope.tenant, entities);
}

/**
 * @param root before the editions' bases, the tenant's path included: `https://twins.example.org/tenants/acme`
 */
export function rootsOf(root: string, tenant: string, entities: EntityApi | undefined): EntryRoots {
  const aas = editions.map(({ version, base }) => ({ version, url: `${root}${base}` }));
  if (entities === undefined) return { aas };
  const path = `/tenants/${encodeURIComponent(tenant)}`;
  const isBelow = root.endsWith(path);
  const origin = isBelow ? root.slice(0, root.length - path.length) : root;
  const own = tenant === "default" ? {} : { tenant };
  return { aas, entities: { version: entities.version, url: `${origin}${entities.base}`, ...own } };
}

/** `assetKind`, and `assetType` in base64url. @throws HubError `malformed` */
export function descriptorFilter(request: ApiRequest): Filter | undefined {
  const kind = request.query.get("assetKind");
  if (kind !== null && !assetKinds.some((one) => one === kind)) {
    const problem = { place: "assetKind", message: "no kind of asset", expected: assetKinds.join(", ") };
    throw new HubError("malformed", "assetKind: no kind of asset", { problems: [problem] });
  }
  const of: Filter[] = [];
  if (kind !== null) of.push({ kind: "key", name: "assetKind", in: [kind] });
  if (request.query.has("assetType")) {
    of.push({ kind: "key", name: "assetType", in: identifiersOf(request, "assetType") });
  }
  return of.length === 0 ? undefined : { kind: "all", of };
}
