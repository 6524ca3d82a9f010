import { type Geometry, type GeometryPort, type GeometryTest, isGeometry } from "../core/geometry.ts";
import { closestDistance } from "./distance.ts";
import { Reference } from "./relate.ts";

/** Tests of geometries (CIM 009 4.10) by JTS, distances by Haversine (4.23.1). */
export const geometries: GeometryPort = {
  compile(test) {
    const reference = new Reference(test.to);
    return (value) => isGeometry(value) && passes(test, value, reference);
  },
  distance: (from, to) => distanceTo(from, new Reference(to)),
};

/** 4.10: `closer` is within the buffer, its edge included; `farther` is disjoint from it. */
function passes(test: GeometryTest, geometry: Geometry, reference: Reference): boolean {
  if (test.relation === "closer") return distanceTo(geometry, reference) <= test.metres;
  if (test.relation === "farther") return distanceTo(geometry, reference) > test.metres;
  return reference.isRelated(test.relation, geometry);
}

const isPoint = ({ type }: Geometry): boolean => type === "Point" || type === "MultiPoint";

/** What meets is at no distance; points need not be asked whether they do. */
function distanceTo(geometry: Geometry, reference: Reference): number {
  const mayMeet = !isPoint(geometry) || !isPoint(reference.geometry);
  return mayMeet && reference.isRelated("intersects", geometry) ? 0 : closestDistance(geometry, reference.geometry);
}
