import { HubError } from "../../core/errors.ts";
import type { Filter } from "../../core/filter.ts";
import { type Geometry, type GeometryTest, isGeometryType, positionsOf } from "../../core/geometry.ts";
import { isSound } from "../../geometry/relate.ts";
import { requireGeometry } from "../entity/parse-value.ts";
import { type Json, parseJson } from "../json/json.ts";
import { isName } from "../names.ts";
import { type PathNames, placeOf } from "./attribute-path.ts";

const MAX_POSITIONS = 1_024;
const NEAR = /^near;(maxDistance|minDistance)==((?:0|[1-9]\d*)(?:\.\d+)?(?:[eE][+-]?\d+)?)$/;
const RELATIONS = ["within", "contains", "intersects", "equals", "disjoint", "overlaps"] as const;

/** A GeoQuery (CIM 009 4.10, 5.2.13): texts of a URL, or members of a JSON body. */
export interface GeoQuery {
  readonly georel: Json | undefined;
  readonly geometry: Json | undefined;
  /** An array, or its JSON text. */
  readonly coordinates: Json | undefined;
  readonly geoproperty?: Json | undefined;
}

const refuse = (message: string): never => {
  throw new HubError("invalid", `${message} (CIM 009 4.10)`);
};

/**
 * Entities of which some instance of the GeoProperty, `location` by default, lies so to the geometry. Throws HubError
 * `invalid`, and `too-complex` beyond 1,024 positions.
 */
export function parseGeoQuery({ georel, geometry, coordinates, geoproperty }: GeoQuery, names: PathNames): Filter {
  const to = geometryOf(geometry, coordinates, "coordinates");
  const place = placeOf({ names: propertyPath(geoproperty), trailing: [] }, [["value"]], names);
  return { kind: "said", ...place, test: testOf(georel, to) };
}

/** The geometry of these coordinates, in the ranges of degrees. `place` names the parameter in what is refused. */
export function geometryOf(type: Json | undefined, coordinates: Json | undefined, place: string): Geometry {
  if (!isGeometryType(type)) {
    return refuse(
      "geometry must be Point, MultiPoint, LineString, MultiLineString, Polygon or MultiPolygon, with coordinates",
    );
  }
  const geometry = requireGeometry(
    { type, coordinates: jsonOf(coordinates, place) },
    "geometry",
  ) as unknown as Geometry;
  const positions = positionsOf(geometry);
  if (positions.length > MAX_POSITIONS) {
    throw new HubError("too-complex", `${place} has ${positions.length} positions; there may be ${MAX_POSITIONS}`);
  }
  const isOnEarth = positions.every(([x = 0, y = 0]) => Math.abs(x) <= 180 && Math.abs(y) <= 90);
  if (!isOnEarth) return refuse(`${place} must have longitudes up to 180 and latitudes up to 90 degrees`);
  return isSound(geometry) ? geometry : refuse(`the rings of ${place} must not cross themselves or each other`);
}

function jsonOf(coordinates: Json | undefined, place: string): Json {
  if (typeof coordinates !== "string") return coordinates ?? refuse(`${place} must be there`);
  try {
    return parseJson(coordinates);
  } catch (cause) {
    throw new HubError("invalid", `${place} must be a JSON array (CIM 009 4.10)`, { cause });
  }
}

function propertyPath(geoproperty: Json | undefined): readonly string[] {
  if (geoproperty === undefined) return ["location"];
  if (typeof geoproperty === "string" && isName(geoproperty)) return [geoproperty];
  const path = typeof geoproperty === "string" ? geoproperty.split(".") : [];
  return path.length > 0 && path.every(isName) ? path : refuse("geoproperty must be an attribute's name");
}

function testOf(georel: Json | undefined, to: Geometry): GeometryTest {
  const relation = RELATIONS.find((name) => name === georel);
  if (relation !== undefined) return { kind: "geometry", relation, to };
  const [, modifier, distance] = (typeof georel === "string" ? NEAR.exec(georel) : undefined) ?? [];
  const metres = Number(distance);
  if (modifier === undefined || !(metres > 0 && metres < Number.POSITIVE_INFINITY)) {
    return refuse(
      `georel must be one of ${RELATIONS.join(", ")}, or near;maxDistance== or near;minDistance== with a positive number`,
    );
  }
  return { kind: "geometry", relation: modifier === "maxDistance" ? "closer" : "farther", to, metres };
}
