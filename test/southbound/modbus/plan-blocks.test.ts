import { expect } from "chai";
import fc from "fast-check";
import {
  type Block,
  type BlockLimits,
  halve,
  planBlocks,
  type Span,
} from "../../../src/southbound/modbus/plan-blocks.ts";
import { isBitTable, tables } from "../../../src/southbound/modbus/point-address.ts";

const limits: BlockLimits = { maxRegisters: 125, maxBits: 2000, maxGap: 8, cuts: new Set() };
const holding = (start: number, length = 1): Span => ({ tag: `${start}+${length}`, table: "holding", start, length });
const shape = (blocks: readonly Block[]): string[] => blocks.map(({ start, length }) => `${start}+${length}`);

const spans = fc
  .uniqueArray(
    fc.record({ table: fc.constantFrom(...tables), start: fc.nat(600), length: fc.integer({ min: 1, max: 8 }) }),
    { maxLength: 60, selector: ({ table, start, length }) => `${table}:${start}:${length}` },
  )
  .map((list) => list.map((span): Span => ({ ...span, tag: `${span.table}:${span.start}:${span.length}` })));

describe("the plan of modbus requests", () => {
  it("reads what touches, or nearly, with one request", () => {
    expect(shape(planBlocks([holding(10, 2), holding(0, 2), holding(2, 2)], limits))).to.deep.equal(["0+12"]);
    expect(shape(planBlocks([holding(0), holding(10)], limits))).to.deep.equal(["0+1", "10+1"]);
    expect(shape(planBlocks([holding(0), holding(9)], limits))).to.deep.equal(["0+10"]);
  });

  it("goes no further than one request may", () => {
    const many = Array.from({ length: 200 }, (_, at) => holding(at));
    expect(shape(planBlocks(many, limits))).to.deep.equal(["0+125", "125+75"]);
    expect(shape(planBlocks(many.slice(0, 30), { ...limits, maxRegisters: 10 }))).to.have.lengthOf(3);
  });

  it("starts anew where a request was refused", () => {
    const cuts = new Set(["2+1"]);
    expect(shape(planBlocks([holding(0), holding(1), holding(2), holding(3)], { ...limits, cuts }))).to.deep.equal([
      "0+2",
      "2+2",
    ]);
  });

  it("keeps all its promises for any points", () => {
    const someLimits = fc.record({
      maxRegisters: fc.integer({ min: 8, max: 125 }),
      maxBits: fc.integer({ min: 8, max: 2000 }),
      maxGap: fc.nat(20),
    });
    const property = fc.property(spans, someLimits, fc.func(fc.boolean()), (points, given, isCut) => {
      const cuts = new Set(points.filter(({ tag }) => isCut(tag)).map(({ tag }) => tag));
      const blocks = planBlocks(points, { ...given, cuts });
      const read = blocks.flatMap((block) => block.spans);
      expect(read).to.have.members(points);
      for (const block of blocks) checkBlock(block, given, cuts);
    });
    fc.assert(property, { numRuns: 300 });
  });

  it("narrows a refused request down to single points", () => {
    const property = fc.property(spans, (points) => {
      for (const block of planBlocks(points, limits)) {
        const leaves = narrow(block);
        expect(leaves.map((leaf) => leaf.spans.length)).to.deep.equal(block.spans.map(() => 1));
        for (const { start, length, spans: only } of leaves) expect(only[0]).to.include({ start, length });
      }
    });
    fc.assert(property, { numRuns: 100 });
  });
});

function checkBlock(block: Block, given: Omit<BlockLimits, "cuts">, cuts: ReadonlySet<string>): void {
  const bits = isBitTable(block.table);
  expect(block.length).to.be.at.most(bits ? given.maxBits : given.maxRegisters);
  expect(block.start).to.equal(Math.min(...block.spans.map(({ start }) => start)));
  expect(block.start + block.length).to.equal(Math.max(...block.spans.map(({ start, length }) => start + length)));
  let end = block.start;
  for (const [at, span] of block.spans.entries()) {
    expect(span.table).to.equal(block.table);
    expect(span.start - end).to.be.at.most(bits ? given.maxGap * 16 : given.maxGap);
    if (at > 0) expect(cuts.has(span.tag)).to.equal(false);
    end = Math.max(end, span.start + span.length);
  }
}

function narrow(block: Block): readonly Block[] {
  const halves = halve(block);
  return halves ? halves.flatMap(narrow) : [block];
}
