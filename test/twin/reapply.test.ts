import { expect } from "chai";
import { linkOf, planOf, reading, scope, startTime, type TwinFixture, twinFixture } from "./twin-fixture.ts";

describe("twin: another plan over what is there", () => {
  let fixture: TwinFixture;
  beforeEach(async () => {
    fixture = await twinFixture();
  });
  afterEach(() => fixture.close());

  const signal = (point = "head") => fixture.twin.leaf("submodel", "urn:sm:P1", point)?.signal;
  const twice = (value: unknown): number => Number(value) * 2;

  it("shows what the new transform makes of the last reading, without waiting for the device", async () => {
    await fixture.twin.apply(planOf([linkOf("head")]));
    fixture.twin.alive("plant", fixture.clock.ms);
    fixture.clock.advance(1);
    await fixture.twin.ingest([reading(fixture.clock, "head", 21)]);
    fixture.clock.advance(1000);
    await fixture.twin.apply(planOf([linkOf("head", { decode: twice, unit: "CEL" })]));
    await fixture.twin.sweep();
    expect(signal()).to.include({ value: 42, quality: "good", at: startTime + 1 });
  });

  it("works a derived point's new expression out at once", async () => {
    const power = (factor: number) => {
      const evaluate = (current: (point: string) => unknown) => Number(current("head")) * factor;
      const { tag: _, ...link } = linkOf("power", { derive: { inputs: ["head"], evaluate } });
      return planOf([linkOf("head"), link]);
    };
    await fixture.twin.apply(power(2));
    fixture.twin.alive("plant", fixture.clock.ms);
    fixture.clock.advance(1);
    await fixture.twin.ingest([reading(fixture.clock, "head", 3)]);
    await fixture.twin.apply(power(3));
    await fixture.twin.sweep();
    expect(signal("power")?.value).to.equal(9);
  });

  it("commits nothing where the plan says the same", async () => {
    const plan = () => planOf([linkOf("head"), linkOf("flow")]);
    await fixture.twin.apply(plan());
    fixture.twin.alive("plant", fixture.clock.ms);
    fixture.clock.advance(1);
    await fixture.twin.ingest([reading(fixture.clock, "head", 3), reading(fixture.clock, "flow", 4)]);
    const { committed } = fixture.twin.stats;
    await fixture.twin.apply(plan());
    await fixture.twin.sweep();
    expect(fixture.twin.stats.committed).to.equal(committed);
  });

  it("a point that is mapped again is a memory until it is heard of, however lively its source", async () => {
    await fixture.twin.apply(planOf([linkOf("head"), linkOf("flow")]));
    fixture.twin.alive("plant", fixture.clock.ms);
    fixture.clock.advance(1);
    await fixture.twin.ingest([reading(fixture.clock, "head", 3), reading(fixture.clock, "flow", 4)]);
    await fixture.twin.apply(planOf([linkOf("flow")]));
    fixture.clock.advance(10_000);
    fixture.twin.alive("plant", fixture.clock.ms);
    await fixture.twin.sweep();
    await fixture.twin.apply(planOf([linkOf("head"), linkOf("flow")]));
    await fixture.twin.sweep();
    expect(signal("head")).to.include({ value: 3, quality: "uncertain" });
    expect(signal("flow")).to.include({ value: 4, quality: "good" });
  });

  it("counts no stale links of sources that no mapping names any more", async () => {
    await fixture.twin.apply(planOf([linkOf("head")]));
    await fixture.twin.ingest([reading(fixture.clock, "head", 3)]);
    fixture.twin.lost("plant");
    await fixture.twin.sweep();
    expect(fixture.twin.stats.stale).to.equal(1);
    await fixture.twin.apply(planOf([]));
    await fixture.twin.sweep();
    expect(fixture.twin.stats.stale).to.equal(0);
  });

  it("a memory is marked as one as soon as a plan runs, without waiting for the next look", async () => {
    const plan = planOf([linkOf("head")]);
    await fixture.twin.apply(plan);
    await fixture.twin.ingest([reading(fixture.clock, "head", 9)]);
    await fixture.restart();
    const flipped = new Promise((resolve) => fixture.twin.onChange(resolve));
    await fixture.twin.apply(plan);
    await flipped;
    expect(signal()).to.include({ value: 9, quality: "uncertain" });
  });

  it("a client cannot delete what a plan is about to link", async () => {
    const document = { id: "urn:sm:P1", body: '{"id":"urn:sm:P1"}', keys: {} };
    const put = { kind: "document.put", collection: "submodel", document, parts: [] } as const;
    await fixture.twin.commit(scope, "aas", [{ mutations: [put] }]);
    const applying = fixture.twin.apply(planOf([linkOf("head")], "pumps.yaml", true));
    for (let turn = 0; turn < 4; turn++) await Promise.resolve();
    const gone = { kind: "document.delete", collection: "submodel", id: "urn:sm:P1" } as const;
    const [result] = await fixture.twin.commit(scope, "aas", [{ mutations: [gone] }]);
    await applying;
    expect(result?.ok === false && result.error.code).to.equal("conflict");
    expect(await fixture.store.documents.get("submodel", "urn:sm:P1")).not.to.equal(undefined);
  });
});
