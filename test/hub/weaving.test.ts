import { expect } from "chai";
import { HubError } from "../../src/core/errors.ts";
import { silentLogger } from "../../src/core/logger.ts";
import { createWeaving } from "../../src/hub/weaving.ts";
import type { MappingsReport } from "../../src/northbound/admin/ports.ts";

const report: MappingsReport = { at: 0, files: [], problems: [] };

/** A weaver that takes `took` ms by a clock of its own, and timers that the test runs. */
function workshop(sources: readonly string[]) {
  const shop = {
    now: 1_000_000,
    took: 100,
    runs: 0,
    refusal: undefined as HubError | undefined,
    planned: [] as { readonly ms: number; readonly run: () => void }[],
  };
  const weaver = {
    report,
    weave: async () => {
      shop.runs += 1;
      shop.now += shop.took;
      if (shop.refusal !== undefined) throw shop.refusal;
      return report;
    },
  };
  const after = (ms: number, run: () => void) => {
    const one = { ms, run };
    shop.planned.push(one);
    return () => void shop.planned.splice(shop.planned.indexOf(one), 1);
  };
  const clock = { now: () => shop.now };
  const weaving = createWeaving({ weaver, sources, clock, timers: { after }, log: silentLogger });
  const fire = async () => {
    const [next] = shop.planned.splice(0, 1);
    shop.now += next?.ms ?? 0;
    next?.run();
    await new Promise((resolve) => setImmediate(resolve));
  };
  return { shop, weaving, fire };
}

describe("hub: when mappings are woven", () => {
  it("is settled once they have been woven against every source", async () => {
    const { weaving } = workshop(["a", "b"]);
    let settled = false;
    void weaving.settled.then(() => {
      settled = true;
    });
    await weaving.weave();
    weaving.connected("a");
    await weaving.woven;
    await new Promise((resolve) => setImmediate(resolve));
    expect(settled).to.equal(false);
    weaving.connected("b");
    await weaving.settled;
  });

  it("a source that comes and goes takes a tenth of the hub's time, a new one waits for nothing", async () => {
    const { shop, weaving, fire } = workshop(["flapping", "new"]);
    weaving.connected("flapping");
    await weaving.woven;
    for (let i = 0; i < 50; i++) weaving.connected("flapping");
    expect(shop.runs).to.equal(1);
    expect(shop.planned.map(({ ms }) => ms)).to.deep.equal([900]);
    weaving.connected("new");
    expect(shop.runs).to.equal(2);
    await fire();
    expect(shop.runs).to.equal(3);
  });

  it("is tried again after a failure, ever more slowly, and the hub is ready then", async () => {
    const { shop, weaving, fire } = workshop([]);
    shop.refusal = new HubError("store-full", "no space");
    const refused = await weaving.weave().catch((thrown) => HubError.from(thrown).code);
    expect(refused).to.equal("store-full");
    expect(weaving.ready).to.equal(false);
    expect(shop.planned[0]?.ms).to.equal(1_000);
    await fire();
    expect(shop.planned[0]?.ms).to.equal(2_000);
    shop.refusal = undefined;
    await fire();
    await weaving.woven;
    expect(weaving.ready).to.equal(true);
    expect(shop.planned).to.deep.equal([]);
  });

  it("begins nothing once it is stopped", async () => {
    const { shop, weaving } = workshop(["a"]);
    shop.refusal = new HubError("store-full", "no space");
    await weaving.weave().catch(() => undefined);
    await weaving.stop();
    expect(shop.planned).to.deep.equal([]);
    weaving.connected("a");
    expect(shop.runs).to.equal(1);
  });
});
