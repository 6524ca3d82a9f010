import { expect } from "chai";
import { Pump, type PumpDefects } from "../../../src/demo/model/pump.ts";
import { makePumpSpecs } from "../../../src/demo/model/pump-spec.ts";
import { Random } from "../../../src/demo/model/random.ts";

const healthy: PumpDefects = { wear: false, overheating: false, driveTrip: false };

function makePump(): Pump {
  const [spec] = makePumpSpecs(1, new Random(1));
  if (spec === undefined) throw new Error("one pump was asked for");
  return new Pump(spec, 20, 12, new Random(2));
}

/** Lets a pump run on its own for whole seconds. */
function live(pump: Pump, seconds: number, { flow = 60, defects = healthy } = {}): void {
  for (let i = 0; i < seconds; i++) {
    pump.drive(1, defects.driveTrip);
    const turning = pump.condition.speedRatio > 0;
    pump.live(1, { flow: turning ? flow : 0, ambient: 20, water: 12, neighbours: 0, defects });
  }
}

describe("demo/model/pump", () => {
  it("goes from Idle over Starting to Running, and over Stopping back, counting the start", () => {
    const pump = makePump();
    const starts = pump.read().starts;
    expect(pump.state).to.equal("Idle");
    expect(pump.start()).to.deep.equal({ accepted: true });
    live(pump, 1);
    expect(pump.state).to.equal("Starting");
    live(pump, 20);
    expect(pump.read()).to.include({ state: "Running", speed: 2950, mode: "Manual", starts: starts + 1 });
    pump.stop();
    live(pump, 1);
    expect(pump.state).to.equal("Stopping");
    live(pump, 20);
    expect(pump.read()).to.include({ state: "Idle", speed: 0, flow: 0, starts: starts + 1 });
  });

  it("refuses a setpoint outside 0 to 110 % and NaN, and keeps the old one", () => {
    const pump = makePump();
    for (const wrong of [-0.1, 110.1, Number.NaN, Number.POSITIVE_INFINITY]) {
      expect(pump.setSpeed(wrong)).to.include({ accepted: false });
    }
    expect(pump.speedSetpoint).to.equal(100);
    expect(pump.setSpeed(110)).to.deep.equal({ accepted: true });
  });

  it("runs at its setpoint, follows a new one, and stops at 0", () => {
    const pump = makePump();
    pump.start();
    pump.setSpeed(80);
    live(pump, 20);
    expect(pump.read()).to.include({ state: "Running", speed: 2360 });
    pump.setSpeed(0);
    live(pump, 20);
    expect(pump.state).to.equal("Idle");
  });

  it("counts hours and volume while it turns, and only then", () => {
    const pump = makePump();
    const before = pump.read();
    live(pump, 3_600);
    expect(pump.read()).to.include({ operatingHours: before.operatingHours, volume: before.volume });
    pump.start();
    live(pump, 3_600);
    const after = pump.read();
    expect(after.operatingHours - before.operatingHours).to.be.closeTo(1, 0.001);
    expect(after.volume - before.volume).to.be.closeTo(60, 0.1);
  });

  it("wears little in an hour, half its life with abrasive water, and vibrates more then", () => {
    const pump = makePump();
    pump.start();
    const before = pump.read().wear;
    live(pump, 3_600);
    expect(pump.read().wear - before).to.be.within(1e-5, 1e-4);
    const calm = pump.read().vibration.x;
    live(pump, 3_600, { defects: { ...healthy, wear: true } });
    expect(pump.read().wear - before).to.be.closeTo(0.5, 0.02);
    expect(pump.read().vibration.x).to.be.above(calm * 1.5);
  });

  it("trips on vibration when it is worn out", () => {
    const pump = makePump();
    pump.start();
    live(pump, 3 * 3_600, { defects: { ...healthy, wear: true } });
    expect(pump.read()).to.include({ state: "Fault", trip: "Vibration" });
  });

  it("trips when the bearings run dry, and can be reset once they are cool", () => {
    const pump = makePump();
    pump.start();
    const dry = { defects: { ...healthy, overheating: true } };
    for (let i = 0; i < 900 && pump.state !== "Fault"; i++) live(pump, 1, dry);
    expect(pump.read()).to.include({ state: "Fault", trip: "BearingOvertemperature" });
    expect(pump.read().temperatures.bearingDriveEnd).to.be.above(80);
    expect(pump.resetFault()).to.deep.equal({ accepted: false, reason: "a bearing is still above 80 °C" });
    expect(pump.start()).to.include({ accepted: false });
    live(pump, 1_200);
    expect(pump.resetFault()).to.deep.equal({ accepted: true });
    expect(pump.read()).to.include({ state: "Idle", trip: "None" });
  });

  it("coasts down when the drive trips, and cannot be reset while it is tripped", () => {
    const pump = makePump();
    pump.start();
    live(pump, 20);
    const tripped = { defects: { ...healthy, driveTrip: true } };
    live(pump, 3, tripped);
    expect(pump.read()).to.include({ state: "Fault", trip: "DriveTrip" });
    expect(pump.read().speed).to.be.within(500, 2_500);
    live(pump, 60, tripped);
    expect(pump.resetFault()).to.include({ accepted: false, reason: "the drive is still tripped" });
    live(pump, 1);
    expect(pump.resetFault()).to.deep.equal({ accepted: true });
    expect(pump.resetFault()).to.include({ accepted: false });
  });
});
