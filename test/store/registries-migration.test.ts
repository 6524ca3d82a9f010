import { DatabaseSync } from "node:sqlite";
import { expect } from "chai";
import { migrate, migrationSteps } from "../../src/store/sqlite/migrations/migrate.ts";

describe("the schema's step for registries", () => {
  it("finds shells that were there before by kind and type of their asset", () => {
    const database = new DatabaseSync(":memory:");
    migrate(database, migrationSteps.slice(0, 2));
    const insert = database.prepare(`INSERT INTO shell_document
      (id, body, keys, created_at, modified_at, version) VALUES (?, ?, '{"idShort":["a"]}', 0, 0, 1)`);
    insert.run("both", '{"assetInformation":{"assetKind":"Type","assetType":"urn:t"}}');
    insert.run("one", '{"assetInformation":{"assetKind":"Instance"}}');
    migrate(database);
    const rows = database.prepare("SELECT name, value, document FROM shell_key ORDER BY name, document").all();
    expect(rows.map(({ name, value, document }) => [name, value, document])).to.deep.equal([
      ["assetKind", "Type", 1],
      ["assetKind", "Instance", 2],
      ["assetType", "urn:t", 1],
    ]);
    const keys = database
      .prepare("SELECT keys FROM shell_document ORDER BY ordinal")
      .all()
      .map((row) => String(row.keys));
    expect(keys.map((text) => JSON.parse(text))).to.deep.equal([
      { idShort: ["a"], assetKind: ["Type"], assetType: ["urn:t"] },
      { idShort: ["a"], assetKind: ["Instance"] },
    ]);
    database.close();
  });
});
