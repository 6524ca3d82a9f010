import { expect } from "chai";
import { flowAgainst, headAt, hydraulicPower, shaftPower, solveHeader } from "../../../src/demo/model/hydraulics.ts";
import { motorPower } from "../../../src/demo/model/motor.ts";
import { makePumpSpecs } from "../../../src/demo/model/pump-spec.ts";
import { Random } from "../../../src/demo/model/random.ts";

const [spec] = makePumpSpecs(1, new Random(1));
if (spec === undefined) throw new Error("one pump was asked for");
const fresh = { speedRatio: 1, wear: 0 };

describe("demo/model/hydraulics", () => {
  it("gives rated head at rated flow and shut-off head at none", () => {
    expect(headAt(spec, spec.ratedFlow, fresh)).to.be.closeTo(spec.ratedHead, 1e-9);
    expect(headAt(spec, 0, fresh)).to.be.closeTo(spec.shutoffHead, 1e-9);
  });

  it("follows the affinity laws: flow with n, head with n², power with n³", () => {
    for (const speedRatio of [0.5, 0.8, 1.1]) {
      const slow = { speedRatio, wear: 0 };
      for (const flow of [0, 20, 60, 90]) {
        expect(headAt(spec, flow * speedRatio, slow)).to.be.closeTo(headAt(spec, flow, fresh) * speedRatio ** 2, 1e-9);
        expect(shaftPower(spec, flow * speedRatio, slow)).to.be.closeTo(
          shaftPower(spec, flow, fresh) * speedRatio ** 3,
          1e-9,
        );
      }
    }
  });

  it("inverts the curve, and the check valve holds above shut-off head", () => {
    expect(flowAgainst(spec, headAt(spec, 47, fresh), fresh)).to.be.closeTo(47, 1e-9);
    expect(flowAgainst(spec, spec.shutoffHead + 1, fresh)).to.equal(0);
  });

  it("never gives more power to the water than the shaft, nor to the shaft than the motor takes", () => {
    for (const speedRatio of [0.3, 0.7, 1, 1.1]) {
      for (const wear of [0, 0.5, 1]) {
        for (let q = 0; q <= 1.6; q += 0.1) {
          const flow = q * spec.ratedFlow * speedRatio;
          const head = headAt(spec, flow, { speedRatio, wear });
          if (head <= 0) continue;
          const shaft = shaftPower(spec, flow, { speedRatio, wear });
          expect(hydraulicPower(flow, head), `q ${q}`).to.be.below(shaft);
          expect(shaft).to.be.below(motorPower(spec, shaft, speedRatio));
        }
      }
    }
  });

  it("is most efficient at the best efficiency point", () => {
    const efficiency = (flow: number) =>
      hydraulicPower(flow, headAt(spec, flow, fresh)) / shaftPower(spec, flow, fresh);
    const best = efficiency(spec.ratedFlow);
    expect(best).to.be.closeTo(spec.bestEfficiency, 1e-9);
    expect(efficiency(spec.ratedFlow * 0.6)).to.be.below(best);
    expect(efficiency(spec.ratedFlow * 1.4)).to.be.below(best);
  });

  it("loses head with wear", () => {
    expect(headAt(spec, 60, { speedRatio: 1, wear: 1 })).to.be.below(headAt(spec, 60, fresh) - 5);
  });

  it("balances the common header: the pumps deliver what the main takes", () => {
    const system = { staticHead: 58, friction: 0.00097 };
    const pumps = [
      { spec, ...fresh },
      { spec, speedRatio: 0.95, wear: 0.4 },
    ];
    const head = solveHeader(pumps, system);
    const delivered = pumps.reduce((sum, pump) => sum + flowAgainst(pump.spec, head, pump), 0);
    expect(system.staticHead + system.friction * delivered ** 2).to.be.closeTo(head, 1e-6);
    expect(delivered).to.be.above(80);
  });

  it("shares one main: two pumps deliver more than one, but less than twice as much", () => {
    const system = { staticHead: 58, friction: 0.00097 };
    const flowOf = (count: number) => {
      const pumps = Array.from({ length: count }, () => ({ spec, ...fresh }));
      const head = solveHeader(pumps, system);
      return count * flowAgainst(spec, head, fresh);
    };
    expect(flowOf(2)).to.be.above(flowOf(1));
    expect(flowOf(2)).to.be.below(2 * flowOf(1));
    expect(solveHeader([], system)).to.equal(system.staticHead);
  });
});
