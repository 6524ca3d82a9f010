import { type Box, boxOf, type Geometry, type SpatialRelation } from "../core/geometry.ts";
import { type IntersectionMatrix, type Jts, type JtsGeometry, loadJts } from "./jts.ts";

/** A geometry that others are held against; what JTS makes of it waits until it is needed. */
export class Reference {
  readonly geometry: Geometry;
  readonly box: Box;
  #prepared: { readonly jts: Jts; readonly geometry: JtsGeometry } | undefined;

  constructor(geometry: Geometry) {
    this.geometry = geometry;
    this.box = boxOf(geometry);
  }

  /** Whether `geometry` lies so to this one, by the intersection matrix of Simple Features (DE-9IM). */
  isRelated(relation: SpatialRelation, geometry: Geometry): boolean {
    if (!meet(boxOf(geometry), this.box)) return relation === "disjoint";
    this.#prepared ??= prepare(this.geometry);
    const { jts, geometry: reference } = this.#prepared;
    if (geometry.type === "Point" && isArea(this.geometry)) {
      const [x = 0, y = 0] = geometry.coordinates;
      return isPlaced(relation, jts.locate(x, y, reference));
    }
    const related = relate(jts, geometry, reference);
    if (related === undefined) return false;
    const { read, matrix } = related;
    switch (relation) {
      case "within":
        return matrix.isWithin();
      case "contains":
        return matrix.isContains();
      case "intersects":
        return matrix.isIntersects();
      case "disjoint":
        return matrix.isDisjoint();
      case "equals":
        return matrix.isEquals(read.getDimension(), reference.getDimension());
      case "overlaps":
        return matrix.isOverlaps(read.getDimension(), reference.getDimension());
    }
  }
}

/** JTS refuses what is open or crosses itself: what is stored may, and lies nowhere then. */
function relate(
  jts: Jts,
  geometry: Geometry,
  reference: JtsGeometry,
): { readonly read: JtsGeometry; readonly matrix: IntersectionMatrix } | undefined {
  try {
    const read = jts.read(geometry);
    return { read, matrix: jts.relate(read, reference) };
  } catch {
    return undefined;
  }
}

/** Whether the rings of an area are rings: closed, apart from each other, and not crossing themselves. */
export function isSound(geometry: Geometry): boolean {
  if (!isArea(geometry)) return true;
  const jts = loadJts();
  try {
    return jts.isValid(jts.read(geometry));
  } catch {
    return false;
  }
}

function prepare(geometry: Geometry): { readonly jts: Jts; readonly geometry: JtsGeometry } {
  const jts = loadJts();
  return { jts, geometry: jts.read(geometry) };
}

/** A point and an area, the common case: nothing matters but on which side of the rings the point lies. */
function isPlaced(relation: SpatialRelation, place: 0 | 1 | 2): boolean {
  switch (relation) {
    case "within":
      return place === 0;
    case "intersects":
      return place !== 2;
    case "disjoint":
      return place === 2;
    default:
      return false;
  }
}

const isArea = ({ type }: Geometry): boolean => type === "Polygon" || type === "MultiPolygon";

const meet = ([w1, s1, e1, n1]: Box, [w2, s2, e2, n2]: Box): boolean => w1 <= e2 && w2 <= e1 && s1 <= n2 && s2 <= n1;
