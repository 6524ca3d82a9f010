import { expect } from "chai";
import { Station } from "../../../src/demo/model/station.ts";

/** A day of a station, read once a minute. */
function day(seed: number) {
  const station = new Station({ seed, pumps: 4 });
  return Array.from({ length: 1_440 }, () => {
    station.step(60);
    return station.read();
  });
}

describe("demo/model/station", () => {
  it("is the same for the same seed, and another for another", () => {
    const anHourOf = (seed: number) => {
      const station = new Station({ seed, pumps: 4 });
      station.step(3_600);
      return station.read();
    };
    expect(anHourOf(7)).to.deep.equal(anHourOf(7));
    expect(anHourOf(7).pumps[0]?.vibration).to.not.deep.equal(anHourOf(8).pumps[0]?.vibration);
    expect(anHourOf(7).pumps[0]?.spec.ratedHead).to.not.equal(anHourOf(8).pumps[0]?.spec.ratedHead);
  });

  it("does not depend on how its time is cut into whole seconds", () => {
    const [long, short] = [new Station({ seed: 3, pumps: 3 }), new Station({ seed: 3, pumps: 3 })];
    long.step(600);
    for (let i = 0; i < 600; i++) short.step(1);
    expect(long.read()).to.deep.equal(short.read());
  });

  it("gives every pump running and idle phases, and more than one start a day", () => {
    const readings = day(11);
    for (let pump = 0; pump < 4; pump++) {
      const states = readings.map((reading) => reading.pumps[pump]?.state);
      expect(states.filter((state) => state === "Running").length, `pump ${pump} runs`).to.be.above(60);
      expect(states.filter((state) => state === "Idle").length, `pump ${pump} rests`).to.be.above(60);
      const starts = readings.map((reading) => reading.pumps[pump]?.starts ?? 0);
      expect((starts.at(-1) ?? 0) - (starts[0] ?? 0)).to.be.above(3);
    }
  });

  it("keeps the reservoir between empty and full, with water for the town", () => {
    const levels = day(12).map((reading) => reading.level);
    expect(Math.min(...levels)).to.be.above(0.1);
    expect(Math.max(...levels)).to.be.below(1);
  });

  it("balances energy: what the meter counts is what the motors drew, and the water got less", () => {
    const station = new Station({ seed: 5, pumps: 4 });
    const start = station.read().meter.energy;
    let drawn = 0;
    let lifted = 0;
    for (let i = 0; i < 7_200; i++) {
      station.step(1);
      const { pumps } = station.read();
      drawn += pumps.reduce((sum, pump) => sum + pump.electricalPower, 1.8) / 3_600;
      lifted += pumps.reduce((sum, pump) => sum + pump.hydraulicPower, 0) / 3_600;
    }
    expect(station.read().meter.energy - start).to.be.closeTo(drawn, 1e-6);
    expect(lifted / drawn).to.be.within(0.5, 0.8);
  });

  it("has a meter whose values agree with each other", () => {
    const station = new Station({ seed: 6, pumps: 4 });
    station.step(1_800);
    const { voltage, current, activePower, apparentPower, reactivePower, powerFactor, frequency } =
      station.read().meter;
    const fromPhases = voltage.reduce((sum, volts, phase) => sum + volts * (current[phase] ?? 0), 0) / 1_000;
    expect(fromPhases).to.be.closeTo(apparentPower, 1e-9);
    expect(Math.hypot(activePower, reactivePower)).to.be.closeTo(apparentPower, 1e-9);
    expect(powerFactor).to.be.within(0.8, 1);
    expect(frequency).to.be.within(49.9, 50.1);
  });

  it("starts no further pump beyond the demand limit", () => {
    const station = new Station({ seed: 11, pumps: 4 });
    expect(station.meter.setDemandLimit(25)).to.equal(true);
    for (let i = 0; i < 600; i++) {
      station.step(60);
      expect(station.read().pumps.filter((pump) => pump.state === "Running").length).to.be.at.most(1);
    }
    expect(station.meter.setDemandLimit(1_001)).to.equal(false);
    expect(station.meter.demandLimit).to.equal(25);
  });

  it("goes on with the other pumps when one is in Fault", () => {
    const station = new Station({ seed: 11, pumps: 4 });
    station.setDefects("Pump02", { wear: false, overheating: false, driveTrip: true });
    station.step(7_200);
    const reading = station.read();
    expect(reading.pumps[1]?.state).to.equal("Fault");
    expect(reading.level).to.be.above(0.1);
    expect(reading.totalFlow).to.be.above(0);
  });

  it("makes any number of pumps, and ignores steps that are no time", () => {
    const station = new Station({ seed: 1, pumps: 9 });
    expect(station.pumps.map((pump) => pump.spec.name).at(-1)).to.equal("Pump09");
    for (const nothing of [0, -1, Number.NaN]) station.step(nothing);
    expect(station.read().time).to.equal(0);
    expect(station.pump("Pump03")?.spec.name).to.equal("Pump03");
    expect(station.pump("Pump10")).to.equal(undefined);
  });
});
