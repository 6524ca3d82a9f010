import { mkdtemp, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { expect } from "chai";
import { HubError } from "../../../src/core/errors.ts";
import { silentLogger } from "../../../src/core/logger.ts";
import { systemClock } from "../../../src/core/time.ts";
import type { Connection, Connector } from "../../../src/southbound/contract.ts";
import { CollectingSink } from "./collecting-sink.ts";
import type { ConnectorFixture, ForeignSource } from "./fixture.ts";

const never = new AbortController().signal;

/** The promises of `src/southbound/contract.ts`, asked of one connector against a server of another maker. */
export function describeConnectorContract(fixture: ConnectorFixture): void {
  describe(`connector contract: ${fixture.type.type}`, function () {
    this.timeout(20_000);
    let source: ForeignSource;
    let folder: string;
    const open: Connection[] = [];

    before(async function () {
      source = await fixture.start(this);
      await fixture.type.prepare?.();
    });

    beforeEach(async () => {
      folder = await mkdtemp(join(tmpdir(), "twinweave-contract-"));
    });

    afterEach(async () => {
      await Promise.all(open.splice(0).map((connection) => connection.close()));
      if (folder !== undefined) await rm(folder, { recursive: true, force: true });
    });

    after(() => source?.kill());

    function connector(config: Readonly<Record<string, unknown>>): Connector {
      return fixture.type.create(config as never, {
        source: "plant",
        log: silentLogger,
        clock: systemClock,
        dataDir: folder,
      });
    }

    async function connect(sink = new CollectingSink()): Promise<{ connection: Connection; sink: CollectingSink }> {
      const connection = await connector(source.config).connect(sink, never);
      open.push(connection);
      return { connection, sink };
    }

    async function watch(...tags: string[]): Promise<{ connection: Connection; sink: CollectingSink }> {
      const { connection, sink } = await connect();
      await connection.subscribe(
        tags.map((tag) => ({ tag, interval: 50 })),
        never,
      );
      await sink.until(() => tags.every((tag) => sink.last(tag) !== undefined));
      return { connection, sink };
    }

    it("gives first readings after a subscription, then the changes", async () => {
      const [first, second] = source.tags;
      const { sink } = await watch(first, second);
      expect(sink.last(first)).to.include({ source: "plant", tag: first, quality: "good" });
      expect(sink.last(second)).to.include({ quality: "good" });
      expect(Math.abs(Date.now() - (sink.last(first)?.receivedTime ?? 0))).to.be.below(10_000);
      await source.set(first, 77);
      await sink.until(() => sink.last(first)?.value === 77);
    });

    it("tells a bad point and goes on with the others", async () => {
      const [good] = source.tags;
      const { connection, sink } = await connect();
      const tags = [source.badTag, good, source.malformedTag].map((tag) => ({ tag, interval: 50 }));
      const problems = await connection.subscribe(tags, never);
      await sink.until(() => sink.last(good)?.quality === "good");
      expect(problems.map(({ tag }) => tag)).to.include(source.malformedTag);
      for (const { error } of problems) expect(error).to.be.instanceOf(HubError);
      const told = (): boolean =>
        problems.some(({ tag }) => tag === source.badTag) || sink.last(source.badTag)?.quality === "bad";
      await sink.until(told);
      const bad = sink.last(source.badTag);
      if (bad) expect(bad.code).to.be.a("string").that.is.not.empty;
    });

    it("takes points back", async () => {
      const [first, second] = source.tags;
      const { connection, sink } = await watch(first, second);
      await connection.unsubscribe([first]);
      await source.set(second, 5);
      await sink.until(() => sink.last(second)?.value === 5);
      const seen = sink.readings.length;
      await source.set(first, 6);
      await source.set(second, 7);
      await sink.until(() => sink.last(second)?.value === 7);
      expect(sink.readings.slice(seen).filter(({ tag, value }) => tag === first && value === 6)).to.deep.equal([]);
    });

    it("does not pile up pushes while the hub holds them back", async () => {
      const [first] = source.tags;
      const { sink } = await watch(first);
      const gate = Promise.withResolvers<void>();
      sink.gate = gate.promise;
      await source.set(first, 100);
      await sink.until(() => sink.open > 0);
      for (let value = 101; value <= 120; value += 1) await source.set(first, value);
      expect(sink.mostOpen).to.be.below(5);
      sink.gate = Promise.resolve();
      gate.resolve();
      await sink.until(() => sink.last(first)?.value === 120);
    });

    it("reads on demand, bad points as readings of bad quality", async () => {
      const [first] = source.tags;
      const { connection, sink } = await watch(first);
      await source.set(first, 33);
      await sink.until(() => sink.last(first)?.value === 33);
      const readings = await connection.read([first, source.malformedTag], never);
      const byTag = new Map(readings.map((reading) => [reading.tag, reading]));
      expect(byTag.get(first)).to.include({ value: 33, quality: "good" });
      expect(byTag.get(source.malformedTag)).to.include({ quality: "bad" });
    });

    it("writes, and says where a write is refused", async () => {
      const { connection } = await connect();
      const { tag, value } = source.writable;
      await connection.write(tag, value, never);
      expect(await source.writable.got()).to.deep.equal(value);
      const error = await refusal(connection.write(source.refused.tag, source.refused.value, never));
      expect(source.refused.codes, error.message).to.include(error.code);
    });

    it("browses within its limit, or says that there is nothing to browse", async () => {
      const { connection } = await connect();
      if (!source.browsable) {
        expect((await refusal(connection.browse("*", 10, never))).code).to.equal("unsupported");
        return;
      }
      const { pattern, atLeast } = source.browsable;
      const nodes = await connection.browse(pattern, 1000, never);
      expect(nodes.length).to.be.at.least(atLeast);
      for (const { address, name } of nodes) expect([address, name]).to.not.include("");
      expect(await connection.browse(pattern, 1, never)).to.have.lengthOf(1);
    });

    it("calls methods by the names of their arguments, or has no methods at all", async () => {
      const { connection } = await connect();
      const { callable } = source;
      if (callable === undefined || connection.call === undefined || connection.methods === undefined) {
        expect([callable, connection.call, connection.methods]).to.deep.equal([undefined, undefined, undefined]);
        return;
      }
      const { method, inputs, outputs, refused, slow } = callable;
      const facts = await connection.methods([method, source.badTag], never);
      expect([...facts.keys()]).to.deep.equal([method]);
      expect(facts.get(method)?.inputs.map(({ name }) => name)).to.have.members(Object.keys(inputs));
      expect(await connection.call(method, inputs, 5_000, never)).to.deep.equal(outputs);
      const code = async (...call: Parameters<NonNullable<typeof connection.call>>): Promise<string> =>
        (await refusal(connection.call?.(...call) ?? Promise.resolve())).code;
      expect(await code(method, {}, 5_000, never)).to.equal("invalid");
      expect(await code(method, { ...inputs, Unknown: 1 }, 5_000, never)).to.equal("invalid");
      expect(await code(refused, {}, 5_000, never)).to.equal("device-refused");
      expect(await code(slow.method, slow.inputs, 100, never)).to.equal("device-timeout");
      expect(await code(method, inputs, 5_000, AbortSignal.abort())).to.equal("aborted");
    });

    it("honours an abort", async () => {
      const { connection } = await connect();
      const gone = AbortSignal.abort();
      const [tag] = source.tags;
      expect((await refusal(connection.read([tag], gone))).code).to.equal("aborted");
      expect((await refusal(connection.subscribe([{ tag }], gone))).code).to.equal("aborted");
      expect((await refusal(connection.write(source.writable.tag, source.writable.value, gone))).code).to.equal(
        "aborted",
      );
      expect((await refusal(connector(source.config).connect(new CollectingSink(), gone))).code).to.equal("aborted");
    });

    it("closes fast, twice, and says nothing afterwards", async () => {
      const [first] = source.tags;
      const { connection, sink } = await watch(first);
      const start = performance.now();
      await Promise.all([connection.close(), connection.close()]);
      expect(performance.now() - start).to.be.below(2_000);
      expect(await connection.lost).to.equal(undefined);
      const { pushes } = sink;
      const other = await watch(first);
      await source.set(first, 55);
      await other.sink.until(() => other.sink.last(first)?.value === 55);
      expect(sink.pushes).to.equal(pushes);
      await refusal(connection.read([first], never));
    });

    it("refuses to connect where nobody answers", async () => {
      const error = await refusal(connector(fixture.unreachable).connect(new CollectingSink(), never));
      expect(error.code).to.equal("unreachable");
    });

    it("settles `lost` with a reason when the source dies, and can connect again", async () => {
      const [first] = source.tags;
      const { connection } = await watch(first);
      await source.kill();
      const reason = await connection.lost;
      expect(reason).to.be.instanceOf(HubError);
      expect((await refusal(connection.read([first], never))).code).to.be.oneOf(["unreachable", "device-timeout"]);
      await connection.close();
      await source.restart();
      const { sink } = await watch(first);
      expect(sink.last(first)?.quality).to.equal("good");
    });
  });
}

async function refusal(work: Promise<unknown>): Promise<HubError> {
  try {
    await work;
  } catch (thrown) {
    if (thrown instanceof HubError) return thrown;
    throw thrown;
  }
  throw new Error("it was not refused");
}
