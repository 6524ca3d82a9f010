import { expect } from "chai";
import { Backoff } from "../../../src/southbound/backoff.ts";
import { Rate } from "../../../src/southbound/rate.ts";

describe("back-off", () => {
  it("draws each pause between nothing and a ceiling that doubles up to the cap", () => {
    const draws = [0, 0.5, 0.999, 1, 1];
    let drawn = 0;
    const backoff = new Backoff({ first: 1_000, cap: 5_000 }, () => draws[drawn++] ?? 1);
    expect([0, 1, 2, 3, 4].map(() => backoff.next())).to.deep.equal([0, 1_000, 3_996, 5_000, 5_000]);
    backoff.reset();
    expect(backoff.next()).to.equal(1_000);
  });

  it("stays at the cap after years of failures", () => {
    const backoff = new Backoff({ first: 1_000, cap: 30_000 }, () => 1);
    for (let failure = 0; failure < 5_000; failure += 1) backoff.next();
    expect(backoff.next()).to.equal(30_000);
  });
});

describe("reading rate", () => {
  it("is the mean of the last ten full seconds", () => {
    const rate = new Rate(0);
    for (let second = 0; second < 20; second += 1) rate.add(50, second * 1_000);
    expect(rate.perSecond(20_000)).to.equal(50);
    expect(rate.perSecond(25_000)).to.equal(25);
    expect(rate.perSecond(40_000)).to.equal(0);
    expect(rate.total).to.equal(1_000);
  });

  it("does not take a clock that was set back for time that has passed", () => {
    const rate = new Rate(10_000);
    rate.add(10, 10_000);
    rate.add(10, 5_000);
    expect(rate.perSecond(11_000)).to.equal(2);
  });
});
