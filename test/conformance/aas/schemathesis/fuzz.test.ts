import { expect } from "chai";
import { requireFile, requireForeign } from "../../../support/foreign-server.ts";
import { openEngineHub } from "../engine-hub.ts";
import { fuzz } from "./fuzz.ts";

describe("schemathesis against a running hub", function () {
  this.timeout(120_000);

  it("finds nothing that the official OpenAPI does not describe", async function () {
    requireFile(this, "../shared/specs/aas/Entire-API-Collection.yaml");
    const python = requireForeign(this, "schemathesis");
    const hub = await openEngineHub();
    try {
      const { requests, failures } = await fuzz(python, hub.url, 2, 100);
      expect(failures.join("\n")).to.equal("");
      expect(requests).to.be.greaterThan(400);
    } finally {
      await hub.close();
    }
  });
});
