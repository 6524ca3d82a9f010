import { expect } from "chai";
import { forEachRoom } from "../../src/hub/each-room.ts";

describe("hub: what is done for every tenant", () => {
  it("is done for all, and says what failed once all have ended", async () => {
    const done: string[] = [];
    const work = async (tenant: string) => {
      if (tenant === "damaged") throw new Error("the store is damaged");
      await new Promise((resolve) => setImmediate(resolve));
      done.push(tenant);
    };
    const outcome = await forEachRoom(["damaged", "a", "b"], work).catch((thrown: unknown) => thrown);
    expect(outcome).to.be.an("error").with.property("message", "the store is damaged");
    expect(done).to.deep.equal(["a", "b"]);
  });
});
