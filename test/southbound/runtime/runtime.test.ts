import { expect } from "chai";
import { HubError } from "../../../src/core/errors.ts";
import { FakeSource, reading } from "./fake-source.ts";
import { settle } from "./fake-time.ts";
import { type TestHub, testHub } from "./hub.ts";

const never = new AbortController().signal;
const gone = new HubError("unreachable", "cable pulled");

async function connected(hub = testHub()): Promise<TestHub> {
  hub.southbound.setTags("fake", [{ tag: "a" }, { tag: "b" }]);
  hub.southbound.start();
  await settle();
  return hub;
}

async function refusal(work: Promise<unknown>): Promise<HubError> {
  try {
    await work;
  } catch (thrown) {
    return HubError.from(thrown);
  }
  throw new Error("it was not refused");
}

describe("southbound runtime: sessions", () => {
  it("starts although the source is down, and knocks for ever, ever more slowly up to the cap", async () => {
    const hub = testHub();
    hub.source.down = gone;
    hub.southbound.start();
    await settle();
    expect(hub.southbound.status("fake")).to.include({ state: "waiting", attempts: 1 });
    const pauses: number[] = [];
    for (let attempt = 1; attempt <= 8; attempt += 1) {
      const { nextAttemptAt = 0 } = hub.southbound.status("fake");
      pauses.push(nextAttemptAt - hub.time.now());
      await hub.time.pass(nextAttemptAt - hub.time.now());
    }
    expect(pauses).to.deep.equal([1_000, 2_000, 4_000, 8_000, 16_000, 30_000, 30_000, 30_000]);
    expect(hub.southbound.status("fake").lastError).to.include({ code: "unreachable", message: "cable pulled" });
    hub.source.down = undefined;
    await hub.time.pass(30_000);
    expect(hub.southbound.status("fake")).to.include({ state: "connected", attempts: 0, sessions: 1 });
    await hub.southbound.stop();
  });

  it("gives up a connect that says nothing", async () => {
    const hub = testHub({ connectTimeout: 3_000 });
    hub.source.silent = true;
    hub.southbound.start();
    await hub.time.pass(2_999);
    expect(hub.southbound.status("fake").state).to.equal("connecting");
    await hub.time.pass(1);
    expect(hub.southbound.status("fake")).to.include({ state: "waiting" });
    await hub.southbound.stop();
  });

  it("tells a loss at once, once, and subscribes everything again after the reconnect", async () => {
    const hub = await connected();
    expect([...hub.source.session.points.keys()]).to.deep.equal(["a", "b"]);
    hub.source.session.lose(gone);
    await settle();
    expect(hub.told).to.deep.equal(["alive", "lost"]);
    expect(hub.southbound.status("fake").tags.subscribed).to.equal(0);
    await hub.time.pass(1_000);
    expect(hub.source.sessions).to.have.length(2);
    expect([...hub.source.session.points.keys()]).to.deep.equal(["a", "b"]);
    expect(hub.events.map(({ state }) => state)).to.deep.equal(["connected", "lost", "connected"]);
    await hub.southbound.stop();
  });

  it("says the loss once more behind readings that were on their way", async () => {
    const hub = await connected();
    const commit = Promise.withResolvers<void>();
    hub.commit = () => commit.promise;
    void hub.source.session.sink.push([reading("a", 1)]);
    hub.source.session.lose(gone);
    await settle();
    expect(hub.batches, "handed over before the loss is told").to.have.length(1);
    expect(hub.told).to.deep.equal(["alive", "lost"]);
    commit.resolve();
    await settle();
    expect(hub.told).to.deep.equal(["alive", "lost", "lost"]);
    await hub.southbound.stop();
  });

  it("goes on knocking slowly at a source whose sessions die at once", async () => {
    const hub = await connected();
    for (const pause of [1_000, 2_000, 4_000]) {
      hub.source.session.lose(gone);
      await settle();
      expect((hub.southbound.status("fake").nextAttemptAt ?? 0) - hub.time.now()).to.equal(pause);
      await hub.time.pass(pause);
    }
    await hub.time.pass(10_000);
    hub.source.session.lose(gone);
    await settle();
    expect((hub.southbound.status("fake").nextAttemptAt ?? 0) - hub.time.now(), "it was stable").to.equal(1_000);
    await hub.southbound.stop();
  });

  it("ends a session whose readings cannot be committed, so that the protocol delivers anew", async () => {
    const hub = await connected();
    hub.commit = async () => {
      throw new HubError("store-full", "the disk is full");
    };
    const push = refusal(hub.source.session.sink.push([reading("a", 1)]));
    await hub.time.pass(10);
    expect((await push).code).to.equal("store-full");
    expect(hub.southbound.status("fake")).to.include({ state: "waiting" });
    expect(hub.southbound.status("fake").lastError).to.include({ code: "store-full" });
    expect(hub.southbound.status("fake").queue.failed).to.equal(1);
    expect(hub.source.session.closed).to.equal(1);
    await hub.southbound.stop();
  });

  it("stops in bounded time although the source does not answer", async () => {
    const hub = await connected(testHub({ closeTimeout: 1_500 }));
    hub.source.silent = true;
    hub.commit = () => Promise.withResolvers<void>().promise;
    void refusal(hub.source.session.sink.push([reading("a", 1)]));
    let stopped = false;
    void hub.southbound.stop().then(() => {
      stopped = true;
    });
    await hub.time.pass(4_500);
    expect(stopped).to.equal(true);
    expect(hub.southbound.status("fake").state).to.equal("stopped");
  });

  it("commits what was received before it says good-bye", async () => {
    const hub = await connected();
    const push = hub.source.session.sink.push([reading("a", 1)]);
    await hub.southbound.stop();
    await push;
    expect(hub.batches).to.have.length(1);
    expect(hub.source.session.closed).to.equal(1);
  });

  it("lets a decision about a certificate take effect at once", async () => {
    const source = new FakeSource();
    source.down = new HubError("untrusted", "who is that?");
    source.inbox = {
      list: async () => [],
      trust: async () => {
        source.down = undefined;
      },
      reject: async () => {
        source.down = new HubError("untrusted", "who is that?");
      },
    };
    const hub = await connected(testHub({}, source));
    expect(hub.southbound.status("fake").lastError?.code).to.equal("untrusted");
    await hub.southbound.trust("fake")?.trust("aa");
    await settle();
    expect(hub.southbound.status("fake").state).to.equal("connected");
    await hub.southbound.trust("fake")?.reject("aa");
    await settle();
    expect(hub.southbound.status("fake").state).to.equal("waiting");
    expect(source.session.closed).to.equal(1);
    await hub.southbound.stop();
  });

  it("tries at once when told to", async () => {
    const hub = testHub();
    hub.source.down = gone;
    await connected(hub);
    hub.southbound.retry("fake");
    await settle();
    expect(hub.source.connects).to.equal(2);
    await hub.southbound.stop();
  });

  it("does not let one listener keep the news from the others", async () => {
    const hub = testHub();
    hub.southbound.onState(() => {
      throw new Error("a bug");
    });
    const heard: string[] = [];
    hub.southbound.onState(({ state }) => heard.push(state));
    await connected(hub);
    expect(heard).to.deep.equal(["connected"]);
    await hub.southbound.stop();
  });
});

describe("southbound runtime: points", () => {
  it("tells the live session only what has changed", async () => {
    const hub = await connected();
    hub.southbound.setTags("fake", [{ tag: "b" }, { tag: "c", interval: 100 }]);
    await settle();
    expect([...hub.source.session.points.values()]).to.deep.equal([{ tag: "b" }, { tag: "c", interval: 100 }]);
    expect(hub.source.subscribeCalls).to.equal(2);
    hub.southbound.setTags("fake", [{ tag: "b" }, { tag: "c", interval: 200 }]);
    await settle();
    expect(hub.source.session.points.get("c")).to.deep.equal({ tag: "c", interval: 200 });
    hub.southbound.setTags("fake", [{ tag: "b" }, { tag: "c", interval: 200 }]);
    await settle();
    expect(hub.source.subscribeCalls, "nothing new").to.equal(3);
    await hub.southbound.stop();
  });

  it("brings a change that comes during a subscription in afterwards", async () => {
    const hub = testHub();
    const slow = Promise.withResolvers<void>();
    hub.source.subscribing = slow.promise;
    await connected(hub);
    hub.southbound.setTags("fake", [{ tag: "c" }]);
    slow.resolve();
    await settle();
    expect([...hub.source.session.points.keys()]).to.deep.equal(["c"]);
    await hub.southbound.stop();
  });

  it("isolates a refused point, shows it, and asks again later", async () => {
    const hub = testHub({ problemRetry: 60_000 });
    hub.source.refuses.set("b", new HubError("not-found", "no such node"));
    await connected(hub);
    expect([...hub.source.session.points.keys()]).to.deep.equal(["a"]);
    const status = hub.southbound.status("fake");
    expect(status.tags).to.deep.equal({ wanted: 2, subscribed: 1, seen: 0, problems: 1 });
    expect(status.problems).to.deep.equal([{ tag: "b", code: "not-found", message: "no such node" }]);
    expect(hub.southbound.tags("fake", 1, 5).tags).to.deep.equal([
      { tag: "b", problem: { code: "not-found", message: "no such node" } },
    ]);
    hub.source.refuses.clear();
    await hub.time.pass(60_000);
    expect([...hub.source.session.points.keys()]).to.deep.equal(["a", "b"]);
    expect(hub.southbound.status("fake").tags.problems).to.equal(0);
    await hub.southbound.stop();
  });

  it("shows last value, quality and age, page by page", async () => {
    const hub = await connected();
    void hub.source.session.sink.push([reading("a", 1), { ...reading("b", 2), quality: "bad", code: "BadSensor" }]);
    void hub.source.session.sink.push([reading("stranger", 3)]);
    await hub.time.pass(5_000);
    const age = hub.time.now() - 1_800_000_000_000;
    const first = hub.southbound.tags("fake", 0, 1);
    expect(first).to.deep.equal({
      total: 2,
      tags: [{ tag: "a", value: 1, quality: "good", receivedTime: 1_800_000_000_000, age }],
      next: 1,
    });
    const second = hub.southbound.tags("fake", first.next ?? 0, 1);
    expect(second.tags[0]).to.include({ tag: "b", value: 2, quality: "bad", code: "BadSensor" });
    expect(second.next).to.equal(undefined);
    expect(hub.southbound.status("fake").readings).to.deep.equal({ total: 3, perSecond: 0.3 });
    await hub.southbound.stop();
  });

  it("names the sources there are where one is not", () => {
    const { southbound } = testHub();
    expect(() => southbound.setTags("other", [])).to.throw(HubError, "there are fake");
  });
});

describe("southbound runtime: asking the device", () => {
  it("writes, reads and browses on the live session", async () => {
    const hub = await connected();
    await hub.southbound.write("fake", "a", 7, never);
    expect(hub.source.session.written).to.deep.equal([{ tag: "a", value: 7 }]);
    expect((await hub.southbound.read("fake", "a", never)).value).to.equal(1);
    expect(await hub.southbound.browse("fake", "x/*", 5, never)).to.have.length(1);
    await hub.southbound.stop();
  });

  it("is unreachable without a session, saying why", async () => {
    const hub = testHub();
    hub.source.down = gone;
    await connected(hub);
    const error = await refusal(hub.southbound.write("fake", "a", 7, never));
    expect(error.code).to.equal("unreachable");
    expect(error.message).to.contain("cable pulled");
    await hub.southbound.stop();
  });

  it("waits no longer than the deadline", async () => {
    const hub = await connected(testHub({ requestTimeout: 4_000 }));
    hub.source.silent = true;
    const write = refusal(hub.southbound.write("fake", "a", 7, never));
    await hub.time.pass(4_000);
    expect((await write).code).to.equal("device-timeout");
    hub.source.silent = false;
    await hub.southbound.stop();
  });

  it("is unreachable where the session is lost meanwhile, aborted where the caller goes", async () => {
    const hub = await connected();
    hub.source.silent = true;
    const write = refusal(hub.southbound.write("fake", "a", 7, never));
    const caller = new AbortController();
    const other = refusal(hub.southbound.write("fake", "b", 7, caller.signal));
    caller.abort();
    expect((await other).code).to.equal("aborted");
    hub.source.session.lose(gone);
    expect((await write).code).to.equal("unreachable");
    hub.source.silent = false;
    await hub.time.pass(1_500);
    await hub.southbound.stop();
  });
});

describe("southbound runtime: signs of life", () => {
  it("passes them on once a second", async () => {
    const hub = await connected();
    for (let tick = 0; tick < 25; tick += 1) {
      hub.source.session.sink.alive();
      await hub.time.pass(100);
    }
    expect(hub.told).to.deep.equal(["alive", "alive", "alive"]);
    await hub.southbound.stop();
  });

  it("keeps them to itself where only readings keep a point alive", async () => {
    const source = new FakeSource();
    source.liveness = "point";
    const topics = await connected(testHub({}, source));
    topics.source.session.sink.alive();
    expect(topics.told).to.deep.equal([]);
    expect(topics.southbound.status("fake").lastAliveAt).to.equal(topics.time.now());
    await topics.southbound.stop();
  });

  it("takes nothing from a session that is over", async () => {
    const hub = await connected();
    const old = hub.source.session.sink;
    hub.source.session.lose(gone);
    await hub.time.pass(1_000);
    const error = await refusal(old.push([reading("a", 1)]));
    expect(error.code).to.equal("unreachable");
    old.alive();
    expect(hub.batches).to.have.length(0);
    await hub.southbound.stop();
  });
});
