import { expect } from "chai";
import { HubError } from "../../../src/core/errors.ts";
import { settle } from "./fake-time.ts";
import { type TestHub, testHub } from "./hub.ts";

const never = new AbortController().signal;

async function connected(hasMethods: boolean): Promise<TestHub> {
  const hub = testHub({ requestTimeout: 4_000 });
  hub.source.hasMethods = hasMethods;
  hub.southbound.start();
  await settle();
  return hub;
}

/** The error's code as soon as there is one. */
function codeOf(work: Promise<unknown>): { code: string | undefined } {
  const seen: { code: string | undefined } = { code: undefined };
  work.catch((thrown: unknown) => {
    seen.code = HubError.from(thrown).code;
  });
  return seen;
}

describe("southbound runtime: methods", () => {
  it("passes a call to the session, under a deadline of its own", async () => {
    const hub = await connected(true);
    const { southbound, source, time } = hub;
    expect(await southbound.call("fake", "m", { a: 1 }, 100, never)).to.deep.equal({ a: 1 });
    expect([...(await southbound.methods("fake", ["m"], never)).keys()]).to.deep.equal(["m"]);
    source.silent = true;
    const seen = codeOf(southbound.call("fake", "m", {}, 60_000, never));
    await time.pass(59_999);
    expect(seen.code).to.equal(undefined);
    await time.pass(1);
    expect(seen.code).to.equal("device-timeout");
    source.silent = false;
    await southbound.stop();
  });

  it("ends a call where the client leaves, or the session is lost", async () => {
    const { southbound, source } = await connected(true);
    source.silent = true;
    const leaving = new AbortController();
    const left = codeOf(southbound.call("fake", "m", {}, 60_000, leaving.signal));
    const lost = codeOf(southbound.call("fake", "m", {}, 60_000, never));
    leaving.abort();
    await settle();
    expect([left.code, lost.code]).to.deep.equal(["aborted", undefined]);
    source.silent = false;
    source.session.lose(new HubError("unreachable", "cable pulled"));
    await settle();
    expect(lost.code).to.equal("unreachable");
    await southbound.stop();
  });

  it("says that a protocol has no methods", async () => {
    const { southbound } = await connected(false);
    const called = codeOf(southbound.call("fake", "m", {}, 100, never));
    const asked = codeOf(southbound.methods("fake", ["m"], never));
    await settle();
    expect([called.code, asked.code]).to.deep.equal(["unsupported", "unsupported"]);
    await southbound.stop();
  });
});
