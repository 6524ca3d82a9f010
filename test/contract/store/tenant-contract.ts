import { expect } from "chai";
import type { Stores } from "../../../src/store/contract.ts";
import { commit, errorCode, ManualClock, roomy, type StoreFactory } from "./store-fixture.ts";

export function tenantContract(factory: StoreFactory): void {
  describe("tenants", () => {
    let stores: Stores | undefined;
    const opened = (): Stores => {
      if (stores === undefined) throw new Error("opened by a hook");
      return stores;
    };
    beforeEach(async () => {
      stores = await factory(roomy, new ManualClock());
    });
    afterEach(async () => {
      await stores?.close();
    });

    it("default always exists, others when they are made", async () => {
      const held = opened();
      expect(await held.tenants()).to.deep.equal(["default"]);
      expect(await errorCode(held.open("plant"))).to.equal("unknown-tenant");
      const plant = await held.open("plant", { create: true });
      expect(await held.open("plant")).to.equal(plant);
      await held.open("default");
      expect(await held.tenants()).to.deep.equal(["default", "plant"]);
    });

    it("are apart, however alike their names are", async () => {
      const held = opened();
      const names = ["plant", "Plant", "../plant", "plant/..", "pl~61nt", "con", "werk_ä"];
      const put = { kind: "document.put", collection: "entity", parts: [] } as const;
      for (const name of names) {
        const store = await held.open(name, { create: true });
        await commit(store, [{ mutations: [{ ...put, document: { id: "a", body: name, keys: {} } }] }]);
        expect((await store.series.ensure(["s"], 1)).length).to.equal(1);
      }
      const bodies: unknown[] = [];
      for (const name of names) bodies.push((await (await held.open(name)).documents.get("entity", "a"))?.body);
      expect(bodies).to.deep.equal(names);
      expect(await held.tenants()).to.have.members(["default", ...names]);
    });

    it("a name that no file could have is invalid", async () => {
      expect(await errorCode(opened().open("", { create: true }))).to.equal("invalid");
      expect(await errorCode(opened().open("x".repeat(300), { create: true }))).to.equal("invalid");
    });

    it("nothing is read or written after the close", async () => {
      const store = await opened().open("default");
      await opened().close();
      expect(await errorCode(store.commit([{}], 1))).to.equal("aborted");
      expect(await errorCode(store.documents.get("entity", "a"))).to.equal("aborted");
      expect(await errorCode(opened().open("default"))).to.equal("aborted");
    });
  });
}
