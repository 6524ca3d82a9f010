import { expect } from "chai";
import fc from "fast-check";
import { liveView, replaceLeaves } from "../../src/aas/overlay/overlay.ts";
import { createTextTemplate, normalLeaf, valueLeaf } from "../../src/aas/overlay/text-template.ts";
import { normalSubmodel } from "../../src/aas/value-only/content.ts";
import { defaultModifiers } from "../../src/aas/value-only/modifiers.ts";
import { valuesOnly } from "../../src/aas/value-only/value-only.ts";
import type { Link } from "../../src/core/link.ts";
import type { LiveLeaf } from "../../src/twin/contract.ts";
import { testSubmodel } from "../northbound/aas/all-elements.ts";

const submodel = testSubmodel(1);
const paths = ["Bearing.Temperature", "Phases[0].Current", "Motor.Power", "Speed"];
const quality = fc.constantFrom("good" as const, "uncertain" as const, "bad" as const);

/** Any state of the four leaves, from never read to not a number. */
const leaves = fc.tuple(...paths.map((part) => leafOf(part)));

function leafOf(part: string): fc.Arbitrary<LiveLeaf> {
  const value = fc.oneof(fc.double(), fc.constant(undefined));
  const code = fc.option(fc.string(), { nil: undefined });
  return fc.option(fc.record({ value, quality, code }), { nil: undefined }).map((state) => ({
    part,
    link: { point: part } as Link,
    signal:
      state === undefined
        ? undefined
        : {
            value: state.value,
            quality: state.quality,
            ...(state.code === undefined ? {} : { code: state.code }),
            at: 0,
            receivedAt: 0,
            modifiedAt: 0,
            createdAt: 0,
          },
  }));
}

describe("the precomputed text of a linked submodel", () => {
  it("is, in format Normal, what serialising the overlaid submodel gives", () => {
    const none = paths.map((part): LiveLeaf => ({ part, link: { point: part } as Link, signal: undefined }));
    const template = createTextTemplate(submodel, none, (one) => normalSubmodel(one, defaultModifiers), normalLeaf);
    fc.assert(
      fc.property(leaves, (now) => {
        const live = liveView(now);
        const whole = normalSubmodel(replaceLeaves(submodel, live.paths, live.view), defaultModifiers);
        expect(JSON.parse(template.render(now) ?? "")).to.deep.equal(JSON.parse(JSON.stringify(whole)));
      }),
    );
  });

  it("is, in format Value, the same text, or left to the slow way where a leaf has no value", () => {
    const serialise = (one: typeof submodel): unknown => valuesOnly(one.submodelElements ?? [], defaultModifiers);
    fc.assert(
      fc.property(leaves, (now) => {
        const template = createTextTemplate(submodel, now, serialise, valueLeaf);
        const live = liveView(now);
        const whole = JSON.stringify(serialise(replaceLeaves(submodel, live.paths, live.view)));
        const complete = now.every(({ signal }) => signal?.value !== undefined);
        expect(template.render(now)).to.equal(complete ? whole : undefined);
      }),
    );
  });

  it("knows the leaves that it was made for", () => {
    const [first, second] = paths.map((part): LiveLeaf => ({ part, link: { point: part } as Link, signal: undefined }));
    if (first === undefined || second === undefined) throw new Error("two leaves");
    const template = createTextTemplate(submodel, [first], (one) => one, normalLeaf);
    expect([template.fits([first]), template.fits([second]), template.fits([first, second])]).to.deep.equal([
      true,
      false,
      false,
    ]);
  });
});
