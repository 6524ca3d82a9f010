import { expect } from "chai";
import type { Endpoint, ShellDescriptor, SubmodelDescriptor } from "../../../src/aas/registry/descriptor.ts";
import { shellDescriptor, submodelDescriptor } from "../../aas/registry/descriptors.ts";
import { officialSchemas } from "../../aas/registry/official-schemas.ts";
import { type AasRoom, type Answer, b64, openAasRoom } from "./aas-room.ts";
import { environment } from "./all-elements.ts";

const shells = "/shell-descriptors";
const submodels = "/submodel-descriptors";
const shellAt = (id: string): string => `${shells}/${b64(id)}`;
const submodelAt = (id: string): string => `${submodels}/${b64(id)}`;
const result = <T>({ body }: Answer): readonly T[] => body.result as unknown as readonly T[];
const cursorOf = ({ body }: Answer): string | undefined =>
  body.paging_metadata?.cursor as unknown as string | undefined;
const text = ({ body }: Answer): string => JSON.stringify(body);

describe("the registries", () => {
  let room: AasRoom;
  const get = (path: string, headers?: Record<string, string>): Promise<Answer> =>
    room.call("GET", path, undefined, headers);
  const judge = officialSchemas();
  const checked = (answer: Answer, schema: string): Answer => {
    expect(judge?.(schema, answer.body) ?? [], schema).to.deep.equal([]);
    return answer;
  };

  async function ids(path: string, limit: number): Promise<readonly string[]> {
    const seen: string[] = [];
    let cursor: string | undefined;
    do {
      const after = cursor === undefined ? "" : `&cursor=${cursor}`;
      const page = await get(`${path}${path.includes("?") ? "&" : "?"}limit=${limit}${after}`);
      expect(page.status).to.equal(200);
      expect(result(page).length).to.be.at.most(limit);
      seen.push(...result<{ id: string }>(page).map(({ id }) => id));
      cursor = cursorOf(page);
    } while (cursor !== undefined);
    return seen;
  }

  before(async () => {
    room = await openAasRoom();
    for (const submodel of environment.submodels) await room.call("POST", "/submodels", submodel);
    for (const shell of environment.shells) await room.call("POST", "/shells", shell);
  });
  after(async () => await room.close());

  it("show what the repositories hold, with endpoints that answer", async () => {
    const page = checked(await get(shells), "GetAssetAdministrationShellDescriptorsResult");
    const held = result<ShellDescriptor>(page);
    expect(held.map(({ id }) => id)).to.deep.equal(environment.shells.map(({ id }) => id));
    const [first] = held;
    expect(first?.globalAssetId).to.equal("urn:test:asset:1");
    expect(first?.endpoints?.map((one) => one.interface)).to.deep.equal([
      "AAS-3.1",
      "AAS-3.0",
      "AAS-REPOSITORY-3.1",
      "AAS-REPOSITORY-3.0",
    ]);
    expect(first?.submodelDescriptors?.map(({ id }) => id)).to.deep.equal(["urn:test:sm:1", "urn:test:sm:2"]);
    const one = result<SubmodelDescriptor>(checked(await get(submodels), "GetSubmodelDescriptorsResult"));
    expect(one.map(({ id }) => id)).to.deep.equal(environment.submodels.map(({ id }) => id));
    const endpoints: readonly Endpoint[] = [...(first?.endpoints ?? []), ...(one[0]?.endpoints ?? [])];
    for (const { interface: name, protocolInformation } of endpoints) {
      const { href } = protocolInformation;
      if (name.startsWith("AAS-REPOSITORY")) expect((await get(`${href}/shells`)).status, href).to.equal(200);
      else if (name.startsWith("SUBMODEL-VALUE")) expect((await get(href)).body.Speed, href).not.to.equal(undefined);
      else expect((await get(href)).body.id, href).to.equal(name.startsWith("AAS") ? first?.id : one[0]?.id);
    }
  });

  it("follow the repositories at once, and their entity tags too", async () => {
    const path = shellAt("urn:test:aas:2");
    const before = checked(await get(path), "AssetAdministrationShellDescriptor");
    const tag = before.headers.get("etag") ?? "";
    expect((await get(path, { "if-none-match": tag })).status).to.equal(304);
    const submodel = await get(`/submodels/${b64("urn:test:sm:2")}`);
    await room.call("PATCH", `/submodels/${b64("urn:test:sm:2")}/$metadata`, { idShort: "Renamed" });
    const after = await get(path, { "if-none-match": tag });
    expect(after.status).to.equal(text(before).includes("urn:test:sm:2") ? 200 : 304);
    await room.call("PUT", `/submodels/${b64("urn:test:sm:2")}`, submodel.body);
    await room.call("POST", "/shells", { ...environment.shells[0], id: "urn:test:aas:passing", submodels: undefined });
    expect((await get(shellAt("urn:test:aas:passing"))).status).to.equal(200);
    await room.call("DELETE", `/shells/${b64("urn:test:aas:passing")}`);
    expect((await get(shellAt("urn:test:aas:passing"))).status).to.equal(404);
  });

  it("refuse to change the entry of what is held, saying why", async () => {
    const [held] = environment.shells;
    const nested = `${shellAt("urn:test:aas:1")}${submodels}`;
    const tries: readonly (readonly [string, string, unknown])[] = [
      ["POST", shells, { id: held?.id }],
      ["PUT", shellAt("urn:test:aas:1"), { id: held?.id }],
      ["DELETE", shellAt("urn:test:aas:1"), undefined],
      ["POST", nested, submodelDescriptor(1)],
      ["PUT", `${nested}/${b64("urn:test:sm:1")}`, { ...submodelDescriptor(1), id: "urn:test:sm:1" }],
      ["DELETE", `${nested}/${b64("urn:test:sm:1")}`, undefined],
      ["POST", submodels, { ...submodelDescriptor(1), id: "urn:test:sm:1" }],
      ["DELETE", submodelAt("urn:test:sm:1"), undefined],
    ];
    for (const [method, path, body] of tries) {
      const answer = checked(await room.call(method, path, body), "Result");
      expect(answer.status, `${method} ${path}`).to.equal(409);
      expect(text(answer)).to.contain("this hub holds");
    }
  });

  it("keep what is posted: created, found, replaced under a condition, deleted", async () => {
    const body = shellDescriptor(1);
    const made = checked(await room.call("POST", shells, body), "AssetAdministrationShellDescriptor");
    expect(made.status).to.equal(201);
    const location = made.headers.get("location") ?? "";
    expect(location).to.equal(`${room.base}${shellAt(body.id)}`);
    const read = await get(location);
    expect(read.body).to.deep.equal(body);
    expect((await room.call("POST", shells, body)).status).to.equal(409);
    expect((await room.call("PUT", shellAt(body.id), { ...body, id: "urn:other" })).status).to.equal(400);
    const changed = { ...body, idShort: "Changed" };
    expect((await room.call("PUT", shellAt(body.id), changed, { "if-match": '"1"' })).status).to.equal(412);
    const tag = { "if-match": read.headers.get("etag") ?? "" };
    expect((await room.call("PUT", shellAt(body.id), changed, tag)).status).to.equal(204);
    expect((await room.call("DELETE", shellAt(body.id), undefined, tag)).status).to.equal(412);
    expect((await room.call("DELETE", shellAt(body.id))).status).to.equal(204);
    for (const method of ["GET", "DELETE"]) expect((await room.call(method, location)).status).to.equal(404);
    expect((await room.call("PUT", shellAt(body.id), body)).status).to.equal(201);
    expect((await room.call("PUT", submodelAt("urn:elsewhere:sm:7"), submodelDescriptor(7))).status).to.equal(201);
    expect((await get(submodelAt("urn:elsewhere:sm:7"))).body).to.deep.equal(submodelDescriptor(7));
    await room.call("DELETE", shellAt(body.id));
    await room.call("DELETE", submodelAt("urn:elsewhere:sm:7"));
  });

  it("change one submodel within a posted shell", async () => {
    const body = shellDescriptor(2);
    await room.call("POST", shells, body);
    const nested = `${shellAt(body.id)}${submodels}`;
    const at = (number: number): string => `${nested}/${b64(submodelDescriptor(number).id)}`;
    const made = checked(await room.call("POST", nested, submodelDescriptor(5)), "SubmodelDescriptor");
    expect([made.status, made.headers.get("location")]).to.deep.equal([201, `${room.base}${at(5)}`]);
    expect((await room.call("POST", nested, submodelDescriptor(5))).status).to.equal(409);
    expect((await room.call("PUT", at(6), submodelDescriptor(6))).status).to.equal(201);
    const renamed = { ...submodelDescriptor(2), idShort: "Renamed" };
    const tag = (await get(at(2))).headers.get("etag") ?? "";
    expect((await room.call("PUT", at(2), renamed, { "if-match": tag })).status).to.equal(204);
    expect((await room.call("PUT", at(2), renamed, { "if-match": tag })).status).to.equal(412);
    const page = checked(await get(`${nested}?limit=2`), "GetSubmodelDescriptorsResult");
    expect(result(page)).to.deep.equal([renamed, submodelDescriptor(5)]);
    expect(await ids(nested, 2)).to.deep.equal([2, 5, 6].map((number) => submodelDescriptor(number).id));
    for (const number of [2, 5, 6]) expect((await room.call("DELETE", at(number))).status).to.equal(204);
    expect((await room.call("DELETE", at(2))).status).to.equal(404);
    expect((await get(at(2))).status).to.equal(404);
    expect((await get(shellAt(body.id))).body).not.to.have.property("submodelDescriptors");
    expect((await get(`${shellAt("urn:nowhere")}${submodels}`)).status).to.equal(404);
    await room.call("DELETE", shellAt(body.id));
  });

  it("page over both without a gap or a double, however the pages fall", async () => {
    const posted = [11, 12, 13, 14].map(shellDescriptor);
    for (const body of posted) await room.call("POST", shells, body);
    const all = [...environment.shells.map(({ id }) => id), ...posted.map(({ id }) => id)];
    for (const limit of [1, 2, 3, 5, 6, 100]) expect(await ids(shells, limit), `limit ${limit}`).to.deep.equal(all);
    const kinds = await ids(`${shells}?assetKind=Type`, 1);
    expect(kinds).to.deep.equal([posted[1]?.id, posted[3]?.id]);
    expect(await ids(`${shells}?assetKind=Instance`, 2)).to.include.members([environment.shells[0]?.id, posted[0]?.id]);
    expect(await ids(`${shells}?assetType=${b64("urn:type:0")}`, 2)).to.deep.equal([posted[1]?.id]);
    for (const bad of ["assetKind=Thing", "assetType=%%", "limit=0", "cursor=never", `cursor=${b64("held:x")}`]) {
      expect((await get(`${shells}?${bad}`)).status, bad).to.equal(400);
    }
    for (const { id } of posted) await room.call("DELETE", shellAt(id));
  });

  it("shadow a posted entry while the repository holds the id: the shell itself is the truth", async () => {
    const body = { ...shellDescriptor(21), id: "urn:test:aas:21" };
    await room.call("POST", shells, body);
    const shell = { ...environment.shells[0], id: body.id, idShort: "Held", submodels: undefined };
    await room.call("POST", "/shells", shell);
    expect((await get(shellAt(body.id))).body.idShort).to.equal("Held");
    for (const limit of [1, 100]) {
      expect((await ids(shells, limit)).filter((id) => id === body.id)).to.have.length(1);
    }
    await room.call("DELETE", `/shells/${b64(body.id)}`);
    expect((await get(shellAt(body.id))).body.idShort).to.equal(body.idShort);
    await room.call("DELETE", shellAt(body.id));
  });

  it("name a submodel that lies elsewhere, once its descriptor is posted", async () => {
    const elsewhere = submodelDescriptor(31);
    const id = "urn:test:aas:31";
    const reference = { type: "ModelReference", keys: [{ type: "Submodel", value: elsewhere.id }] };
    await room.call("POST", "/shells", { ...environment.shells[0], id, submodels: [reference] });
    expect((await get(shellAt(id))).body).not.to.have.property("submodelDescriptors");
    await room.call("POST", submodels, elsewhere);
    expect((await get(shellAt(id))).body.submodelDescriptors).to.deep.equal([elsewhere]);
    const nested = await get(`${shellAt(id)}${submodels}/${b64(elsewhere.id)}`);
    expect(nested.body).to.deep.equal(elsewhere);
    await room.call("DELETE", submodelAt(elsewhere.id));
    await room.call("DELETE", `/shells/${b64(id)}`);
  });

  it("say all that is wrong with a body, and refuse identifiers that are none", async () => {
    const wrong = checked(
      await room.call("POST", shells, { id: "", endpoints: [{ interface: 1 }], more: 1 }),
      "Result",
    );
    expect(wrong.status).to.equal(400);
    for (const place of ["/id", "/endpoints/0", "/endpoints/0/interface", "/more"])
      expect(text(wrong)).to.contain(`${place}:`);
    for (const path of [`${shells}/x=`, `${submodels}/x=`, `${shells}/x=${submodels}`, "/lookup/shells/x="]) {
      expect((await get(path)).status, path).to.equal(400);
    }
  });

  it("answer below the API's older edition too, with the same addresses", async () => {
    const [first] = result<ShellDescriptor>(await get(`${room.base30}${shells}?limit=1`));
    expect(first?.endpoints?.[0]?.protocolInformation.href).to.equal(`${room.base}/shells/${b64("urn:test:aas:1")}`);
    expect(first?.endpoints?.[1]?.protocolInformation.href).to.equal(`${room.base30}/shells/${b64("urn:test:aas:1")}`);
  });
});
