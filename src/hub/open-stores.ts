import type { Config } from "../config/load.ts";
import type { Logger } from "../core/logger.ts";
import type { Clock } from "../core/time.ts";
import type { Stores } from "../store/contract.ts";
import { openPostgresStores } from "../store/postgres/postgres-stores.ts";
import { openSqliteStores } from "../store/sqlite/sqlite-stores.ts";

/** The stores that the configuration names. */
export function openStores({ store, history, outbox }: Config, clock: Clock, log: Logger): Promise<Stores> {
  const options = { budget: store.diskBudget, retention: history.retention, outboxBound: outbox.bound };
  if (store.postgres === undefined) return openSqliteStores({ directory: store.sqlite, options, clock, log });
  const { postgres, postgresOwner, schema, connections } = store;
  return openPostgresStores({
    url: postgres.reveal(),
    ...(postgresOwner === undefined ? {} : { ownerUrl: postgresOwner.reveal() }),
    schema,
    connections,
    options,
    clock,
    log,
  });
}
