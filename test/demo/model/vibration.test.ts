import { expect } from "chai";
import { Random } from "../../../src/demo/model/random.ts";
import { measureVibration, vibrationLevel } from "../../../src/demo/model/vibration.ts";

const good = { speedRatio: 1, loadRatio: 1, wear: 0, neighbours: 0 };

describe("demo/model/vibration", () => {
  it("grows with wear", () => {
    const levels = [0, 0.25, 0.5, 0.75, 1].map((wear) => vibrationLevel({ ...good, wear }));
    expect(levels).to.deep.equal([...levels].sort((a, b) => a - b));
    expect(levels[0]).to.be.below(1.5);
    expect(levels[4]).to.be.above(7.1);
  });

  it("is least at the best efficiency point and grows with speed", () => {
    const best = vibrationLevel(good);
    expect(vibrationLevel({ ...good, loadRatio: 0.4 })).to.be.above(best * 1.3);
    expect(vibrationLevel({ ...good, loadRatio: 1.6 })).to.be.above(best * 1.3);
    expect(vibrationLevel({ ...good, speedRatio: 0.6 })).to.be.below(best);
  });

  it("feels the neighbours at a standstill", () => {
    const still = { ...good, speedRatio: 0, loadRatio: 0 };
    expect(vibrationLevel({ ...still, neighbours: 3 })).to.be.above(vibrationLevel(still));
    expect(vibrationLevel({ ...still, neighbours: 3 })).to.be.below(0.3);
  });

  it("scatters around its level as a measurement does", () => {
    const random = new Random(5);
    const measured = Array.from({ length: 2_000 }, () => measureVibration(good, random).x);
    expect(new Set(measured).size).to.be.above(1_900);
    expect(measured.reduce((a, b) => a + b) / measured.length).to.be.closeTo(vibrationLevel(good), 0.01);
  });
});
