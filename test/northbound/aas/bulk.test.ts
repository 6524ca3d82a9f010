import { expect } from "chai";
import { shellDescriptor, submodelDescriptor } from "../../aas/registry/descriptors.ts";
import { officialSchemas } from "../../aas/registry/official-schemas.ts";
import { type AasRoom, type Answer, b64, openAasRoom } from "./aas-room.ts";
import { environment } from "./all-elements.ts";

describe("bulk registration", () => {
  let room: AasRoom;
  const judge = officialSchemas();

  /** Follows a bulk request as its clients do: status until it redirects, then the result. */
  async function end(accepted: Answer): Promise<Answer> {
    expect(accepted.status).to.equal(202);
    for (let place = accepted.headers.get("location") ?? ""; ; ) {
      const answer = await fetch(place, { redirect: "manual" });
      if (answer.status !== 302 && !place.includes("/status/")) {
        const text = await answer.text();
        return { status: answer.status, headers: answer.headers, text, body: text === "" ? {} : JSON.parse(text) };
      }
      if (answer.status === 302) place = answer.headers.get("location") ?? "";
      else expect(judge?.("BaseOperationResult", await answer.json()) ?? []).to.deep.equal([]);
    }
  }
  const bulk = async (method: string, what: "shell" | "submodel", body: unknown): Promise<Answer> =>
    await end(await room.call(method, `/bulk/${what}-descriptors`, body));
  const idShort = async (number: number): Promise<unknown> =>
    (await room.call("GET", `/shell-descriptors/${b64(shellDescriptor(number).id)}`)).body.idShort;

  before(async () => {
    room = await openAasRoom();
    for (const shell of environment.shells) await room.call("POST", "/shells", shell);
  });
  after(async () => await room.close());

  it("creates, replaces and deletes many at once", async () => {
    const bodies = [1, 2, 3].map(shellDescriptor);
    expect((await bulk("POST", "shell", bodies)).status).to.equal(204);
    expect(await idShort(2)).to.equal("Shell2");
    const renamed = [...bodies, shellDescriptor(4)].map((body) => ({ ...body, idShort: "Renamed" }));
    expect((await bulk("PUT", "shell", renamed)).status).to.equal(204);
    expect(await Promise.all([1, 4].map(idShort))).to.deep.equal(["Renamed", "Renamed"]);
    expect(
      (
        await bulk(
          "DELETE",
          "shell",
          renamed.map(({ id }) => id),
        )
      ).status,
    ).to.equal(204);
    expect(await idShort(1)).to.equal(undefined);
    expect((await bulk("POST", "submodel", [submodelDescriptor(1)])).status).to.equal(204);
    expect((await bulk("PUT", "submodel", [submodelDescriptor(1), submodelDescriptor(2)])).status).to.equal(204);
    expect(
      (
        await bulk(
          "DELETE",
          "submodel",
          [1, 2].map((one) => submodelDescriptor(one).id),
        )
      ).status,
    ).to.equal(204);
  });

  it("does nothing where one item is refused, and names each", async () => {
    await bulk("POST", "shell", [shellDescriptor(1)]);
    const held = { id: environment.shells[0]?.id };
    const refused = await bulk("POST", "shell", [shellDescriptor(5), shellDescriptor(1), held]);
    expect(refused.status).to.equal(400);
    expect(judge?.("Result", refused.body) ?? []).to.deep.equal([]);
    expect(refused.text)
      .to.contain("/1: there is a descriptor")
      .and.to.contain("/2: this hub holds")
      .and.not.to.contain("/0:");
    expect(await idShort(5)).to.equal(undefined);
    const gone = await bulk("DELETE", "shell", [shellDescriptor(1).id, "urn:nowhere"]);
    expect(gone.status).to.equal(400);
    expect(gone.text).to.contain("/1: there is no descriptor");
    expect(await idShort(1)).to.equal("Shell1");
    expect((await bulk("PUT", "shell", [shellDescriptor(6), held])).status).to.equal(400);
    expect(await idShort(6)).to.equal(undefined);
  });

  it("judges bodies before it accepts them", async () => {
    const wrong = await room.call("POST", "/bulk/shell-descriptors", [
      shellDescriptor(7),
      { id: "" },
      shellDescriptor(7),
      1,
    ]);
    expect(wrong.status).to.equal(400);
    for (const place of ["/1/id:", "/2:", "/3:"]) expect(wrong.text).to.contain(place);
    for (const [method, body] of [
      ["POST", []],
      ["PUT", {}],
      ["DELETE", [1]],
      ["DELETE", ["a", "a"]],
    ] as const) {
      expect((await room.call(method, "/bulk/submodel-descriptors", body)).status, method).to.equal(400);
    }
    const many = Array.from({ length: 1001 }, (_, index) => `urn:${index}`);
    expect((await room.call("DELETE", "/bulk/shell-descriptors", many)).status).to.equal(413);
  });

  it("knows no handle that it never gave", async () => {
    for (const face of ["status", "result"]) {
      expect((await room.call("GET", `/bulk/${face}/${b64("none")}`)).status).to.equal(404);
    }
    expect((await room.call("GET", "/bulk/status/=")).status).to.equal(404);
    expect((await room.call("GET", "/bulk/result/=")).status).to.equal(400);
  });
});
