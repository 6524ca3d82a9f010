import type { Geometry, Position } from "../core/geometry.ts";
import { positionsOf } from "../core/geometry.ts";

/** Mean radius of the earth in metres (IUGG R1). */
const RADIUS = 6_371_008.8;
const RADIAN = Math.PI / 180;
/** The closest point of a long line is found in this many steps, each in a plane that fits better. */
const STEPS = 3;

/**
 * Metres between the closest points of two geometries that do not meet: Haversine (CIM 009 4.23.1) to the closest point
 * of a line that is straight in degrees, as GeoJSON has it. Who wants the distance of an area asks first whether they meet.
 */
export function closestDistance(from: Geometry, to: Geometry): number {
  return Math.min(fromPoints(from, to), isPointwise(from) ? Number.POSITIVE_INFINITY : fromPoints(to, from));
}

/** From the positions of one to the lines of the other: where two lines do not cross, one of four ends is closest. */
function fromPoints(points: Geometry, lines: Geometry): number {
  const chains = chainsOf(lines);
  let least = Number.POSITIVE_INFINITY;
  for (const position of positionsOf(points)) {
    for (const chain of chains) least = Math.min(least, toChain(position, chain));
  }
  return least;
}

const isPointwise = ({ type }: Geometry): boolean => type === "Point" || type === "MultiPoint";

/** Lines and rings; a point is a chain of one position. */
function chainsOf(geometry: Geometry): readonly (readonly Position[])[] {
  switch (geometry.type) {
    case "Point":
      return [[geometry.coordinates]];
    case "MultiPoint":
      return geometry.coordinates.map((position) => [position]);
    case "LineString":
      return [geometry.coordinates];
    case "MultiLineString":
    case "Polygon":
      return geometry.coordinates;
    case "MultiPolygon":
      return geometry.coordinates.flat();
  }
}

function toChain(position: Position, chain: readonly Position[]): number {
  const [first] = chain;
  if (first === undefined) return Number.POSITIVE_INFINITY;
  if (chain.length === 1) return haversine(position, first);
  let least = Number.POSITIVE_INFINITY;
  for (let index = 1; index < chain.length; index += 1) {
    least = Math.min(least, toSegment(position, chain[index - 1] as Position, chain[index] as Position));
  }
  return least;
}

/** The plane is scaled by the cosine of the latitude between the point and where the closest one was last found. */
function toSegment(point: Position, start: Position, end: Position): number {
  const [x = 0, y = 0] = point;
  const [ax = 0, ay = 0] = start;
  const [bx = 0, by = 0] = end;
  const [dx, dy] = [bx - ax, by - ay];
  if (dx === 0 && dy === 0) return haversine(point, start);
  const px = around(x - ax);
  let latitude = y;
  let share = 0;
  for (let step = 0; step < STEPS; step += 1) {
    const scale = Math.cos(((y + latitude) / 2) * RADIAN) ** 2;
    share = Math.min(1, Math.max(0, (px * dx * scale + (y - ay) * dy) / (dx * dx * scale + dy * dy || 1)));
    latitude = ay + share * dy;
  }
  const closest = haversine(point, [ax + share * dx, latitude]);
  return Math.min(closest, haversine(point, start), haversine(point, end));
}

/** A difference of longitudes goes the short way round. */
const around = (degrees: number): number => ((((degrees + 180) % 360) + 360) % 360) - 180;

export function haversine([x1 = 0, y1 = 0]: Position, [x2 = 0, y2 = 0]: Position): number {
  const [a, b] = [Math.sin(((y2 - y1) * RADIAN) / 2), Math.sin(((x2 - x1) * RADIAN) / 2)];
  const h = a * a + Math.cos(y1 * RADIAN) * Math.cos(y2 * RADIAN) * b * b;
  return 2 * RADIUS * Math.asin(Math.min(1, Math.sqrt(h)));
}
