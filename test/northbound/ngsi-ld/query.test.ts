import { expect } from "chai";
import { type NgsiHub, PUMP, startNgsiHub } from "./ngsi-hub.ts";

const property = (value: unknown, more: object = {}) => ({ type: "Property", value, ...more });
const idOf = (name: string): string => `urn:ngsi-ld:Room:${name}`;

const ROOMS = [
  {
    name: "a",
    scope: ["/Madrid/Gardens/North", "/CompanyA"],
    temperature: property(20, { observedAt: "2026-01-01T00:00:00Z", accuracy: property(0.5) }),
    colours: property(["blue", "red"]),
    address: property({ city: "Berlin", area: { code: 7 } }),
    label: { type: "LanguageProperty", languageMap: { en: "red", fr: ["rouge", "sang"] } },
    owner: { type: "Relationship", object: "urn:ngsi-ld:Person:1" },
    isOpen: property(true),
    since: property("2020-05-05"),
    title: property("Tower Bridge"),
  },
  {
    name: "b",
    scope: "/Madrid/Sights/North",
    temperature: [property(25), property(5, { datasetId: "urn:d:1" })],
    colours: property(["green"]),
    label: { type: "LanguageProperty", languageMap: { en: "black", fr: "noir" } },
    owner: { type: "Relationship", object: ["urn:ngsi-ld:Person:2", "urn:ngsi-ld:Person:3"] },
    isOpen: property(false),
    title: property("Eiffel"),
    kind: { type: "VocabProperty", vocab: "Hall" },
    details: { type: "JsonProperty", json: { id: "x1" } },
  },
  { name: "c", scope: "/Paris", temperature: property("20"), steps: { type: "ListProperty", valueList: [1, 2] } },
];

/** What is asked, which rooms answer, and the rule of 4.9 behind it. */
const QUERIES: readonly (readonly [q: string, found: string, rule: string])[] = [
  ["temperature", "abc", "existence"],
  ["temperature.accuracy", "a", "existence of a sub-attribute"],
  ["address[area.code]", "a", "existence of a member of the value"],
  ["temperature==20", "a", "a number is no text"],
  ['temperature=="20"', "c", "a text is no number"],
  ["temperature!=20", "bc", "another type is unequal"],
  ["temperature>=20", "ab", "greater or equal; another type does not match"],
  ["temperature<10", "b", "any of several instances"],
  ["temperature==10..20", "a", "a range has both ends"],
  ["temperature!=10..24", "bc", "outside of a range"],
  ['colours=="red"', "a", "an array includes"],
  ['colours!="red"', "b", "an array does not include"],
  ['colours=="pink","green"', "b", "one of a list"],
  ['colours!="pink","green"', "a", "none of a list"],
  ["temperature.accuracy==0.5", "a", "a sub-attribute"],
  ["temperature.observedAt>=2025-12-31T00:00:00Z", "a", "a time"],
  ["temperature.observedAt<2025-12-31T00:00:00Z", "", "a time, the other way"],
  ["since>2019-01-01", "a", "a date"],
  ['address[city]=="Berlin"', "a", "a member of a value"],
  ['details[id]=="x1"', "b", "a member of a JsonProperty"],
  ["owner==urn:ngsi-ld:Person:1", "a", "a Relationship's URI"],
  ['owner=="urn:ngsi-ld:Person:3"', "b", "a Relationship of several"],
  ['owner>"urn:a"', "", "a Relationship is not ordered"],
  ['owner~=".*"', "", "nor matched by a pattern"],
  ['label=="rouge"', "a", "any language"],
  ['label[en]=="red"', "a", "one language"],
  ['label[fr]!="red"', "ab", "one language, unequal"],
  ['label[*]!="black"', "a", "unequal in every language"],
  ["isOpen==true", "a", "a boolean"],
  ['title~="^T.*e$"', "a", "a pattern"],
  ['title!~="^T.*e$"', "b", "not a pattern"],
  ['temperature!~="x"', "c", "a pattern is for texts"],
  ['kind=="https://uri.etsi.org/ngsi-ld/default-context/Hall"', "b", "a VocabProperty, expanded"],
  ["steps==2", "c", "a ListProperty"],
  ['temperature>=20;title=="Eiffel"|steps', "bc", "and before or"],
  ['temperature>=20;(title=="Eiffel"|isOpen==true)', "ab", "an association"],
];

const SCOPES: readonly (readonly [scopeQ: string, found: string])[] = [
  ["/Madrid/Gardens/North", "a"],
  ["/Madrid", ""],
  ["/Madrid/#", "ab"],
  ["/Madrid/+/North", "ab"],
  ["/+/Gardens/#", "a"],
  ["/Paris/#", "c"],
  ["/#", "abc"],
  ["/Paris,/CompanyA", "ac"],
  ["/Paris|/CompanyA", "ac"],
  ["(/Madrid/Gardens/North;/CompanyA)", "a"],
  ["(/Madrid/Gardens/North;/CompanyB)|/Paris", "c"],
];

const REFUSED = [
  "temperature>1..2",
  "owner{name}",
  "a-b==1",
  'a=="x',
  "a==",
  "(a",
  "a;;b",
  "a=1",
  "a==1e999",
  'a~="("',
];

describe("NGSI-LD API: queries by q and scopeQ (4.9, 4.19)", () => {
  let hub: NgsiHub;

  before(async () => {
    hub = await startNgsiHub();
    for (const { name, ...rest } of ROOMS) {
      const created = await hub.call("POST", "/entities", { id: idOf(name), type: "Room", ...rest });
      expect(created.status).to.equal(201);
    }
  });
  after(() => hub.stop());

  const found = async (query: Record<string, string>): Promise<string> => {
    const response = await hub.call("GET", `/entities?${new URLSearchParams(query)}`);
    expect(response.status, JSON.stringify(query)).to.equal(200);
    const entities = (await response.json()) as readonly { readonly id: string }[];
    return entities.map(({ id }) => id.split(":").at(-1)).join("");
  };

  for (const [q, names, rule] of QUERIES) {
    it(`q=${q} finds ${names || "nothing"}: ${rule}`, async () => {
      expect(await found({ type: "Room", q })).to.equal(names);
    });
  }

  for (const [scopeQ, names] of SCOPES) {
    it(`scopeQ=${scopeQ} finds ${names || "nothing"}`, async () => {
      expect(await found({ type: "Room", scopeQ })).to.equal(names);
    });
  }

  it("q says enough to query without a type (5.7.2.4)", async () => {
    expect(await found({ q: "steps" })).to.equal("c");
    expect((await hub.call("GET", "/entities?scopeQ=/Paris")).status).to.equal(400);
  });

  for (const q of REFUSED) {
    it(`q=${q} is BadRequestData`, async () => {
      const response = await hub.call("GET", `/entities?${new URLSearchParams({ type: "Room", q })}`);
      expect(response.status).to.equal(400);
      expect(await response.json()).to.have.property("type", "https://uri.etsi.org/ngsi-ld/errors/BadRequestData");
    });
  }

  it("refuses a query beyond its bounds: TooComplexQuery", async () => {
    const q = Array.from({ length: 600 }, () => "a").join(";");
    expect((await hub.call("GET", `/entities?type=Room&q=${q}`)).status).to.equal(403);
    expect((await hub.call("GET", `/entities?type=Room&q=${"(".repeat(40)}a${")".repeat(40)}`)).status).to.equal(403);
  });

  for (const scopeQ of ["/a-b", "/a//b", "/a;", "/#/a", ""]) {
    it(`scopeQ=${scopeQ || "(empty)"} is BadRequestData`, async () => {
      expect((await hub.call("GET", `/entities?${new URLSearchParams({ type: "Room", scopeQ })}`)).status).to.equal(
        400,
      );
    });
  }

  it("sees what a linked attribute shows now: value, time and quality (rule 11)", async () => {
    const pump = (q: string): Promise<string> => found({ type: "Pump", q });
    expect(await pump("flow")).to.equal("");
    await hub.read("flow", 12.5, { sourceTime: Date.parse("2026-03-01T00:00:00Z") });
    expect(await pump("flow>12;flow<13")).to.equal("p1");
    expect(await pump("flow.observedAt==2026-03-01T00:00:00Z")).to.equal("p1");
    expect(await pump('flow.quality=="good";flow.unitCode=="MQH"')).to.equal("p1");
    await hub.read("flow", 40, { quality: "uncertain" });
    expect(await pump("flow>12;flow<13")).to.equal("");
    expect(await pump('flow==40;flow.quality!="good"')).to.equal("p1");
    await hub.read("counter", 9007199254740993n);
    expect(await pump("counter>9007199254740990")).to.equal("p1");
    expect(PUMP).to.match(/p1$/);
  });

  describe("by POST (5.2.23, 6.23)", () => {
    const post = (body: unknown, query = "") => hub.call("POST", `/entityOperations/query${query}`, body);

    it("takes selectors, filters and projections from the body, page and form from the parameters", async () => {
      const body = {
        type: "Query",
        entities: [{ type: "Room", id: [idOf("a"), idOf("c")] }, { type: "Pump" }],
        q: "temperature",
        scopeQ: "/#",
        pick: ["id", "temperature"],
      };
      const first = await post(body, "?options=keyValues&limit=1&count=true");
      expect(await first.json()).to.deep.equal([{ id: idOf("a"), temperature: 20 }]);
      expect(first.headers.get("NGSILD-Results-Count")).to.equal("2");
      expect(first.headers.get("link")).to.contain("offset=1").and.to.contain('rel="next"');
    });

    it("chooses instances and leaves members out", async () => {
      const body = {
        type: "Query",
        entities: [{ type: "Room", idPattern: ":b$" }],
        datasetId: ["urn:d:1"],
        omit: ["scope"],
      };
      const rooms = (await (await post(body, "?format=simplified")).json()) as readonly object[];
      expect(rooms).to.deep.equal([{ id: idOf("b"), type: "Room", temperature: { dataset: { "urn:d:1": 5 } } }]);
    });

    for (const [wrong, body] of Object.entries({
      "another type": { type: "Other", entities: [{ type: "Room" }] },
      "no entities": { type: "Query", entities: [] },
      "no attrs": { type: "Query", entities: [{ type: "Room" }], attrs: [] },
      "a q that is no text": { type: "Query", entities: [{ type: "Room" }], q: 42 },
      "a temporal query": { type: "Query", entities: [{ type: "Room" }], temporalQ: { timerel: "after" } },
      "a selector without a type": { type: "Query", entities: [{ id: idOf("a") }] },
      "a joinLevel of 0": { type: "Query", entities: [{ type: "Room" }], join: "flat", joinLevel: 0 },
      "an unknown member": { type: "Query", entities: [{ type: "Room" }], filter: "x" },
      "too wide a query": { type: "Query" },
    })) {
      it(`refuses ${wrong}`, async () => {
        const response = await post(body);
        expect([400, 422]).to.include(response.status);
        if (wrong !== "a joinLevel of 0") expect(response.status).to.equal(400);
      });
    }
  });
});
