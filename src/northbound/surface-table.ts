import { HubError } from "../core/errors.ts";
import type { ApiResponse, Operation, Surface } from "./operation-types.ts";
import { createRouter, type Routed } from "./router.ts";

export interface SurfaceRoute {
  readonly surface: Surface;
  /** The path below the surface's base. */
  readonly path: string;
  /** Tenant named by the path (`/tenants/{tenant}/api/v3.1/…`), where the surface lets it. */
  readonly tenant?: string;
  /** What stands before the surface's base in the client's path. */
  readonly prefix: string;
  readonly find: (method: Operation["method"], path: string) => Routed;
}

/** Which surface answers a path: the longest base wins, `/` is the last resort. */
export function createSurfaceTable(surfaces: readonly Surface[]): (path: string) => SurfaceRoute | undefined {
  const rows = surfaces
    .flatMap((surface) =>
      [surface.base, ...(surface.aliases ?? [])].map((base) => ({
        surface,
        base,
        below: `${base}/`,
        find: createRouter([...surface.operations, ...describing(surface)], surface.emptyParameters),
      })),
    )
    .sort((a, b) => b.base.length - a.base.length);
  const lookUp = (path: string, tenant?: string, prefix = ""): SurfaceRoute | undefined => {
    for (const { surface, base, below, find } of rows) {
      if (tenant !== undefined && surface.tenantInPath !== true) continue;
      if (base !== "" && !path.startsWith(below) && path !== base) continue;
      const route = { surface, path: path.slice(base.length) || "/", prefix: `${prefix}${base}`, find };
      return tenant === undefined ? route : { ...route, tenant };
    }
    return undefined;
  };
  return (path) => {
    if (!path.startsWith("/tenants/")) return lookUp(path);
    const named = /^\/tenants\/([^/]+)(\/.*)$/.exec(path);
    const [, tenant, rest] = named ?? [];
    if (tenant === undefined || rest === undefined) return lookUp(path);
    return lookUp(rest, decodeTenant(tenant), `/tenants/${tenant}`) ?? lookUp(path);
  };
}

/** The OpenAPI document of a surface, where it has one. */
function describing({ name, openapi }: Surface): readonly Operation[] {
  if (openapi === undefined) return [];
  const handle = (): ApiResponse => ({ status: 200, type: "application/json", body: JSON.stringify(openapi()) });
  const clause = "OpenAPI 3.0.3";
  return [{ name: `${name} OpenAPI`, method: "GET", path: "/openapi.json", clause, right: "read", handle }];
}

function decodeTenant(text: string): string {
  try {
    return decodeURIComponent(text);
  } catch (thrown) {
    throw new HubError("malformed", "the tenant in the path cannot be decoded", { cause: thrown });
  }
}
