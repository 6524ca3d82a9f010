import { createHash } from "node:crypto";
import { PassThrough, Readable } from "node:stream";
import { buffer } from "node:stream/consumers";
import { expect } from "chai";
import type { Mutation } from "../../../src/core/mutation.ts";
import type { BlobRef, Store } from "../../../src/store/contract.ts";
import { commit, errorCode, type StoreFactory, sample, storeFixture } from "./store-fixture.ts";

const HOUR = 3_600_000;
const MIB = 1024 * 1024;
const never = new AbortController().signal;

/** As many bytes as wanted, in pieces, none of them held; told apart by `seed`. */
function bytes(count: number, seed = 0): Readable {
  function* pieces(): Generator<Buffer> {
    for (let left = count; left > 0; left -= 65_536) yield Buffer.alloc(Math.min(left, 65_536), seed + (left % 251));
  }
  return Readable.from(pieces(), { objectMode: false });
}

export const write = (store: Store, text: string): Promise<BlobRef> =>
  store.blobs.write(Readable.from([Buffer.from(text)]), MIB, never);

export async function content(store: Store, digest: string): Promise<string> {
  return (await buffer(await store.blobs.read(digest))).toString();
}

/** Contents of files, and how long they stay. */
export function blobContract(factory: StoreFactory): void {
  describe("contents of files", () => {
    const fixture = storeFixture(factory);
    const { clock } = fixture;

    it("come back as they were streamed in, known by their SHA-256", async () => {
      const { store } = fixture;
      const size = 3 * MIB + 17;
      const sent = await buffer(bytes(size));
      const ref = await store.blobs.write(bytes(size), size, never);
      expect(ref).to.deep.equal({ digest: createHash("sha256").update(sent).digest("hex"), size });
      expect((await buffer(await store.blobs.read(ref.digest))).equals(sent)).to.equal(true);
      const empty = await store.blobs.write(Readable.from([]), 0, never);
      expect([empty.size, await content(store, empty.digest)]).to.deep.equal([0, ""]);
    });

    it("are read in part, both ends inclusive", async () => {
      const { digest } = await write(fixture.store, "0123456789");
      const part = async (start: number, end: number): Promise<string> =>
        (await buffer(await fixture.store.blobs.read(digest, { start, end }))).toString();
      expect([await part(0, 0), await part(2, 4), await part(9, 9)]).to.deep.equal(["0", "234", "9"]);
    });

    it("that are equal are one, however often and at once they come", async () => {
      const { store } = fixture;
      const before = (await store.stats()).bytes;
      const refs = await Promise.all(
        Array.from({ length: 8 }, () => store.blobs.write(bytes(2 * MIB), 2 * MIB, never)),
      );
      expect(new Set(refs.map(({ digest }) => digest)).size).to.equal(1);
      const grown = (await store.stats()).bytes - before;
      expect(grown).to.be.within(2 * MIB, 3 * MIB);
    });

    it("past their limit are refused, and nothing of them stays", async () => {
      const { store } = fixture;
      const before = (await store.stats()).bytes;
      const endless = Readable.from(
        (function* () {
          for (;;) yield Buffer.alloc(65_536);
        })(),
      );
      expect(await errorCode(store.blobs.write(endless, MIB, never))).to.equal("too-large");
      expect(endless.destroyed).to.equal(true);
      expect((await store.stats()).bytes - before).to.be.lessThan(MIB);
      expect((await store.blobs.write(bytes(MIB), MIB, never)).size).to.equal(MIB);
    });

    it("whose sender gives up, or fails, are forgotten", async () => {
      const { store } = fixture;
      const abort = new AbortController();
      let reads = 0;
      const slow = new Readable({
        read() {
          if (reads++ === 0) this.push("something");
          else abort.abort();
        },
      });
      expect(await errorCode(store.blobs.write(slow, MIB, abort.signal))).to.equal("aborted");
      expect(slow.destroyed).to.equal(true);
      const cut = new PassThrough();
      const failing = errorCode(store.blobs.write(cut, MIB, never));
      cut.write("half");
      cut.destroy();
      expect(await failing).to.equal("aborted");
      const half = createHash("sha256").update("half").digest("hex");
      expect(await errorCode(store.blobs.read(half))).to.equal("not-found");
    });

    it("that nobody wrote are not found, whatever they are asked by", async () => {
      for (const digest of ["0".repeat(64), "", "../default.sqlite", "ABC"]) {
        expect(await errorCode(fixture.store.blobs.read(digest)), digest).to.equal("not-found");
      }
    });

    it("go an hour after they were written, unless a file refers to them", async () => {
      const { store } = fixture;
      const start = clock.time;
      const idle = await write(store, "idle");
      const held = await write(store, "held");
      await commit(store, [{ mutations: [document("a"), file("a", "f", held)] }], start);
      await store.sweep(start + HOUR - 1);
      expect(await content(store, idle.digest)).to.equal("idle");
      await store.sweep(start + HOUR);
      expect(await errorCode(store.blobs.read(idle.digest))).to.equal("not-found");
      expect(await content(store, held.digest)).to.equal("held");
      const late = await store.commit([{ mutations: [file("a", "g", idle)] }], start);
      expect(late[0]?.ok === false && late[0].error.code).to.equal("not-found");
    });

    it("go an hour after the last file gave them up, and are no room any more", async () => {
      const { store } = fixture;
      const start = clock.time;
      const big = await store.blobs.write(bytes(2 * MIB, 3), 2 * MIB, never);
      await commit(
        store,
        [{ mutations: [document("a"), document("b"), file("a", "f", big), file("b", "f", big)] }],
        start,
      );
      const full = (await store.stats()).bytes;
      await commit(store, [{ mutations: [{ kind: "document.delete", collection: "submodel", id: "a" }] }], start);
      await store.sweep(start + 2 * HOUR);
      expect((await buffer(await store.blobs.read(big.digest))).length).to.equal(2 * MIB);
      await commit(store, [{ mutations: [file("b", "f", await write(store, "small"))] }], start + 2 * HOUR);
      await store.sweep(start + 3 * HOUR - 1);
      expect((await buffer(await store.blobs.read(big.digest))).length).to.equal(2 * MIB);
      await store.sweep(start + 3 * HOUR);
      expect(await errorCode(store.blobs.read(big.digest))).to.equal("not-found");
      expect((await store.stats()).bytes).to.be.lessThan(full - MIB);
    });

    it("are given a new hour when they are written once more", async () => {
      const { store } = fixture;
      const start = clock.time;
      const { digest } = await write(store, "again");
      clock.time = start + HOUR - 1;
      await write(store, "again");
      await store.sweep(start + HOUR);
      expect(await content(store, digest)).to.equal("again");
      clock.time = start;
    });
  });

  describe("contents of files in a small store", () => {
    const fixture = storeFixture(factory, { budget: 8 * MIB });

    it("are kept, however many small ones come at once", async () => {
      const writes = Array.from({ length: 30 }, (_, index) =>
        fixture.store.blobs.write(bytes(9_000, index), MIB, never),
      );
      expect((await Promise.all(writes)).every(({ size }) => size === 9_000)).to.equal(true);
    });

    it("are refused past half of the budget: what is measured is kept all the same, and files can be given up", async () => {
      const { store, clock } = fixture;
      const first = await store.blobs.write(bytes(2 * MIB), 9 * MIB, never);
      await commit(store, [{ mutations: [document("a"), file("a", "f", first)] }], clock.time);
      expect(await errorCode(store.blobs.write(bytes(3 * MIB, 1), 9 * MIB, never))).to.equal("store-full");
      const second = await store.blobs.write(bytes(MIB, 2), 9 * MIB, never);
      expect(second.size).to.equal(MIB);
      const [series = 0] = await store.series.ensure(["s"], 1);
      await commit(store, [{ samples: [sample(series, 1)] }]);
      await commit(store, [{ mutations: [{ kind: "file.delete", collection: "submodel", id: "a", name: "f" }] }]);
      await store.sweep(clock.time + HOUR);
      expect((await store.blobs.write(bytes(3 * MIB, 1), 9 * MIB, never)).size).to.equal(3 * MIB);
    });
  });
}

const document = (id: string): Mutation => ({
  kind: "document.put",
  collection: "submodel",
  document: { id, body: "{}", keys: {} },
  parts: [],
});

const file = (id: string, name: string, ref: BlobRef): Mutation => ({
  kind: "file.put",
  collection: "submodel",
  id,
  file: { name, contentType: "text/plain", ...ref },
});
