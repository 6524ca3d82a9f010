import { closeSync, openSync, statSync, writeFileSync, writeSync } from "node:fs";
import { join } from "node:path";
import { DatabaseSync } from "node:sqlite";
import { expect } from "chai";
import { HubError } from "../../src/core/errors.ts";
import { migrate, migrationSteps, schemaVersion } from "../../src/store/sqlite/migrations/migrate.ts";
import { ReadDesk } from "../../src/store/sqlite/read-desk.ts";
import { commit, errorCode } from "../contract/store/store-fixture.ts";
import { openStore, putEntity, testFolder } from "./store-test-kit.ts";

const PAGE = 4_096;

async function damagedFile(file: string, from = 140): Promise<string> {
  const store = await openStore(file);
  await commit(store, [{ mutations: Array.from({ length: 300 }, (_, index) => putEntity(`d${index}`, 2_000)) }]);
  await store.close();
  const handle = openSync(file, "r+");
  // Behind the pages of the schema, among those of the documents.
  for (let page = from; page < statSync(file).size / PAGE; page += 3) {
    writeSync(handle, Buffer.alloc(PAGE, 0xa5), 0, PAGE, page * PAGE);
  }
  closeSync(handle);
  return file;
}

describe("a damaged store", () => {
  const directory = testFolder();

  it("is refused at its opening", async () => {
    const file = await damagedFile(join(directory, "pages.sqlite"));
    expect(await errorCode(openStore(file))).to.equal("store-corrupt");
  });

  it("is refused at the opening of a reader too, where the schema's own pages are damaged", async () => {
    const file = await damagedFile(join(directory, "schema.sqlite"), 1);
    let thrown: unknown;
    try {
      new ReadDesk(file, () => undefined);
    } catch (error) {
      thrown = error;
    }
    expect(thrown).to.have.property("code", "store-corrupt");
  });

  it("a file that is no database at all is refused too", async () => {
    const file = join(directory, "text.sqlite");
    writeFileSync(file, "these are not the octets of a database ".repeat(500));
    expect(await errorCode(openStore(file))).to.equal("store-corrupt");
  });

  it("damage that is met later ends all reading: what may be wrong is not served", async () => {
    const file = await damagedFile(join(directory, "later.sqlite"));
    const desk = new ReadDesk(file, () => undefined);
    const page = { collection: "entity", filter: undefined, page: { limit: 1_000 }, now: 0 } as const;
    expect(await errorCode(desk.far("list", page))).to.equal("store-corrupt");
    expect(await errorCode(desk.near(() => "a healthy page"))).to.equal("store-corrupt");
    await desk.close();
  });
});

describe("the schema", () => {
  const directory = testFolder();
  const thrownCode = (run: () => void): unknown => {
    try {
      run();
    } catch (error) {
      return error instanceof HubError ? error.code : "sqlite";
    }
    return undefined;
  };

  it("goes forward step by step, and not twice", () => {
    const database = new DatabaseSync(":memory:");
    migrate(database, ["CREATE TABLE a (x)"]);
    migrate(database, ["CREATE TABLE a (x)", "ALTER TABLE a ADD COLUMN y"]);
    database.exec("INSERT INTO a (x, y) VALUES (1, 2)");
    expect(schemaVersion(database)).to.equal(2);
    database.close();
  });

  it("a step that fails leaves the file as it was", () => {
    const database = new DatabaseSync(":memory:");
    expect(thrownCode(() => migrate(database, ["CREATE TABLE a (x)", "CREATE TABLE b (x); nonsense"]))).to.equal(
      "sqlite",
    );
    expect(schemaVersion(database)).to.equal(1);
    expect(database.prepare("SELECT name FROM sqlite_schema").all()).to.deep.equal([{ name: "a" }]);
    database.close();
  });

  it("a newer one is refused", async () => {
    const file = join(directory, "newer.sqlite");
    const database = new DatabaseSync(file);
    database.exec(`PRAGMA user_version = ${migrationSteps.length + 1}`);
    database.close();
    expect(await errorCode(openStore(file))).to.equal("config");
  });
});
