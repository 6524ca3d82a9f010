import { expect } from "chai";
import { type NgsiHub, startNgsiHub } from "./ngsi-hub.ts";

const property = (value: unknown, more: object = {}) => ({ type: "Property", value, ...more });
const place = (type: string, coordinates: unknown, more: object = {}) => ({
  type: "GeoProperty",
  value: { type, coordinates },
  ...more,
});
const idOf = (name: string): string => `urn:ngsi-ld:Site:${name}`;
const SQUARE = [
  [
    [0, 0],
    [2, 0],
    [2, 2],
    [0, 2],
    [0, 0],
  ],
];

const SITES = [
  { name: "a", location: place("Point", [1, 1]), rank: property(5), title: property("Zebra"), kind: property("x") },
  {
    name: "b",
    location: [place("Point", [40, 40]), place("Point", [1.5, 1.5], { datasetId: "urn:d:1" })],
    rank: property("abc"),
    title: property("Ähre"),
    gender: { type: "VocabProperty", vocab: "Male" },
  },
  {
    name: "c",
    location: place("Polygon", [
      [
        [1, 1],
        [5, 1],
        [5, 5],
        [1, 5],
        [1, 1],
      ],
    ]),
    rank: property(1, { weight: property(2) }),
    title: property("ast"),
  },
  { name: "d", observationSpace: place("Point", [8, 40]), rank: property(5, { weight: property(1) }) },
  { name: "e", location: place("Point", [9.01, 60]), title: property(true) },
] as const;

/** What is asked, which sites answer, and the rule of 4.10 behind it. */
const QUERIES: readonly (readonly [georel: string, type: string, coordinates: unknown, found: string, rule: string])[] =
  [
    ["within", "Polygon", SQUARE, "ab", "inside; one of several instances is enough"],
    ["intersects", "Polygon", SQUARE, "abc", "any point in common"],
    ["overlaps", "Polygon", SQUARE, "c", "shares a part and goes beyond it"],
    ["contains", "Point", [3, 3], "c", "the entity is around it"],
    ["equals", "Point", [1, 1], "a", "the same points"],
    ["disjoint", "Polygon", SQUARE, "be", "some instance has nothing in common; no location, no match"],
    ["near;maxDistance==2000", "Point", [9, 60], "e", "up to a distance"],
    [
      "near;maxDistance==2000",
      "LineString",
      [
        [9, 50],
        [9, 70],
      ],
      "e",
      "from the closest point of a line",
    ],
    ["near;maxDistance==1.2e5", "Point", [6, 3], "c", "from the edge of what is stored"],
    ["near;minDistance==5000000", "Point", [1, 1], "be", "farther than a distance"],
    [
      "intersects",
      "MultiPoint",
      [
        [1, 1],
        [40, 40],
      ],
      "abc",
      "several points",
    ],
    [
      "intersects",
      "MultiPolygon",
      [
        SQUARE,
        [
          [
            [8, 59],
            [10, 59],
            [10, 61],
            [8, 61],
            [8, 59],
          ],
        ],
      ],
      "abce",
      "several areas",
    ],
    [
      "intersects",
      "MultiLineString",
      [
        [
          [0, 1],
          [1, 1],
        ],
        [
          [9, 60],
          [10, 60],
        ],
      ],
      "ace",
      "several lines",
    ],
  ];

const REFUSED: readonly (readonly [georel: string, geometry: string, coordinates: string, why: string])[] = [
  ["near;maxDistance==0", "Point", "[8,40]", "a distance of zero"],
  ["near;maxDistance==-1", "Point", "[8,40]", "a negative distance"],
  ["near;maxDistance==1e999", "Point", "[8,40]", "an infinite distance"],
  ["near;maxDistance==5;minDistance==1", "Point", "[8,40]", "two distances"],
  ["near", "Point", "[8,40]", "no distance"],
  ["touches", "Point", "[8,40]", "another relation"],
  ["within", "GeometryCollection", "[]", "a collection"],
  ["within", "Polygon", "[[[0,0],[1,0],[1,1]]]", "a ring that is not closed"],
  ["within", "Polygon", "[[[0,0],[2,2],[2,0],[0,2],[0,0]]]", "a ring that crosses itself"],
  ["within", "Point", "[8", "coordinates that are no JSON"],
  ["within", "Point", "[[8,40]]", "coordinates of another geometry"],
  ["within", "Point", "[8,140]", "a latitude beyond 90"],
  ["within", "Point", "", "no coordinates"],
];

const ORDERS: readonly (readonly [orderBy: string, found: string, rule: string])[] = [
  ["rank", "cadbe", "numbers before texts before what is not there; then in order of creation (4.23.2)"],
  ["rank;desc", "badce", "the other way, what is not there last (4.23.2)"],
  ["rank,id;desc", "cdabe", "one key after the other (4.23.3)"],
  ["title", "bcaed", "ICU's root order, texts before booleans (4.23.1)"],
  ["rank.weight", "dcabe", "a sub-attribute (4.23.3)"],
  ["id;desc", "edcba", "the id (4.23.3)"],
  ["createdAt;desc", "edcba", "when they were made (4.23.3)"],
  ["location;dist-asc", "acbed", "distance, of the default instance; what has no place last (4.23.2)"],
  ["location;dist-desc", "ebacd", "the other way, what is as far in order of creation (4.23.2)"],
];

describe("NGSI-LD API: geoqueries and order (4.10, 4.23)", () => {
  let hub: NgsiHub;

  before(async () => {
    hub = await startNgsiHub();
    for (const { name, ...rest } of SITES) {
      const created = await hub.call("POST", "/entities", { id: idOf(name), type: "Site", ...rest });
      expect(created.status, await created.text()).to.equal(201);
    }
  });
  after(() => hub.stop());

  const ask = (query: Record<string, string>): Promise<Response> =>
    hub.call("GET", `/entities?${new URLSearchParams({ type: "Site", ...query })}`);
  const post = (body: object, query = ""): Promise<Response> =>
    hub.call("POST", `/entityOperations/query${query}`, { type: "Query", entities: [{ type: "Site" }], ...body });
  const names = async (response: Response): Promise<string> => {
    const text = await response.text();
    expect(response.status, text).to.equal(200);
    const entities = JSON.parse(text) as readonly { readonly id: string }[];
    return entities.map(({ id }) => id.split(":").at(-1)).join("");
  };

  for (const [georel, geometry, coordinates, found, rule] of QUERIES) {
    it(`${georel} a ${geometry}: ${rule} (4.10)`, async () => {
      const asked = { georel, geometry, coordinates: JSON.stringify(coordinates) };
      expect(await names(await ask(asked))).to.equal(found);
      expect(await names(await post({ geoQ: { georel, geometry, coordinates } }))).to.equal(found);
    });
  }

  for (const [georel, geometry, coordinates, why] of REFUSED) {
    it(`refuses ${why} (4.10)`, async () => {
      const response = await ask({ georel, geometry, coordinates });
      expect(response.status).to.equal(400);
      expect(await response.json()).to.have.property("type", "https://uri.etsi.org/ngsi-ld/errors/BadRequestData");
    });
  }

  it("georel, geometry and coordinates come together; geoproperty is ignored without them (6.4.3.2)", async () => {
    expect((await ask({ georel: "within" })).status).to.equal(400);
    expect((await ask({ coordinates: "[1,1]" })).status).to.equal(400);
    expect(await names(await ask({ geoproperty: "observationSpace" }))).to.equal("abcde");
  });

  it("another GeoProperty can be asked for (4.10)", async () => {
    const near = { georel: "near;maxDistance==2000", geometry: "Point", coordinates: "[8,40]" };
    expect(await names(await ask(near))).to.equal("");
    expect(await names(await ask({ ...near, geoproperty: "observationSpace" }))).to.equal("d");
  });

  it("a geoquery alone is narrow enough (5.7.2.4)", async () => {
    const query = new URLSearchParams({ georel: "equals", geometry: "Point", coordinates: "[1,1]" });
    expect(await names(await hub.call("GET", `/entities?${query}`))).to.equal("a");
  });

  it("more than 1,024 positions are too complex", async () => {
    const coordinates = Array.from({ length: 1_025 }, (_, index) => [index / 100, 0]);
    const geoQ = { georel: "intersects", geometry: "LineString", coordinates };
    expect((await post({ geoQ })).status).to.equal(403);
  });

  for (const [orderBy, found, rule] of ORDERS) {
    it(`orderBy=${orderBy}: ${rule}`, async () => {
      const isFar = orderBy.includes("dist");
      expect(await names(await ask({ orderBy, ...(isFar ? { orderFrom: "[0,0]" } : {}) }))).to.equal(found);
      const ordering = { orderBy: orderBy.split(","), ...(isFar ? { coordinates: [0, 0], geometry: "Point" } : {}) };
      expect(await names(await post({ ordering }))).to.equal(found);
    });
  }

  it("pages of an order are of one row, counted (4.23, 5.5.9)", async () => {
    const pages = await Promise.all(
      [0, 2, 4].map((offset) => ask({ orderBy: "rank", limit: "2", count: "true", offset: String(offset) })),
    );
    expect(pages.map(({ headers }) => headers.get("NGSILD-Results-Count"))).to.deep.equal(["5", "5", "5"]);
    expect(pages.map(({ headers }) => headers.get("link")?.includes('rel="next"') ?? false)).to.deep.equal([
      true,
      true,
      false,
    ]);
    expect((await Promise.all(pages.map(names))).join("")).to.equal("cadbe");
  });

  it("a collation orders texts (4.23.3)", async () => {
    expect(await names(await ask({ orderBy: "title", collation: "de-u-co-phonebk" }))).to.equal("bcaed");
    expect(await names(await ask({ orderBy: "title", collation: "sv" }))).to.equal("cabed");
    expect((await ask({ orderBy: "title", collation: "not a tag!!" })).status).to.equal(400);
  });

  for (const [why, query] of Object.entries({
    "a distance without a place": { orderBy: "location;dist-asc" },
    "another direction": { orderBy: "rank;down" },
    "a place that is none": { orderBy: "location;dist-asc", orderFrom: "8,40" },
    "a collation without an order": { collation: "de" },
    "a path that is none": { orderBy: "rank..x" },
  })) {
    it(`refuses to order by ${why} (5.7.2.4)`, async () => {
      expect((await ask(query)).status).to.equal(400);
    });
  }

  it("when entities and attributes were made and changed can be asked for, but is too wide alone (4.9, 5.7.2.4)", async () => {
    expect(await names(await ask({ q: "createdAt>2020-01-01T00:00:00Z" }))).to.equal("abcde");
    expect(await names(await ask({ q: "rank.modifiedAt>2020-01-01T00:00:00Z;modifiedAt>2020-01-01" }))).to.equal("");
    expect(await names(await ask({ q: "rank.createdAt>2020-01-01T00:00:00Z" }))).to.equal("abcd");
    for (const query of ["q=createdAt>2020-01-01T00:00:00Z", "attrs=createdAt", `id=${idOf("a")}`, "idPattern=.*"]) {
      expect((await hub.call("GET", `/entities?${query}`)).status, query).to.equal(400);
      expect((await hub.call("GET", `/entities?${query}&local=true`)).status, query).to.equal(200);
    }
  });

  it("expandValues makes terms of what a query compares with (4.9)", async () => {
    expect(await names(await ask({ q: "gender==Male", expandValues: "gender" }))).to.equal("b");
    expect(await names(await ask({ q: 'gender=="Male"', expandValues: "gender" }))).to.equal("b");
    expect(await names(await ask({ q: 'gender=="Male"' }))).to.equal("");
    expect((await ask({ q: "gender==Male" })).status).to.equal(400);
  });

  it("linked entities are asked about with join alone (5.7.2.4)", async () => {
    const owner = { id: "urn:ngsi-ld:Owner:1", type: "Owner", name: property("Ann"), age: property(40) };
    const owned = { id: idOf("o"), type: "Owned", owner: { type: "Relationship", object: owner.id } };
    for (const entity of [owner, owned]) expect((await hub.call("POST", "/entities", entity)).status).to.equal(201);
    const asked = (q: string, more: object = {}): Promise<Response> => ask({ type: "Owned", q, ...more });
    expect((await asked("owner{age}>30")).status).to.equal(400);
    expect((await asked("owner{age{x}}>30", { join: "inline" })).status, "deeper than joinLevel").to.equal(400);
    expect(await names(await asked("owner{age}>30", { join: "inline" }))).to.equal("o");
    expect(await names(await asked("owner{Owner:age}==40", { join: "inline" }))).to.equal("o");
    expect(await names(await asked("owner{Other:age}==40", { join: "inline" }))).to.equal("");
    expect(await names(await asked("owner{age}>40", { join: "inline" }))).to.equal("");
  });
});
