import { silentLogger } from "../../../src/core/logger.ts";
import { openPostgresStores } from "../../../src/store/postgres/postgres-stores.ts";
import { requireForeign } from "../../support/foreign-server.ts";
import { type PostgresServer, startPostgres } from "../../support/postgres-server.ts";
import { storeContract } from "./store-contract.ts";

describe("PostgreSQL", () => {
  let server: PostgresServer | undefined;
  let schemas = 0;

  before(async function () {
    this.timeout(30_000);
    server = await startPostgres(requireForeign(this, "postgres"));
  });
  after(async () => {
    await server?.stop();
  });

  // One server for all; each suite's stores have a schema of their own.
  storeContract("PostgreSQL", (options, clock) => {
    if (server === undefined) throw new Error("started by a hook");
    const { url, ownerUrl } = server;
    const schema = `s${++schemas}`;
    const connections = 4;
    return openPostgresStores({ url, ownerUrl, schema, connections, options, clock, log: silentLogger, hotRows: 200 });
  });
});
