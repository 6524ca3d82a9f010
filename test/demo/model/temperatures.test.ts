import { expect } from "chai";
import { coldTemperatures, type Heat, heatUp } from "../../../src/demo/model/temperatures.ts";

const running: Heat = {
  ambient: 20,
  water: 12,
  speedRatio: 1,
  wear: 0,
  load: 0.85,
  hydraulicLoss: 3.5,
  flow: 60,
  dryBearings: false,
};
const cold = coldTemperatures(20, 12);

describe("demo/model/temperatures", () => {
  it("has inertia: two thirds of the rise after one time constant, all of it after many", () => {
    const rise = heatUp(cold, running, 1e6).bearingDriveEnd - 20;
    expect(rise).to.be.closeTo(32, 1e-6);
    expect(heatUp(cold, running, 420).bearingDriveEnd - 20).to.be.closeTo(rise * (1 - Math.exp(-1)), 1e-6);
    expect(heatUp(cold, running, 1).bearingDriveEnd - 20).to.be.below(0.1);
  });

  it("gives the same in one long step as in many short ones", () => {
    let now = cold;
    for (let i = 0; i < 600; i++) now = heatUp(now, running, 1);
    const once = heatUp(cold, running, 600);
    expect(now.bearingDriveEnd).to.be.closeTo(once.bearingDriveEnd, 1e-9);
    expect(now.motorWinding).to.be.closeTo(once.motorWinding, 1e-9);
    expect(now.fluid).to.be.closeTo(once.fluid, 1e-9);
  });

  it("cools down to ambient at a standstill", () => {
    const hot = heatUp(cold, running, 5_000);
    const stopped = heatUp(hot, { ...running, speedRatio: 0, load: 0, hydraulicLoss: 0, flow: 0 }, 10_000);
    expect(stopped.bearingDriveEnd).to.be.closeTo(20, 0.01);
    expect(stopped.motorWinding).to.be.closeTo(20, 0.01);
  });

  it("gets hotter with wear, and beyond every limit with dry bearings", () => {
    const at = (heat: Partial<Heat>) => heatUp(cold, { ...running, ...heat }, 1e6).bearingDriveEnd;
    expect(at({ wear: 1 })).to.be.above(at({ wear: 0 }) + 20);
    expect(at({ dryBearings: true })).to.be.above(120);
  });

  it("heats the water at a closed valve", () => {
    const closed = { ...running, flow: 0, hydraulicLoss: 9 };
    expect(heatUp(cold, closed, 120).fluid).to.be.above(heatUp(cold, running, 120).fluid + 5);
  });
});
