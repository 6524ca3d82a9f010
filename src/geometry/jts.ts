import { createRequire } from "node:module";
import type { Geometry } from "../core/geometry.ts";

/** What of JTS is used here, whose own types say `any`. */
export interface JtsGeometry {
  getDimension(): number;
}

export interface IntersectionMatrix {
  isWithin(): boolean;
  isContains(): boolean;
  isIntersects(): boolean;
  isDisjoint(): boolean;
  isEquals(dimension: number, other: number): boolean;
  isOverlaps(dimension: number, other: number): boolean;
}

export interface Jts {
  read(geometry: Geometry): JtsGeometry;
  relate(one: JtsGeometry, other: JtsGeometry): IntersectionMatrix;
  isValid(geometry: JtsGeometry): boolean;
  /** 0 inside, 1 on the edge, 2 outside. */
  locate(x: number, y: number, area: JtsGeometry): 0 | 1 | 2;
}

type Class<T> = { readonly default: T };

/**
 * Loaded by the first query that needs it, and kept by the module loader: it takes a tenth of a second in each thread, and
 * most hubs and tests never ask.
 */
export function loadJts(): Jts {
  const load = createRequire(import.meta.url);
  const jts = <T>(path: string): T => (load(`jsts/org/locationtech/jts/${path}.js`) as Class<T>).default;
  const Reader = jts<new () => Pick<Jts, "read">>("io/GeoJSONReader");
  const Locator = jts<new () => { locate(point: object, area: JtsGeometry): 0 | 1 | 2 }>("algorithm/PointLocator");
  const Coordinate = jts<new (x: number, y: number) => object>("geom/Coordinate");
  const Relate = jts<Pick<Jts, "relate">>("operation/relate/RelateOp");
  const Validity = jts<new (geometry: JtsGeometry) => { isValid(): boolean }>("operation/valid/IsValidOp");
  const reader = new Reader();
  const locator = new Locator();
  return {
    read: (geometry) => reader.read(geometry),
    isValid: (geometry) => new Validity(geometry).isValid(),
    relate: (one, other) => Relate.relate(one, other),
    locate: (x, y, area) => locator.locate(new Coordinate(x, y), area),
  };
}
