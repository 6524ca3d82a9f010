import { expect } from "chai";
import type { Mutation } from "../../src/core/mutation.ts";
import { defaultQualityNames } from "../../src/ngsi-ld/entity/live-attribute.ts";
import type { Subscription } from "../../src/ngsi-ld/subscription/subscription.ts";
import { SubscriptionIndex } from "../../src/ngsi-ld/subscription/subscription-index.ts";
import type { NewDelivery } from "../../src/store/contract.ts";

const subscription = (id: string, members: Partial<Subscription> = {}): Subscription => ({
  id,
  entities: [{ type: "x:Car" }],
  context: "x:context",
  createdAt: "2026-01-01T00:00:00Z",
  modifiedAt: "2026-01-01T00:00:00Z",
  ...members,
  notification: { endpoint: { uri: "http://receiver.example/" } },
});
const part = (key: string, body: object) => ({ key, name: key, kind: "Property", body: JSON.stringify(body) });
const put = (id: string, parts: ReturnType<typeof part>[] = []): Mutation => ({
  kind: "document.put",
  collection: "entity",
  document: { id, body: '{"type":["x:Car"]}', keys: { type: ["x:Car"] } },
  parts,
});

describe("The index of subscriptions (5.8.6)", () => {
  let index: SubscriptionIndex;
  let asked: string[];
  beforeEach(() => {
    asked = [];
    index = new SubscriptionIndex({
      names: defaultQualityNames,
      learn: async (entity) => {
        asked.push(entity);
        return ["x:Car"];
      },
    });
  });
  const match = (mutations: readonly Mutation[], at = 1_000): readonly NewDelivery[] =>
    index.match({ at, origin: "mapping", mutations, signals: [] });
  const targets = (mutations: readonly Mutation[], at?: number) => match(mutations, at).map(({ target }) => target);
  const noted = (mutations: readonly Mutation[]) => match(mutations).map(({ body }) => JSON.parse(body));

  it("finds those of the entity's id, type and attribute, and no others", () => {
    const other = { entities: [{ type: "x:Bus" }] };
    index.set(subscription("type"));
    index.set(subscription("other-type", other));
    index.set(subscription("id", { entities: [{ id: ["urn:1"], type: "*" }] }));
    index.set(subscription("other-id", { entities: [{ id: ["urn:2"], type: "*" }] }));
    index.set(subscription("both", { entities: [{ type: "x:Bus;x:Car" }] }));
    index.set(subscription("watched", { watchedAttributes: ["x:a"] }));
    index.set(subscription("other-watched", { watchedAttributes: ["x:b"] }));
    index.set(subscription("pattern", { entities: [{ idPattern: "1$", type: "*" }] }));
    index.set(subscription("paused", { isActive: false }));
    const expected = ["id", "pattern", "type", "watched"];
    expect([...targets([put("urn:1", [part("x:a", { type: "Property", value: 1 })])])].sort()).to.deep.equal(expected);
    index.remove("type");
    index.set(subscription("id", other));
    expect([...targets([put("urn:1", [part("x:a", { type: "Property", value: 1 })])])].sort()).to.deep.equal([
      "pattern",
      "watched",
    ]);
  });

  it("a mapping's linked attribute is not there before its first reading (rule 9)", () => {
    index.set(subscription("s"));
    expect(match([put("urn:1", [part("x:a", { type: "Property" })])])).to.deep.equal([]);
    const { deltas } = noted([put("urn:1", [part("x:a", { type: "Property" }), part("x:b", { value: 1 })])])[0];
    expect(deltas.map((delta: { part: string }) => delta.part)).to.deep.equal(["x:b"]);
  });

  it("an attribute that a mapping gives up is deleted, an entity too", () => {
    index.set(subscription("gone", { notificationTrigger: ["attributeDeleted"] }));
    index.set(subscription("gone-whole", { notificationTrigger: ["entityDeleted"] }));
    match([put("urn:1")]);
    const drop: Mutation = { kind: "part.delete", collection: "entity", id: "urn:1", key: "x:a" };
    expect(noted([drop])[0]).to.deep.include({ entity: "urn:1", deltas: [{ part: "x:a", how: "deleted" }] });
    const end: Mutation = { kind: "document.delete", collection: "entity", id: "urn:1" };
    expect(targets([end])).to.deep.equal(["gone-whole"]);
  });

  it("an entity whose types nobody told is left open, and learnt once", async () => {
    index.set(subscription("car"));
    index.set(subscription("bus", { entities: [{ type: "x:Bus" }] }));
    const change: Mutation = { kind: "part.put", collection: "entity", id: "urn:1", part: part("x:a", { value: 1 }) };
    const [first, second] = noted([change]);
    expect([first.open, second.open]).to.deep.equal([true, true]);
    await Promise.resolve();
    await Promise.resolve();
    expect(targets([change])).to.deep.equal(["car"]);
    expect(asked).to.deep.equal(["urn:1"]);
  });

  it("throttled: a change that only repeats what waits needs no row, once that is on the disk (5.2.12)", () => {
    index.set(subscription("s", { throttling: 10 }), 1_000);
    const change = (): readonly Mutation[] => [
      { kind: "part.put", collection: "entity", id: "urn:1", part: part("x:a", { value: 1 }) },
    ];
    match([put("urn:1")]);
    const first = change();
    expect(match(first, 2_000)).to.have.length(1).and.to.have.nested.property("[0].notBefore", 11_000);
    expect(targets(change(), 2_001), "its commit may fail").to.deep.equal(["s"]);
    index.committed({ at: 2_000, origin: "mapping", mutations: first, signals: [] });
    expect(targets(change(), 2_002)).to.deep.equal([]);
    const other: Mutation = { kind: "part.put", collection: "entity", id: "urn:1", part: part("x:b", { value: 1 }) };
    expect(targets([other], 2_003)).to.deep.equal(["s"]);
  });

  it("expired ones are not told (5.8.1.4)", () => {
    index.set(subscription("s", { expiresAt: "1970-01-01T00:00:02Z" }));
    const parts = [part("x:a", { value: 1 })];
    expect(targets([put("urn:1", parts)], 1_999)).to.deep.equal(["s"]);
    expect(targets([put("urn:1", parts)], 2_000)).to.deep.equal([]);
  });
});
