import { expect } from "chai";
import pg from "pg";
import { HubError } from "../../src/core/errors.ts";
import { silentLogger } from "../../src/core/logger.ts";
import { systemClock } from "../../src/core/time.ts";
import type { Stores } from "../../src/store/contract.ts";
import { Database } from "../../src/store/postgres/database.ts";
import { openPostgresStores } from "../../src/store/postgres/postgres-stores.ts";
import { commit, errorCode, roomy, sample } from "../contract/store/store-fixture.ts";
import { requireForeign } from "../support/foreign-server.ts";
import { type PostgresServer, startPostgres } from "../support/postgres-server.ts";

describe("PostgreSQL in trouble", function () {
  this.timeout(30_000);
  let server: PostgresServer;
  let schemas = 0;
  const opened: Stores[] = [];
  const open = async (schema = `f${++schemas}`): Promise<Stores> => {
    const { url, ownerUrl } = server;
    const parts = { options: roomy, clock: systemClock, log: silentLogger };
    const stores = await openPostgresStores({ url, ownerUrl, schema, connections: 4, ...parts });
    opened.push(stores);
    return stores;
  };
  const ask = async (url: string, ...texts: string[]): Promise<readonly unknown[][]> => {
    const client = new pg.Client({ connectionString: url });
    await client.connect();
    try {
      let rows: unknown[][] = [];
      for (const text of texts) rows = (await client.query({ text, rowMode: "array" as const })).rows;
      return rows;
    } finally {
      await client.end();
    }
  };

  before(async function () {
    server = await startPostgres(requireForeign(this, "postgres"));
  });
  afterEach(async () => {
    for (const stores of opened.splice(0)) await stores.close();
  });
  after(async () => {
    await server?.stop();
  });

  it("keeps exactly what was acknowledged when the server is killed under load, and goes on when it is back", async () => {
    const store = await (await open()).open("default");
    const [series = 0] = await store.series.ensure(["s"], 1);
    const acknowledged: number[] = [];
    const errors = new Set<string>();
    const last = { at: 0 };
    const write = async (writer: number): Promise<void> => {
      for (let at = writer; last.at === 0 || acknowledged.length < last.at; at += 4) {
        for (let done = false; !done; ) {
          try {
            await commit(store, [{ samples: [sample(series, at, { at })] }]);
            acknowledged.push(at);
            done = true;
          } catch (error) {
            errors.add(HubError.from(error).code);
            await new Promise((resolve) => setTimeout(resolve, 20));
          }
        }
      }
    };
    const writers = [0, 1, 2, 3].map(write);
    while (acknowledged.length < 200) await new Promise((resolve) => setImmediate(resolve));
    await server.restart();
    last.at = acknowledged.length + 200;
    await Promise.all(writers);
    expect(
      [...errors].every((code) => code === "overloaded"),
      [...errors].join(),
    ).to.equal(true);
    const rows = await store.series.history(series, { limit: 1_000_000, order: "oldest-first" });
    expect(rows.map(({ at }) => at)).to.deep.equal(acknowledged.toSorted((a, b) => a - b));
  });

  it("refuses a second hub on the same schema, and none on another", async () => {
    const schema = `f${++schemas}`;
    const first = await open(schema);
    expect(await errorCode(open(schema))).to.equal("store-busy");
    await open();
    await first.close();
    await open(schema);
  });

  it("is made once when two hubs start at once", async () => {
    const schema = `f${++schemas}`;
    const starts = await Promise.allSettled([open(schema), open(schema)]);
    const refused = starts.filter((start) => start.status === "rejected");
    expect(refused.map(({ reason }) => HubError.from(reason).code)).to.deep.equal(["store-busy"]);
  });

  it("refuses a schema of a newer Twinweave", async () => {
    const schema = `f${++schemas}`;
    await (await open(schema)).close();
    await ask(server.ownerUrl, `INSERT INTO ${schema}.schema_version (version) VALUES (999)`);
    expect(await errorCode(open(schema))).to.equal("config");
  });

  it("shows the role, which owns nothing, one tenant's rows and no others", async () => {
    const schema = `f${++schemas}`;
    const stores = await open(schema);
    for (const tenant of ["one", "two"]) {
      await (await stores.open(tenant, { create: true })).records("context").put(tenant, "{}", 1);
    }
    const select = `SELECT id FROM ${schema}.record ORDER BY id`;
    const as = (tenant: string) => ask(server.url, `SET twinweave.tenant = ${tenant}`, select);
    const ids = await ask(server.url, `SELECT id FROM ${schema}.tenant WHERE name IN ('one', 'two') ORDER BY name`);
    expect(await as(String(ids[0]?.[0]))).to.deep.equal([["one"]]);
    expect(await as(String(ids[1]?.[0]))).to.deep.equal([["two"]]);
    expect(await ask(server.url, select), "no tenant").to.deep.equal([]);
    expect(await ask(server.ownerUrl, select), "the owner").to.deep.equal([]);
    expect(await ask(server.adminUrl, select), "there they are").to.have.length(2);
    const foreign = `INSERT INTO ${schema}.record VALUES (${ids[1]?.[0]}, 'context', 'x', 9, '', 1, 1)`;
    expect(await errorCode(ask(server.url, `SET twinweave.tenant = ${ids[0]?.[0]}`, foreign))).to.equal("42501");
    const unwalled = `SELECT relname FROM pg_class c JOIN pg_namespace n ON n.oid = c.relnamespace
      WHERE n.nspname = '${schema}' AND relkind = 'r' AND NOT (relrowsecurity AND relforcerowsecurity) ORDER BY 1`;
    expect(await ask(server.adminUrl, unwalled)).to.deep.equal([["schema_version"], ["tenant"]]);
    const owned = `SELECT 1 FROM pg_class WHERE relowner = 'hub'::regrole`;
    expect(await ask(server.adminUrl, owned)).to.deep.equal([]);
  });

  it("waits a bounded time for a connection", async () => {
    const { url } = server;
    const database = new Database({ url, schema: "public", connections: 1, patience: 50 }, silentLogger);
    const held = Promise.withResolvers<void>();
    const holding = database.with(0, () => held.promise);
    expect(await errorCode(database.with(0, async () => undefined))).to.equal("overloaded");
    held.resolve();
    await holding;
    expect(await database.with(0, async () => "free")).to.equal("free");
    await database.close();
  });

  it("says what is wrong with a server that cannot be had", async () => {
    const options = { options: roomy, clock: systemClock, log: silentLogger };
    const nowhere = "postgresql://hub@127.0.0.1:1/postgres";
    expect(await errorCode(openPostgresStores({ url: nowhere, ...options }))).to.equal("overloaded");
    const nobody = server.url.replace("hub@", "nobody@");
    expect(await errorCode(openPostgresStores({ url: nobody, ...options }))).to.equal("config");
  });
});
