import { expect } from "chai";
import { cachedDocuments } from "../../src/aas/document-cache.ts";
import type { Change } from "../../src/core/change.ts";
import type { DocumentRow, NewPart, PartRow } from "../../src/core/document.ts";
import type { Mutation } from "../../src/core/mutation.ts";
import type { DocumentPort } from "../../src/store/contract.ts";

const head = (version: number): DocumentRow => ({
  id: "urn:sm",
  body: "{}",
  keys: {},
  createdAt: 1,
  modifiedAt: version,
  version,
  ordinal: 1,
});
const newPart = (body: string): NewPart => ({ key: "Speed", name: "Speed", kind: "Property", body });
const rowOf = (body: string, at: number): PartRow => ({ ...newPart(body), position: 3, createdAt: 1, modifiedAt: at });

/** A store of one document, which counts what is read of it, and the twin that tells of its commits. */
function room() {
  const stored = { version: 1, body: "1" };
  const reads: string[] = [];
  const listeners: ((change: Change) => void)[] = [];
  let held: Promise<void> | undefined;
  async function read<T>(what: string, value: () => T): Promise<T> {
    reads.push(what);
    const now = value();
    await held;
    return now;
  }
  const documents = {
    get: (_collection: string, id: string) => read("get", () => (id === "urn:sm" ? head(stored.version) : undefined)),
    parts: () => read("parts", () => [rowOf(stored.body, stored.version)]),
    part: (_collection: string, _id: string, key: string) =>
      read("part", () => (key === "Speed" ? rowOf(stored.body, stored.version) : undefined)),
    list: () => read("list", () => ({ items: [head(stored.version)] })),
  } as unknown as DocumentPort;
  const twin = {
    onChange(listener: (change: Change) => void) {
      listeners.push(listener);
      return () => undefined;
    },
  };
  const tell = (seq: number, mutation: Mutation): void => {
    for (const listener of listeners) listener({ seq, at: seq, origin: "aas", mutations: [mutation], signals: [] });
  };
  return {
    stored,
    cached: cachedDocuments(documents, twin, 1_000_000),
    tell,
    put(body: string, how?: "value"): void {
      stored.version += 1;
      stored.body = body;
      const part = newPart(body);
      tell(stored.version, { kind: "part.put", collection: "submodel", id: "urn:sm", part, ...(how && { how }) });
    },
    hold(until: Promise<void>): void {
      held = until;
    },
    /** What the store was asked for since the last time. */
    asked: (): string[] => reads.splice(0),
  };
}

describe("documents that are read once until they change", () => {
  it("asks the store once for a row, for parts and for a part", async () => {
    const { cached, asked } = room();
    for (const _ of [1, 2]) {
      expect((await cached.get("submodel", "urn:sm"))?.version).to.equal(1);
      expect(await cached.parts("submodel", "urn:sm")).to.have.length(1);
      expect((await cached.part("submodel", "urn:sm", "Speed"))?.body).to.equal("1");
    }
    expect(asked()).to.deep.equal(["get", "parts", "part"]);
  });

  it("asks again after any commit of the document, and not after one of another", async () => {
    const { cached, asked, put, tell } = room();
    await cached.get("submodel", "urn:sm");
    tell(2, { kind: "document.delete", collection: "submodel", id: "urn:other" });
    tell(3, { kind: "document.delete", collection: "shell", id: "urn:sm" });
    await cached.get("submodel", "urn:sm");
    expect(asked()).to.deep.equal(["get"]);
    put("2");
    expect((await cached.get("submodel", "urn:sm"))?.version).to.equal(2);
    expect(asked()).to.deep.equal(["get"]);
  });

  it("follows another value of a part without asking", async () => {
    const { cached, asked, put, stored } = room();
    const whole = async () => [
      await cached.get("submodel", "urn:sm"),
      await cached.parts("submodel", "urn:sm"),
      await cached.part("submodel", "urn:sm", "Speed"),
    ];
    await whole();
    put("2", "value");
    put("3", "value");
    asked();
    const now = rowOf("3", stored.version);
    expect(await whole()).to.deep.equal([head(stored.version), [now], now]);
    expect(asked()).to.deep.equal([]);
  });

  it("does not keep what was read before a commit and arrives after it", async () => {
    const { cached, hold, put } = room();
    const { promise, resolve } = Promise.withResolvers<void>();
    hold(promise);
    const early = cached.get("submodel", "urn:sm");
    put("2");
    resolve();
    expect((await early)?.version).to.equal(1);
    expect((await cached.get("submodel", "urn:sm"))?.version).to.equal(2);
  });

  it("does not go back to a commit that was overtaken", async () => {
    const { cached, stored, tell } = room();
    stored.version = 6;
    stored.body = "6";
    await cached.get("submodel", "urn:sm");
    await cached.parts("submodel", "urn:sm");
    tell(5, { kind: "part.put", collection: "submodel", id: "urn:sm", part: newPart("5"), how: "value" });
    expect((await cached.parts("submodel", "urn:sm"))[0]?.body).to.equal("6");
  });

  it("asks for a page again after a commit in its collection, and always where signals decide", async () => {
    const { cached, asked, put, tell } = room();
    const listed = () => cached.list("submodel", { kind: "key", name: "idShort", in: ["A"] }, { limit: 10 });
    await listed();
    tell(2, { kind: "document.delete", collection: "shell", id: "urn:a" });
    await listed();
    expect(asked()).to.deep.equal(["list"]);
    put("2", "value");
    expect((await listed()).items[0]?.version).to.equal(2);
    expect(asked()).to.deep.equal(["list"]);
    for (const _ of [1, 2]) await cached.list("submodel", { kind: "part", names: ["Speed"] }, { limit: 10 });
    expect(asked()).to.deep.equal(["list", "list"]);
  });

  it("keeps nothing of what is not there", async () => {
    const { cached, asked } = room();
    for (const _ of [1, 2]) {
      expect(await cached.get("submodel", "urn:none")).to.equal(undefined);
      expect(await cached.part("submodel", "urn:sm", "None")).to.equal(undefined);
    }
    expect(asked()).to.deep.equal(["get", "part", "get", "part"]);
  });
});
