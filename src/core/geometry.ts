/** A position as GeoJSON has it: longitude, latitude in degrees, and maybe a height, which nothing here looks at. */
export type Position = readonly number[];

/** A GeoJSON geometry (RFC 7946) without collections of them. Its lines are straight in degrees. */
export type Geometry =
  | { readonly type: "Point"; readonly coordinates: Position }
  | { readonly type: "MultiPoint" | "LineString"; readonly coordinates: readonly Position[] }
  | { readonly type: "MultiLineString" | "Polygon"; readonly coordinates: readonly (readonly Position[])[] }
  | { readonly type: "MultiPolygon"; readonly coordinates: readonly (readonly (readonly Position[])[])[] };

/** How two geometries lie to each other, as OGC Simple Features says. */
export type SpatialRelation = "within" | "contains" | "intersects" | "equals" | "disjoint" | "overlaps";

/** A value is a geometry that lies so to another one; `closer` (or as close) and `farther` than `metres`. */
export type GeometryTest =
  | { readonly kind: "geometry"; readonly relation: SpatialRelation; readonly to: Geometry }
  | {
      readonly kind: "geometry";
      readonly relation: "closer" | "farther";
      readonly to: Geometry;
      readonly metres: number;
    };

/** West, south, east, north in degrees. */
export type Box = readonly [west: number, south: number, east: number, north: number];

/** What tests geometries: a library stands behind it, which `core` does not know. */
export interface GeometryPort {
  /** Whether a value is a geometry that passes; what is none does not. */
  compile(test: GeometryTest): (value: unknown) => boolean;
  /** Metres between the closest points of two geometries, on the sphere; 0 where they meet. */
  distance(from: Geometry, to: Geometry): number;
}

/** How deep positions lie in the coordinates of each type (RFC 7946, 3.1). */
export const coordinateDepth: Readonly<Record<Geometry["type"], number>> = {
  Point: 0,
  MultiPoint: 1,
  LineString: 1,
  MultiLineString: 2,
  Polygon: 2,
  MultiPolygon: 3,
};

export const isGeometryType = (name: unknown): name is Geometry["type"] =>
  typeof name === "string" && Object.hasOwn(coordinateDepth, name);

/** By its form alone: nesting and numbers, not whether rings are closed. */
export function isGeometry(value: unknown): value is Geometry {
  if (typeof value !== "object" || value === null) return false;
  const { type, coordinates } = value as { readonly type?: unknown; readonly coordinates?: unknown };
  return isGeometryType(type) && isNested(coordinates, coordinateDepth[type]);
}

function isNested(value: unknown, depth: number): boolean {
  if (!Array.isArray(value)) return false;
  if (depth > 0) return value.length > 0 && value.every((item) => isNested(item, depth - 1));
  return value.length >= 2 && value.every((number) => typeof number === "number" && Number.isFinite(number));
}

/** All positions of a geometry, rings whole. */
export function positionsOf(geometry: Geometry): readonly Position[] {
  const { type, coordinates } = geometry;
  return type === "Point"
    ? [coordinates]
    : ((coordinates as readonly unknown[]).flat(coordinateDepth[type] - 1) as Position[]);
}

export function boxOf(geometry: Geometry): Box {
  let [west, south, east, north] = [Infinity, Infinity, -Infinity, -Infinity];
  for (const [longitude = Number.NaN, latitude = Number.NaN] of positionsOf(geometry)) {
    west = Math.min(west, longitude);
    east = Math.max(east, longitude);
    south = Math.min(south, latitude);
    north = Math.max(north, latitude);
  }
  return [west, south, east, north];
}
