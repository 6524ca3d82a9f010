import { expect } from "chai";
import type { Geometry, SpatialRelation } from "../../src/core/geometry.ts";
import { geometries } from "../../src/geometry/geometries.ts";
import { isSound } from "../../src/geometry/relate.ts";

const point = (x: number, y: number): Geometry => ({ type: "Point", coordinates: [x, y] });
const line = (...coordinates: [number, number][]): Geometry => ({ type: "LineString", coordinates });
const ring = (x: number, y: number, size: number): [number, number][] => [
  [x, y],
  [x + size, y],
  [x + size, y + size],
  [x, y + size],
  [x, y],
];
const polygon = (...coordinates: [number, number][][]): Geometry => ({ type: "Polygon", coordinates });
const holed = polygon(ring(0, 0, 10), ring(4, 4, 2));
const is = (relation: SpatialRelation, one: unknown, to: Geometry): boolean =>
  geometries.compile({ kind: "geometry", relation, to })(one);

/** How geometries lie to each other, by the definitions of OGC Simple Features that CIM 009 4.10 refers to. */
const RELATIONS: readonly (readonly [what: string, one: Geometry, to: Geometry, holds: readonly SpatialRelation[]])[] =
  [
    ["a point inside of a polygon", point(2, 2), holed, ["within", "intersects"]],
    ["a point in a polygon's hole", point(5, 5), holed, ["disjoint"]],
    ["a point on a polygon's edge", point(0, 5), holed, ["intersects"]],
    ["a point on a hole's edge", point(4, 5), holed, ["intersects"]],
    ["a polygon with a point in it", holed, point(2, 2), ["contains", "intersects"]],
    ["a polygon without the point in its hole", holed, point(5, 5), ["disjoint"]],
    ["two polygons that share a part", polygon(ring(0, 0, 4)), polygon(ring(2, 2, 4)), ["overlaps", "intersects"]],
    ["a polygon in another", polygon(ring(1, 1, 1)), polygon(ring(0, 0, 4)), ["within", "intersects"]],
    ["a polygon in another's hole", polygon(ring(4.5, 4.5, 1)), holed, ["disjoint"]],
    ["two polygons that share a corner", polygon(ring(0, 0, 2)), polygon(ring(2, 2, 2)), ["intersects"]],
    [
      "a polygon that begins elsewhere",
      polygon(ring(0, 0, 2)),
      polygon([
        [2, 0],
        [2, 2],
        [0, 2],
        [0, 0],
        [2, 0],
      ]),
      ["equals", "within", "contains", "intersects"],
    ],
    ["a line across a polygon", line([-1, 1], [11, 1]), holed, ["intersects"]],
    ["a line in a polygon", line([1, 1], [3, 3]), holed, ["within", "intersects"]],
    ["two lines that share a part", line([0, 0], [2, 0]), line([1, 0], [3, 0]), ["overlaps", "intersects"]],
    ["two lines that cross", line([0, 0], [2, 2]), line([0, 2], [2, 0]), ["intersects"]],
    ["equal points", point(1, 2), point(1, 2), ["equals", "within", "contains", "intersects"]],
    [
      "points of which one is shared",
      {
        type: "MultiPoint",
        coordinates: [
          [0, 0],
          [1, 1],
        ],
      },
      {
        type: "MultiPoint",
        coordinates: [
          [1, 1],
          [2, 2],
        ],
      },
      ["overlaps", "intersects"],
    ],
    [
      "a point in the second of two polygons",
      point(21, 21),
      { type: "MultiPolygon", coordinates: [[ring(0, 0, 2)], [ring(20, 20, 2)]] },
      ["within", "intersects"],
    ],
    [
      "a line on one of two lines",
      line([0, 0], [1, 0]),
      {
        type: "MultiLineString",
        coordinates: [
          [
            [0, 0],
            [2, 0],
          ],
          [
            [0, 5],
            [2, 5],
          ],
        ],
      },
      ["within", "intersects"],
    ],
  ];

/** Metres between closest points, by independent formulas: 1° of a great circle is 111,195 m. */
const DISTANCES: readonly (readonly [what: string, from: Geometry, to: Geometry, metres: number])[] = [
  ["a point to itself", point(8, 40), point(8, 40), 0],
  ["one degree to the north", point(8, 40), point(8, 41), 111_195],
  ["one degree to the east at 60°", point(10, 60), point(11, 60), 55_597],
  ["over the 180th meridian", point(179.5, 0), point(-179.5, 0), 111_195],
  ["pole to equator", point(0, 90), point(77, 0), 10_007_557],
  ["a line beside a point", line([0, 0], [10, 0]), point(5, 1), 111_195],
  ["a point beside a line, far from its ends", point(5, 60.01), line([0, 60], [10, 60]), 1_112],
  ["the edge of a polygon", polygon(ring(0, 0, 2)), point(3, 1), 111_178],
  ["a point in a polygon", polygon(ring(0, 0, 2)), point(1, 1), 0],
  ["a point in a hole", holed, point(5, 5), 110_837],
  ["two lines that cross", line([0, 0], [2, 2]), line([0, 2], [2, 0]), 0],
];

describe("geometries (4.10)", () => {
  const all: readonly SpatialRelation[] = ["within", "contains", "intersects", "equals", "disjoint", "overlaps"];

  for (const [what, one, to, holds] of RELATIONS) {
    it(`${what}: ${holds.join(", ")} (4.10)`, () => {
      expect(all.filter((relation) => is(relation, one, to))).to.have.members([...holds]);
    });
  }

  for (const [what, from, to, metres] of DISTANCES) {
    it(`${what}: ${metres} m (4.23.1)`, () => {
      for (const distance of [geometries.distance(from, to), geometries.distance(to, from)]) {
        expect(distance).to.be.closeTo(metres, 1 + metres * 0.001);
      }
    });
  }

  it("what is near lies up to the distance, what is far beyond it (4.10)", () => {
    const metres = geometries.distance(point(0, 0), point(0, 1));
    for (const [relation, edge] of [
      ["closer", true],
      ["farther", false],
    ] as const) {
      const at = (distance: number): boolean =>
        geometries.compile({ kind: "geometry", relation, to: point(0, 0), metres: distance })(point(0, 1));
      expect([at(metres - 1), at(metres), at(metres + 1)]).to.deep.equal([!edge, edge, edge]);
    }
  });

  it("what crosses itself or is open lies nowhere, and has a distance all the same", () => {
    const wrong: readonly Geometry[] = [
      polygon([
        [0, 0],
        [2, 2],
        [2, 0],
        [0, 2],
        [0, 0],
      ]),
      polygon([
        [0, 0],
        [1, 1],
        [0, 0],
      ]),
      line([1, 1]),
    ];
    for (const one of wrong) {
      expect(is("within", one, holed)).to.equal(false);
      expect(geometries.distance(one, point(0, -1))).to.be.greaterThan(100_000);
    }
    expect(wrong.slice(0, 2).map(isSound)).to.deep.equal([false, false]);
    expect([holed, point(1, 1)].map(isSound)).to.deep.equal([true, true]);
  });

  it("what is no geometry lies nowhere, not even apart", () => {
    for (const value of [
      1,
      "Point",
      null,
      {},
      { type: "Point", coordinates: ["a", 1] },
      { type: "GeometryCollection" },
    ]) {
      expect(all.some((relation) => is(relation, value, point(0, 0)))).to.equal(false);
    }
  });
});
