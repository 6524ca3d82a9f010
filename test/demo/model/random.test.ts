import { expect } from "chai";
import { Random } from "../../../src/demo/model/random.ts";

describe("demo/model/random", () => {
  it("gives the same numbers for the same seed and others for another", () => {
    const draw = (seed: number) => {
      const random = new Random(seed);
      return Array.from({ length: 5 }, () => random.uniform());
    };
    expect(draw(42)).to.deep.equal(draw(42));
    expect(draw(42)).to.not.deep.equal(draw(43));
  });

  it("is uniform in [0, 1) and normal with mean 0 and deviation 1", () => {
    const random = new Random(3);
    const uniform = Array.from({ length: 20_000 }, () => random.uniform());
    expect(Math.min(...uniform)).to.be.at.least(0);
    expect(Math.max(...uniform)).to.be.below(1);
    expect(uniform.reduce((a, b) => a + b) / uniform.length).to.be.closeTo(0.5, 0.01);
    const normal = Array.from({ length: 20_000 }, () => random.normal());
    expect(normal.reduce((a, b) => a + b) / normal.length).to.be.closeTo(0, 0.03);
    expect(normal.reduce((sum, x) => sum + x * x, 0) / normal.length).to.be.closeTo(1, 0.05);
  });

  it("forks generators that do not disturb each other", () => {
    const [a, b] = [new Random(9), new Random(9)];
    const [forkA, forkB] = [a.fork(), b.fork()];
    a.uniform();
    expect(forkA.uniform()).to.equal(forkB.uniform());
  });
});
