import { readFile } from "node:fs/promises";
import { expect } from "chai";
import { demoPage } from "../../src/demo/demo-page.ts";

describe("demo/demo-page", () => {
  it("is what docs/demo-plant.md says", async () => {
    const page = await readFile(new URL("../../docs/demo-plant.md", import.meta.url), "utf8");
    expect(page).to.equal(demoPage());
  });
});
