import { expect } from "chai";
import { ThreadLink } from "../../src/store/sqlite/thread-link.ts";
import { errorCode } from "../contract/store/store-fixture.ts";

const MODULE = new URL("./busy-thread.ts", import.meta.url);

describe("a thread of the store", () => {
  it("answers in order, and refuses what is no data without losing the rest", async () => {
    const link = new ThreadLink(MODULE, undefined);
    const answers = [link.ask("a"), link.ask(() => "no data"), link.ask("b")];
    const [a, refused, b] = await Promise.allSettled(answers);
    expect([a, b]).to.deep.equal([
      { status: "fulfilled", value: "a" },
      { status: "fulfilled", value: "b" },
    ]);
    expect(refused?.status).to.equal("rejected");
    expect(link.waiting).to.equal(0);
    await link.terminate();
  });

  it("is ended when it takes too long, and says so to all that wait", async () => {
    const link = new ThreadLink(MODULE, undefined);
    await link.ask("ready");
    const stuck = link.ask("for ever", [], 50);
    const behind = link.ask("a");
    expect([await errorCode(stuck), await errorCode(behind)]).to.deep.equal(["overloaded", "overloaded"]);
    expect(link.ended).to.equal(true);
    expect(await errorCode(link.ask("a"))).to.equal("overloaded");
  });
});
