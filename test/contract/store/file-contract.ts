import { expect } from "chai";
import type { Mutation } from "../../../src/core/mutation.ts";
import type { BlobRef } from "../../../src/store/contract.ts";
import { content, write } from "./blob-contract.ts";
import { commit, type StoreFactory, storeFixture } from "./store-fixture.ts";

const put = (id: string, body = "{}", expiresAt?: number): Mutation => ({
  kind: "document.put",
  collection: "submodel",
  document: { id, body, keys: {}, ...(expiresAt === undefined ? {} : { expiresAt }) },
  parts: [],
});

const file = (id: string, name: string, ref: BlobRef, contentType = "text/plain"): Mutation => ({
  kind: "file.put",
  collection: "submodel",
  id,
  file: { name, contentType, ...ref },
});

const gone = (id: string, name: string): Mutation => ({ kind: "file.delete", collection: "submodel", id, name });

/** Files of documents, by name. */
export function fileContract(factory: StoreFactory): void {
  describe("files of documents", () => {
    const fixture = storeFixture(factory);
    const namesOf = async (id: string): Promise<readonly string[]> =>
      (await fixture.store.documents.files("submodel", id)).map(({ name }) => name);

    it("are kept by name with their times, and touch their document", async () => {
      const { store } = fixture;
      const one = await write(store, "one");
      const two = await write(store, "two!");
      await commit(store, [{ mutations: [put("a"), file("a", "/z", one), file("a", "/ü x", one)] }], 1);
      const [seq] = await commit(store, [{ mutations: [file("a", "/z", two, "text/csv")] }], 2);
      expect(await namesOf("a")).to.deep.equal(["/z", "/ü x"]);
      const row = await store.documents.file("submodel", "a", "/z");
      expect(row).to.deep.equal({ name: "/z", contentType: "text/csv", ...two, createdAt: 1, modifiedAt: 2 });
      expect(await content(store, row?.digest ?? "")).to.equal("two!");
      expect(await store.documents.get("submodel", "a")).to.include({ version: seq, modifiedAt: 2 });
    });

    it("stay when their document is replaced and go with it", async () => {
      const { store } = fixture;
      const one = await write(store, "one");
      await commit(store, [{ mutations: [put("a"), file("a", "f", one)] }]);
      await commit(store, [{ mutations: [put("a", '{"new":1}')] }]);
      expect(await namesOf("a")).to.deep.equal(["f"]);
      await commit(store, [{ mutations: [{ kind: "document.delete", collection: "submodel", id: "a" }] }]);
      expect(await namesOf("a")).to.deep.equal([]);
      await commit(store, [{ mutations: [put("a")] }]);
      expect([await namesOf("a"), await store.documents.file("submodel", "a", "f")]).to.deep.equal([[], undefined]);
    });

    it("are apart by document and by collection", async () => {
      const { store } = fixture;
      const one = await write(store, "one");
      const shell: Mutation = {
        kind: "document.put",
        collection: "shell",
        document: { id: "a", body: "", keys: {} },
        parts: [],
      };
      await commit(store, [{ mutations: [put("a"), put("b"), shell, file("b", "f", one)] }]);
      expect([await namesOf("a"), await namesOf("b")]).to.deep.equal([[], ["f"]]);
      expect(await store.documents.files("shell", "a")).to.deep.equal([]);
      expect(await store.documents.files("shell", "none")).to.deep.equal([]);
    });

    it("refuse what is not there: document, file, content", async () => {
      const { store } = fixture;
      const one = await write(store, "one");
      await commit(store, [{ mutations: [put("a")] }]);
      const wrong = [
        file("none", "f", one),
        gone("none", "f"),
        gone("a", "f"),
        file("a", "f", { digest: "0".repeat(64), size: 3 }),
        file("a", "f", { ...one, size: 4 }),
      ];
      const results = await store.commit(
        wrong.map((mutation) => ({ mutations: [mutation] })),
        1,
      );
      expect(results.map((result) => result.ok || result.error.code)).to.deep.equal(wrong.map(() => "not-found"));
      const [unit] = await store.commit([{ mutations: [file("a", "f", one), gone("a", "g")] }], 1);
      expect([unit?.ok, await namesOf("a")]).to.deep.equal([false, []]);
      const [text] = await store.commit([{ mutations: [file("a", "f\0", one)] }], 1);
      expect(text?.ok === false && text.error.code).to.equal("invalid");
    });

    it("of what is past its time are gone", async () => {
      const { store, clock } = fixture;
      const one = await write(store, "one");
      const now = clock.time;
      await commit(store, [{ mutations: [put("a", "{}", now + 10), file("a", "f", one)] }], now);
      expect(await namesOf("a")).to.deep.equal(["f"]);
      clock.time = now + 10;
      expect([await namesOf("a"), await store.documents.file("submodel", "a", "f")]).to.deep.equal([[], undefined]);
      await store.sweep(now + 10);
      clock.time = now;
      expect(await namesOf("a")).to.deep.equal([]);
    });
  });
}
