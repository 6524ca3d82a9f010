import { expect } from "chai";
import { shellDescriptor, submodelDescriptor } from "../../aas/registry/descriptors.ts";
import { officialSchemas } from "../../aas/registry/official-schemas.ts";
import { type AasRoom, type Answer, openAasRoom } from "./aas-room.ts";
import { environment } from "./all-elements.ts";

const eq = ($field: string, $strVal: string) => ({ $eq: [{ $field }, { $strVal }] });
const everything = { $boolean: true };
const result = ({ body }: Answer): readonly unknown[] => body.result as unknown as readonly unknown[];
const ids = (answer: Answer): readonly string[] =>
  result(answer).map((one) => (typeof one === "string" ? one : (one as { readonly id: string }).id));
const paging = ({ body }: Answer) => body.paging_metadata as { readonly cursor?: string; readonly resultType?: string };

describe("POST /query", () => {
  let room: AasRoom;
  const judge = officialSchemas();
  const ask = async (path: string, $condition: unknown, more: object = {}): Promise<Answer> =>
    await room.call("POST", `/query/${path}`, { $condition, ...more });

  before(async () => {
    room = await openAasRoom();
    for (const submodel of environment.submodels) await room.call("POST", "/submodels", submodel);
    for (const shell of environment.shells) await room.call("POST", "/shells", shell);
    const concept = { modelType: "ConceptDescription", id: "urn:query:cd", idShort: "Speed" };
    await room.call("POST", "/concept-descriptions", concept);
  });
  after(async () => await room.close());

  it("answers as the OpenAPI has it: objects with their type in pages, or identifiers", async () => {
    const kinds = [
      ["shells", "AssetAdministrationShell", "QueryResultAssetAdministrationShell"],
      ["submodels", "Submodel", "QueryResultSubmodel"],
      ["concept-descriptions", "ConceptDescription", "QueryResultConceptDescription"],
      ["shell-descriptors", "AssetAdministrationShellDescriptor", "QueryResultAssetAdministrationShellDescriptor"],
      ["submodel-descriptors", "SubmodelDescriptor", "QueryResultSubmodelDescriptor"],
    ] as const;
    for (const [path, resultType, schema] of kinds) {
      const answer = await ask(path, everything);
      expect(answer.status, answer.text).to.equal(200);
      expect(judge?.(schema, answer.body) ?? [], schema).to.deep.equal([]);
      expect(paging(answer)).to.deep.equal({ resultType });
      expect(result(answer).length, path).to.be.greaterThan(0);
      const selected = await ask(path, everything, { $select: "id" });
      expect(paging(selected)).to.deep.equal({ resultType: "Identifier" });
      expect(result(selected)).to.deep.equal(ids(answer));
    }
  });

  it("gives each object as its GET gives it", async () => {
    const listed = await room.call("GET", "/submodels");
    expect(result(await ask("submodels", everything))).to.deep.equal(result(listed));
    expect(result(await ask("shells", everything))).to.deep.equal(result(await room.call("GET", "/shells")));
    const descriptors = await room.call("GET", "/shell-descriptors");
    expect(result(await ask("shell-descriptors", everything))).to.deep.equal(result(descriptors));
  });

  it("goes through pages without loss", async () => {
    for (const path of ["submodels", "submodel-descriptors"]) {
      const all = ids(await ask(path, everything));
      const seen: string[] = [];
      for (let cursor: string | undefined = ""; cursor !== undefined; ) {
        const after: string = cursor === "" ? "" : `&cursor=${cursor}`;
        const page = await room.call("POST", `/query/${path}?limit=1${after}`, { $condition: everything });
        expect(ids(page).length).to.be.at.most(1);
        seen.push(...ids(page));
        cursor = paging(page).cursor;
      }
      expect(seen).to.deep.equal(all);
    }
    const wrong = await room.call("POST", "/query/submodels?cursor=none", { $condition: everything });
    expect(wrong.status).to.equal(400);
    expect((await room.call("POST", "/query/shells?limit=0", { $condition: everything })).status).to.equal(400);
  });

  it("sees descriptors of both kinds: made of what is held, and posted", async () => {
    const shell = shellDescriptor(1);
    const submodel = submodelDescriptor(1);
    expect((await room.call("POST", "/shell-descriptors", shell)).status).to.equal(201);
    expect((await room.call("POST", "/submodel-descriptors", submodel)).status).to.equal(201);
    const all = ids(await ask("shell-descriptors", everything));
    expect(all).to.include.members([shell.id, environment.shells[0]?.id]);
    expect(ids(await ask("shell-descriptors", eq("$aasdesc#id", shell.id)))).to.deep.equal([shell.id]);
    expect(ids(await ask("submodel-descriptors", eq("$smdesc#id", submodel.id)))).to.deep.equal([submodel.id]);
    const $regex = [{ $field: "$aasdesc#endpoints[].protocolinformation.href" }, { $strVal: "/api/v3.1/shells/" }];
    const held = environment.shells.map(({ id }) => id);
    expect(ids(await ask("shell-descriptors", { $regex }))).to.deep.equal(held);
    const nested = { $not: { $eq: [{ $field: "$aasdesc#submodelDescriptors.id" }, { $strVal: "none" }] } };
    expect(ids(await ask("shell-descriptors", nested))).to.deep.equal(all);
    const $match = [
      { $eq: [{ $field: "$smdesc#endpoints[].interface" }, { $strVal: "SUBMODEL-3.1" }] },
      { $contains: [{ $field: "$smdesc#endpoints[].protocolinformation.href" }, { $strVal: "/$value" }] },
    ];
    expect(ids(await ask("submodel-descriptors", { $match })), "$value is another endpoint's").to.deep.equal([]);
    expect(ids(await ask("submodel-descriptors", { $and: $match })).length).to.be.greaterThan(0);
  });

  it("says everything that is wrong with a query at once, and where", async () => {
    const answer = await room.call("POST", "/query/submodels", {
      $select: "idShort",
      $filter: {},
      $condition: {
        $and: [
          { $eq: [{ $field: "$sm#nothing" }, { $strVal: "a" }] },
          { $starts_with: [] },
          { $regex: [{ $field: "$sm#id" }, { $strVal: "(" }] },
          { $lt: [{ $attribute: { GLOBAL: "UTCNOW" } }, { $dateTimeVal: "yesterday" }] },
          { $eq: [{ $field: "$cd#id" }] },
          { $eq: [{ $field: "$cd#id" }, { $hexVal: "FF" }] },
          { $contains: [{ $field: "$sm.x#id" }, { $numVal: 1 }] },
          { $match: [eq("$sme.Aa[].B1#value", "x"), eq("$sme.Cc[].D1#value", "y")] },
          { $eq: [{ $timeCast: { $strVal: "noon" } }, { $timeVal: "12:00" }] },
        ],
      },
    });
    expect(answer.status).to.equal(400);
    expect(judge?.("Result", answer.body) ?? []).to.deep.equal([]);
    const messages = (answer.body.messages as unknown as readonly { readonly text: string }[]).map(({ text }) => text);
    const places = messages.slice(1).map((text) => text.split(":")[0]);
    expect(places).to.include.members([
      "/$select",
      "/$filter",
      "/$condition/$and/0/$eq/0/$field",
      "/$condition/$and/1/$starts_with",
      "/$condition/$and/2/$regex/1",
      "/$condition/$and/3/$lt/0/$attribute",
      "/$condition/$and/3/$lt/1/$dateTimeVal",
      "/$condition/$and/4/$eq",
      "/$condition/$and/5/$eq/0/$field",
      "/$condition/$and/5/$eq/1/$hexVal",
      "/$condition/$and/6/$contains/0/$field",
      "/$condition/$and/6/$contains/1/$numVal",
      "/$condition/$and/7/$match",
      "/$condition/$and/8/$eq/0/$timeCast",
    ]);
    expect(answer.text).to.contain("$attribute belongs to access rules");
  });

  it("refuses what is no query, and what is too complex", async () => {
    for (const body of ["[]", "{}", "null", '"x"', '{"$condition":{}}', '{"$condition":{"$and":[]}}', "{"]) {
      expect((await room.call("POST", "/query/shells", body)).status, body).to.equal(400);
    }
    let deep: unknown = everything;
    for (let level = 0; level < 40; level++) deep = { $not: deep };
    const wide = { $or: Array.from({ length: 300 }, () => everything) };
    const path = `$sme.${Array.from({ length: 40 }, () => "Aa").join(".")}#value`;
    for (const condition of [deep, wide, eq(path, "x")]) {
      const answer = await ask("submodels", condition);
      expect(answer.status).to.equal(403);
      expect(judge?.("Result", answer.body) ?? []).to.deep.equal([]);
    }
  });

  it("sees live values of linked elements, never the stored ones (rule 11)", async () => {
    const id = "urn:query:pump:operational";
    await room.map(
      { shell: { id: "urn:query:pump", assetId: "urn:query:asset" }, submodels: { OperationalData: { id } } },
      [{ point: "temperature", aas: "OperationalData.HotSpot", type: "double", line: 12 }],
    );
    const over = ($numVal: number) => ({ $gt: [{ $field: "$sme.HotSpot#value" }, { $numVal }] });
    const hot = async ($numVal: number) => ids(await ask("submodels", over($numVal), { $select: "id" }));
    expect(await hot(-1e9)).to.deep.equal([]);
    await room.reading("temperature", 61.25);
    expect(await hot(61)).to.deep.equal([id]);
    expect(await hot(62)).to.deep.equal([]);
    await room.reading("temperature", 62.5);
    expect(await hot(62)).to.deep.equal([id]);
    expect(ids(await ask("shells", over(62)))).to.deep.equal(["urn:query:pump"]);
    expect(ids(await ask("submodels", eq("$sme.HotSpot#value", "62.5")))).to.deep.equal([id]);
  });

  it("knows every literal, cast and date operator", async () => {
    const values = { Stamp: "2026-11-22T23:30:00+02:00", Clock: "08:15:00", Mask: "00FF", Flag: "true", Count: "12" };
    const types = { Stamp: "xs:dateTime", Clock: "xs:time", Mask: "xs:hexBinary", Flag: "xs:boolean", Count: "xs:int" };
    const submodel = {
      modelType: "Submodel",
      id: "urn:query:types",
      submodelElements: Object.entries(values).map(([idShort, value]) => ({
        modelType: "Property",
        idShort,
        valueType: types[idShort as keyof typeof types],
        value,
      })),
    };
    expect((await room.call("POST", "/submodels", submodel)).status).to.equal(201);
    const value = (name: string) => ({ $field: `$sme.${name}#value` });
    const stamp = { $dateTimeCast: value("Stamp") };
    const holding = [
      { $eq: [value("Stamp"), { $dateTimeVal: "2026-11-22T21:30:00Z" }] },
      { $lt: [value("Stamp"), { $dateTimeVal: "2026-11-22T22:00:00Z" }] },
      { $eq: [{ $dayOfWeek: stamp }, { $numVal: 7 }] },
      { $eq: [{ $dayOfMonth: value("Stamp") }, { $numVal: 22 }] },
      { $eq: [{ $month: stamp }, { $numVal: 11 }] },
      { $ge: [{ $year: stamp }, { $year: "2026-01-01T00:00:00Z" }] },
      { $eq: [{ $timeCast: stamp }, { $timeVal: "21:30" }] },
      { $le: [value("Clock"), { $timeVal: "08:15:00" }] },
      { $eq: [value("Mask"), { $hexVal: "16#FF" }] },
      { $gt: [{ $hexVal: "16#100" }, { $hexCast: value("Mask") }] },
      { $eq: [value("Flag"), { $boolean: true }] },
      { $eq: [{ $boolCast: value("Flag") }, { $boolCast: { $numVal: 1 } }] },
      { $eq: [{ $strCast: { $numCast: value("Count") } }, { $strVal: "12" }] },
      { "$starts-with": [{ $strCast: value("Count") }, { $strVal: "1" }] },
      { "$ends-with": [value("Clock"), { $strVal: ":00" }] },
      { $regex: [value("Clock"), { $strVal: "^\\d{2}:15" }] },
    ];
    for (const condition of holding) {
      const $and = [eq("$sm#id", submodel.id), condition];
      const answer = await ask("submodels", { $and });
      expect(answer.status, answer.text).to.equal(200);
      expect(ids(answer), JSON.stringify(condition)).to.deep.equal([submodel.id]);
    }
  });
});
